import path from 'node:path';
import { featureName } from '../../../shared/bundles/feature-name.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { Stream } from '../../../shared/episode/episode.ts';
import { sampleIndices } from '../../frames/sample-indices.ts';
import { loadSample } from '../../frames/samples.ts';
import type { Media } from '../../media/index.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { fittedPicture, pictureShape } from '../unit-pictures.ts';
import type { BundleUnit } from './bundle-files.ts';
import type { BundleSource } from './bundle-source.ts';
import { farthestOf, frameFault, framesToCompare, isNearer, meanSquare, thinned } from './compare-frames.ts';
import { expectedStreams } from './expected-unit.ts';
import type { UnitTruth } from './unit-truth.ts';

/** Frames of one unit within a video file. */
export interface StoredFrames {
  readonly unit: BundleUnit;
  /** The stream's name, as files and features bear it. */
  readonly camera: string;
  readonly firstFrame: number;
  /** For faults of this unit. */
  tell(text: string): void;
}

export interface FrameParts {
  readonly recipe: Recipe;
  /** Of the workstation that reads the bundle. */
  readonly media: Pick<Media, 'pick'>;
  readonly source: BundleSource;
  truthOf(unit: BundleUnit): Promise<UnitTruth | null>;
  readonly signal: AbortSignal;
}

const SHOWS = { other: 'something else', before: 'the sample before it', after: 'the sample after it' } as const;

/**
 * Compares ten frames of each unit that a video file holds with what was recorded, and with the samples before and after;
 * the file is decoded once for all of them, and no more of it than needed. Answers how many frames were compared.
 */
export async function videoFrameFaults(
  file: string,
  units: readonly StoredFrames[],
  { recipe, media, source, truthOf, signal }: FrameParts,
): Promise<number> {
  let compared = 0;
  const wanted = units
    .map((stored) => ({ ...stored, frames: framesToCompare(stored.unit.frames) }))
    .sort((a, b) => a.firstFrame - b.firstFrame);
  const places = wanted.flatMap(({ firstFrame, frames }) => frames.map((frame) => firstFrame + frame));
  const stored = media.pick(file, places, signal);
  try {
    for (const { unit, camera, firstFrame, frames, tell } of wanted) {
      const truth = await truthOf(unit);
      const streams = truth ? expectedStreams(truth.episode, recipe) : [];
      const stream = streams.find(({ name }) => featureName(name) === camera);
      if (!truth || !stream || truth.expected.ticks.length !== unit.frames) {
        // Why not was told; the next unit's frames come after these.
        for (const _ of frames) await stored.next();
        continue;
      }
      const { episode, expected } = truth;
      const shape = pictureShape(episode, stream, recipe.streams.widthAtMostPx);
      const ticks = frames.map((frame) => expected.ticks[frame] as number);
      const indices = sampleIndices(episode, stream, ticks, episode.holdPeriods());
      const recorded = recordedPictures(episode, stream, indices, recipe, source, signal);
      const seen: SeenFrame[] = [];
      for (const [at, frame] of frames.entries()) {
        signal.throwIfAborted();
        const { value } = await stored.next();
        if (!value || value.index !== firstFrame + frame)
          throw new Error(`${path.basename(file)} presented no frame ${firstFrame + frame}.`);
        compared++;
        const index = indices[at] as number;
        if (index < 0) tell(`${stream.name}: its recording has no picture for frame ${frame}.`);
        else if (value.rgb.length !== shape.width * shape.height * 3)
          tell(`${stream.name}: its pictures are not of ${shape.width}×${shape.height} pixels.`);
        else {
          const shown = thinned(value.rgb, 'rgb24', shape.width, shape.height);
          seen.push({ frame, index, shown, ...(await recorded(index)) });
          continue;
        }
        seen.length = 0;
        for (const _ of frames.slice(at + 1)) await stored.next();
        break;
      }
      const fault = seenFault(seen, farthestOf(recipe.video));
      if (fault) tell(`${stream.name}: ${fault}`);
    }
  } finally {
    await stored.return();
  }
  return compared;
}

interface SeenFrame extends Around {
  readonly frame: number;
  /** Sample of the recording that it should show. */
  readonly index: number;
  readonly shown: Uint8Array;
}

/** The first frame that does not show its sample: one beside it, one that another frame should show, or something else. */
function seenFault(seen: readonly SeenFrame[], farthest: number): string | null {
  for (const { frame, index, shown, before, wanted, after } of seen) {
    const fault = frameFault(shown, wanted, before, after, farthest);
    const own = meanSquare(shown, wanted);
    const other = seen.find((one) => one.index !== index && isNearer(shown, wanted, one.wanted, own));
    if (fault === null && !other) continue;
    const what = other && fault !== 'before' && fault !== 'after' ? `sample ${other.index}` : SHOWS[fault ?? 'other'];
    return `frame ${frame} should show sample ${index} of the recording and shows ${what}.`;
  }
  return null;
}

interface Around {
  readonly before: Uint8Array | null;
  readonly wanted: Uint8Array;
  readonly after: Uint8Array | null;
}

/** Asked for ascending indices, answers each sample with those beside it, thinned, of the size they are exported at. */
function recordedPictures(
  episode: OpenWorkstationEpisode,
  stream: Stream,
  indices: Int32Array,
  recipe: Recipe,
  { workstation: { decode, media } }: BundleSource,
  signal: AbortSignal,
): (index: number) => Promise<Around> {
  const shape = pictureShape(episode, stream, recipe.streams.widthAtMostPx);
  const { width, height } = shape;
  const isThere = (index: number) => index >= 0 && index < stream.count;
  const location = episode.opened.locations.get(stream.id);
  const kept = new Map<number, Uint8Array>();
  const forget = (below: number) => {
    for (const index of kept.keys()) if (index < below) kept.delete(index);
  };
  let picture: (index: number) => Promise<Uint8Array>;
  if (location?.kind === 'video') {
    const all = [...indices].flatMap((index) => [index - 1, index, index + 1]).filter(isThere);
    const coming = media.pick(
      location.file,
      all.map((index) => location.firstFrame + index),
      signal,
    );
    picture = async (index) => {
      for (let known = kept.get(index); ; known = kept.get(index)) {
        if (known) return known;
        const { value } = await coming.next();
        if (!value) throw new Error(`${path.basename(location.file)} presented no frame ${index}.`);
        const frame = { bytes: value.rgb, width: stream.width, height: stream.height };
        kept.set(value.index - location.firstFrame, thinned(fittedPicture(frame, 3, shape), 'rgb24', width, height));
      }
    };
  } else {
    const smaller = shape.width < stream.width ? { maxWidth: shape.width, maxHeight: shape.height } : {};
    picture = async (index) => {
      const known = kept.get(index);
      if (known) return known;
      const options = { priority: -60, isWanted: () => !signal.aborted, ...smaller };
      const frame = await loadSample(decode, episode.opened, stream, index, options);
      const made = thinned(fittedPicture(frame, frame.channels, shape), shape.format, width, height);
      kept.set(index, made);
      return made;
    };
  }
  return async (index) => {
    forget(index - 1);
    const before = isThere(index - 1) ? await picture(index - 1) : null;
    const wanted = await picture(index);
    return { before, wanted, after: isThere(index + 1) ? await picture(index + 1) : null };
  };
}
