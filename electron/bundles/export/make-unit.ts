import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { exportedTracks, exportedStreams as streamsToExport } from '../../../shared/bundles/exported.ts';
import { type Grid, gridOf } from '../../../shared/bundles/grid.ts';
import type { PlannedUnit } from '../../../shared/bundles/plan.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { ContactSignals } from '../../../shared/detect/signals.ts';
import { masterClockOf, type Stream } from '../../../shared/episode/episode.ts';
import type { Layer } from '../../../shared/review/review.ts';
import type { Rate } from '../../curation/preview/rate.ts';
import { Fault } from '../../fault.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { type FeatureStats, numberStats, PictureStats, sampledFrames } from '../lerobot/stats.ts';
import { type PictureParts, pictureShape, unitPictures } from '../unit-pictures.ts';
import { type Missing, missingPictures, pictureIndices, poseRows } from '../unit-samples.ts';
import { featureName, interventions, type NamedNumbers, unitNumbers } from './unit-numbers.ts';

export interface UnitVideo {
  readonly stream: string;
  readonly name: string;
  readonly kind: Stream['kind'];
  /** Encoded, with `frames` frames. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly stats: FeatureStats;
}

/** What one gel felt, a value a frame; NaN where its picture cannot be read. */
export interface UnitContact {
  readonly side: 'left' | 'right';
  readonly intensity: Float32Array;
  readonly area: Float32Array;
  readonly mixed: Float32Array;
}

/** A unit with everything of it at hand: videos as files, numbers in memory. */
export interface MadeUnit {
  readonly unit: PlannedUnit;
  readonly grid: Grid;
  readonly rate: Rate;
  readonly labels: Layer | null;
  /** What was to be done, in words; and what the library calls it. */
  readonly task: string;
  readonly taskName: string;
  readonly numbers: readonly NamedNumbers[];
  readonly numberStats: ReadonlyMap<string, FeatureStats>;
  readonly intervention: Uint8Array;
  /** Of every body: x y z qx qy qz qw a frame. */
  readonly poses: readonly { readonly name: string; readonly values: Float64Array }[];
  /** Of the gels that are exported. */
  readonly contacts: readonly UnitContact[];
  readonly videos: readonly UnitVideo[];
  /** Recorded time of each frame, ns from the recording's start. */
  readonly recordedNs: Float64Array;
  /** Unix seconds of the recording's start, where it says. */
  readonly startUnixSeconds: number | null;
}

export interface MakingParts extends PictureParts {
  /** Where finished videos are kept until the bundle is whole; one that is there is not made again. */
  partsDir: string;
  /** Of all ticks of the recording. */
  contacts: readonly ContactSignals[];
  onFrame(): void;
}

/**
 * Makes one unit. A moment without a picture or number is never filled: what is missing is answered, and nothing is made.
 */
export async function makeUnit(
  episode: OpenWorkstationEpisode,
  unit: PlannedUnit,
  labels: Layer | null,
  recipe: Recipe,
  rate: Rate,
  parts: MakingParts,
): Promise<MadeUnit | Missing> {
  const { opened } = episode;
  const model = opened.episode;
  const times = opened.clocks.get(model.masterClock) ?? new Float64Array(0);
  const grid = gridOf(times, unit.ticks, recipe.rate, masterClockOf(model).medianPeriodNs ?? 1e9);
  const streams = exportedStreams(episode, recipe);
  const indices = new Map(streams.map((stream) => [stream.id, pictureIndices(episode, stream, grid.ticks)]));
  for (const { id, name } of streams) {
    const [gap] = missingPictures(name, indices.get(id) as Int32Array, grid.ticks);
    if (gap) return gap;
  }
  const { numbers, missing } = unitNumbers(episode, grid);
  if (missing[0]) return missing[0];
  const videos: UnitVideo[] = [];
  for (const stream of streams) {
    videos.push(await makeVideo(episode, stream, indices.get(stream.id) as Int32Array, recipe, rate, parts));
  }
  return {
    ...{ unit, grid, rate, labels, numbers, videos, startUnixSeconds: model.startUnixSeconds },
    ...{ task: model.instruction ?? (model.task || model.name), taskName: model.task || model.name },
    numberStats: new Map(numbers.map(({ key, values, width }) => [key, numberStats(values, width)])),
    intervention: interventions(labels, grid.ticks),
    poses: exportedTracks(model.tracks).map((track) => ({
      name: featureName(track.name),
      values: poseRows(episode, track, grid).values,
    })),
    contacts: parts.contacts.map(({ side, intensity, area, mixed }) => {
      const at = (values: Float32Array) => Float32Array.from(grid.ticks, (tick) => values[tick] ?? Number.NaN);
      return { side, intensity: at(intensity), area: at(area), mixed: at(mixed) };
    }),
    recordedNs: Float64Array.from(grid.ticks, (tick) => times[tick] as number),
  };
}

/** Those the recipe takes; rejects where one that it names is not there. */
export function exportedStreams({ opened }: OpenWorkstationEpisode, { streams }: Recipe): Stream[] {
  const exported = streamsToExport(opened.episode.path, opened.episode.streams, streams);
  if (typeof exported === 'string') throw new Fault('UNUSABLE', exported);
  return exported;
}

async function makeVideo(
  episode: OpenWorkstationEpisode,
  stream: Stream,
  indices: Int32Array,
  recipe: Recipe,
  rate: Rate,
  parts: MakingParts,
): Promise<UnitVideo> {
  const shape = pictureShape(episode, stream, recipe.streams.widthAtMostPx);
  const { description } = await parts.media.engine();
  const making = {
    ...{ fingerprint: episode.fingerprint, stream: stream.id, shape, rate, video: recipe.video },
    ...{ engine: `${description.engine} ${description.version}`, form: 1 },
    samples: createHash('sha256')
      .update(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength))
      .digest('hex'),
  };
  const digest = createHash('sha256').update(JSON.stringify(making)).digest('hex').slice(0, 32);
  const file = path.join(parts.partsDir, `${digest}.mp4`);
  const known = await knownStats(parts.partsDir, digest, file);
  const { width, height } = shape;
  const about = { stream: stream.id, name: featureName(stream.name), kind: stream.kind, file, width, height };
  if (known) {
    for (let frame = 0; frame < indices.length; frame++) parts.onFrame();
    return { ...about, stats: known };
  }
  const looked = sampledFrames(indices.length);
  const stats = new PictureStats(width, height, shape.format);
  async function* frames() {
    let frame = 0;
    for await (const picture of unitPictures(episode, stream, indices, shape, parts)) {
      if (looked.has(frame)) stats.add(picture);
      frame++;
      parts.onFrame();
      yield picture;
    }
  }
  await parts.media.encode({
    ...{
      file,
      width,
      height,
      rateHz: rate,
      format: shape.format,
      frames: frames(),
      codec: 'h264',
      signal: parts.signal,
    },
    ...{ quality: recipe.video.crf, preset: recipe.video.preset, groupLength: recipe.video.keyframeEvery },
  });
  await writeAtomically(path.join(parts.partsDir, `${digest}.json`), JSON.stringify({ making, stats: stats.stats() }));
  return { ...about, stats: stats.stats() };
}

/** Of a video that an earlier run finished; its statistics are written after it. */
async function knownStats(folder: string, digest: string, file: string): Promise<FeatureStats | null> {
  try {
    const { stats } = JSON.parse(await readFile(path.join(folder, `${digest}.json`), 'utf8')) as {
      stats: FeatureStats;
    };
    return (await stat(file)).isFile() ? stats : null;
  } catch {
    return null;
  }
}
