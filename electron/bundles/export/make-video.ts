import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { featureName } from '../../../shared/bundles/feature-name.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { Stream } from '../../../shared/episode/episode.ts';
import type { Rate } from '../../curation/preview/rate.ts';
import { Fault, isDiskFull } from '../../fault.ts';
import { cutPackets } from '../../media/cut-packets.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { type FeatureStats, PictureStats, sampledFrames } from '../lerobot/stats.ts';
import { type PictureParts, type PictureShape, pictureShape, unitPictures } from '../unit-pictures.ts';
import type { Stretch } from './shared-encodings.ts';

export interface UnitVideo {
  readonly stream: string;
  readonly name: string;
  readonly kind: Stream['kind'];
  /** With a frame for each of the unit's. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** Frames before the unit's that copied packets lean on: an edit list hides them. 0 where it was encoded. */
  readonly leadIn: number;
  /** Of its pictures; null where no target asks for them. */
  readonly stats: FeatureStats | null;
}

export interface VideoParts extends PictureParts {
  /** Where finished videos are kept until the bundle is whole; one that is there is not made again. */
  partsDir: string;
  /** Videos that could not be made, so that nothing is cut out of them; by what would be kept of them. */
  broken: Set<string>;
  onFrame(): void;
}

/** The frames of a unit by the samples of a stream, and how its video comes about. */
export interface VideoFrames {
  /** Sample behind each frame, none of them -1. */
  readonly indices: Int32Array;
  /** Stretches that are cut out of its video. */
  readonly cuts: readonly Stretch[];
  /** The longer run out of whose video this one is cut; null: it is encoded for itself. */
  readonly within: { readonly indices: Int32Array; readonly from: number; readonly cuts: readonly Stretch[] } | null;
}

/** One stream of one recording, and what it becomes. */
interface Making {
  readonly episode: OpenWorkstationEpisode;
  readonly stream: Stream;
  readonly shape: PictureShape;
  readonly recipe: Recipe;
  readonly rate: Rate;
  readonly parts: VideoParts;
}

/** What is kept of a video beside it, once it is whole. */
interface Kept extends Pick<UnitVideo, 'leadIn' | 'stats'> {
  /** Of the pictures of each stretch that is cut out of it. */
  readonly cutStats: readonly FeatureStats[];
}

/**
 * The video of a stream: encoded, cut out of that of a longer unit, or of the recording's own packets where the recipe says
 * so. One that is there already is not made again.
 */
export async function makeVideo(
  episode: OpenWorkstationEpisode,
  stream: Stream,
  { indices, cuts, within }: VideoFrames,
  recipe: Recipe,
  rate: Rate,
  parts: VideoParts,
): Promise<UnitVideo> {
  const shape = pictureShape(episode, stream, recipe.streams.widthAtMostPx);
  const making = { episode, stream, shape, recipe, rate, parts };
  const isCopy = recipe.video.way === 'copy';
  const cut = within && !isCopy ? await cutOut(making, indices, within) : null;
  const { kept, file } = cut ?? (await own(making, indices, isCopy ? [] : cuts));
  const { width, height } = shape;
  const about = { stream: stream.id, name: featureName(stream.name), kind: stream.kind, file, width, height };
  return { ...about, leadIn: kept.leadIn, stats: kept.stats };
}

/** A video that is made of the stream's own samples. */
async function own(
  making: Making,
  indices: Int32Array,
  cuts: readonly Stretch[],
): Promise<{ kept: Kept; file: string }> {
  const facts = await factsOf(making, indices, cuts);
  const make = making.recipe.video.way === 'copy' ? copied : encoded;
  return once(making, facts, indices.length, (file) => make(making, indices, cuts, file));
}

/**
 * Out of the video of a longer unit, packet by packet; that is made where it is not there yet. Null where it cannot be made:
 * a fault in another part of it is none of this one's.
 */
async function cutOut(
  making: Making,
  indices: Int32Array,
  { indices: all, from, cuts }: NonNullable<VideoFrames['within']>,
): Promise<{ kept: Kept; file: string } | null> {
  const { parts, rate, shape } = making;
  const { signal } = parts;
  const frames = indices.length;
  const place = cuts.findIndex((cut) => cut.from === from && cut.frames === frames);
  const isStretch = indices.every((index, frame) => index === all[from + frame]);
  const facts = await factsOf(making, all, cuts);
  if (place < 0 || !isStretch || all.includes(-1) || parts.broken.has(digestOf(facts))) return null;
  let longer: Awaited<ReturnType<typeof own>>;
  try {
    longer = await own({ ...making, parts: { ...parts, onFrame: () => undefined } }, all, cuts);
  } catch (error) {
    if (signal.aborted || isDiskFull(error)) throw error;
    parts.broken.add(digestOf(facts));
    return null;
  }
  return once(making, { ...facts, cutOut: [from, frames] }, frames, async (file) => {
    const request = {
      file: longer.file,
      from,
      to: from + frames,
      rate,
      ...{ width: shape.width, height: shape.height },
    };
    const { leadIn } = await cutPackets({ ...request, signal }, file);
    if (leadIn !== 0) throw new Error(`Frame ${from} of ${path.basename(longer.file)} is no key frame.`);
    for (let frame = 0; frame < frames; frame++) parts.onFrame();
    return { leadIn, stats: longer.kept.cutStats[place] as FeatureStats, cutStats: [] };
  });
}

/** Everything that a video depends on. */
async function factsOf(
  { episode, stream, shape, recipe, rate, parts }: Making,
  indices: Int32Array,
  cuts: readonly Stretch[],
): Promise<Record<string, unknown>> {
  const isCopy = recipe.video.way === 'copy';
  const { description } = await parts.media.engine();
  return {
    ...{ fingerprint: episode.fingerprint, stream: stream.id, shape, rate, video: recipe.video, cuts, form: 3 },
    // Packets are what they are, whatever encodes here.
    engine: isCopy ? null : `${description.engine} ${description.version}`,
    hasStats: !isCopy || needsStats(recipe),
    samples: createHash('sha256')
      .update(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength))
      .digest('hex'),
  };
}

function digestOf(facts: Record<string, unknown>): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}

/** Makes a video unless an earlier unit or run finished it. */
async function once(
  { parts }: Making,
  facts: Record<string, unknown>,
  frames: number,
  make: (file: string) => Promise<Kept>,
): Promise<{ kept: Kept; file: string }> {
  const digest = digestOf(facts);
  const file = path.join(parts.partsDir, `${digest}.mp4`);
  const known = await keptOf(parts.partsDir, digest, file);
  if (known) {
    for (let frame = 0; frame < frames; frame++) parts.onFrame();
    return { kept: known, file };
  }
  const kept = await make(file);
  await writeAtomically(path.join(parts.partsDir, `${digest}.json`), JSON.stringify({ making: facts, ...kept }));
  return { kept, file };
}

function needsStats({ targets }: Recipe): boolean {
  return targets.some((target) => target !== 'regrasp');
}

async function encoded(
  { episode, stream, shape, recipe: { video }, rate, parts }: Making,
  indices: Int32Array,
  cuts: readonly Stretch[],
  file: string,
): Promise<Kept> {
  const { width, height, format } = shape;
  const counted = [{ from: 0, frames: indices.length }, ...cuts].map(({ from, frames }) => ({
    from,
    looked: sampledFrames(frames),
    stats: new PictureStats(width, height, format),
  }));
  async function* frames() {
    let frame = 0;
    for await (const picture of unitPictures(episode, stream, indices, shape, parts)) {
      for (const { from, looked, stats } of counted) if (looked.has(frame - from)) stats.add(picture);
      frame++;
      parts.onFrame();
      yield picture;
    }
  }
  await parts.media.encode({
    ...{ file, width, height, rateHz: rate, format, frames: frames(), codec: 'h264', signal: parts.signal },
    ...{ quality: video.crf, preset: video.preset, groupLength: video.keyframeEvery },
    keyFrames: [...new Set(cuts.map(({ from }) => from))],
  });
  const [stats = null, ...cutStats] = counted.map((one) => one.stats.stats());
  return { leadIn: 0, stats, cutStats };
}

async function copied(
  { episode, stream, shape, recipe, rate, parts }: Making,
  indices: Int32Array,
  _cuts: readonly Stretch[],
  file: string,
): Promise<Kept> {
  const location = episode.opened.locations.get(stream.id);
  const what = `${episode.opened.episode.path}: ${stream.name}`;
  const remedy = 'take "way": "copy" out of the recipe to encode it';
  if (location?.kind !== 'video')
    throw new Fault('UNUSABLE', `${what} is no video whose packets can be copied: ${remedy}.`);
  const first = indices[0] as number;
  const at = indices.findIndex((index, frame) => index !== first + frame);
  if (at >= 0)
    throw new Fault(
      'UNUSABLE',
      `${what} has sample ${indices[at - 1]} and then ${indices[at]} behind neighbouring ticks, so its packets cannot be copied one a tick: ${remedy}.`,
    );
  const from = location.firstFrame + first;
  const { width, height } = shape;
  const request = { file: location.file, from, to: from + indices.length, rate, width, height, signal: parts.signal };
  const { leadIn } = await cutPackets(request, file);
  for (let frame = 0; frame < indices.length; frame++) parts.onFrame();
  if (!needsStats(recipe)) return { leadIn, stats: null, cutStats: [] };
  const looked = [...sampledFrames(indices.length)].sort((a, b) => a - b);
  const stats = new PictureStats(width, height, shape.format);
  const samples = Int32Array.from(looked, (frame) => indices[frame] as number);
  for await (const picture of unitPictures(episode, stream, samples, shape, parts)) stats.add(picture);
  return { leadIn, stats: stats.stats(), cutStats: [] };
}

/** Of a video that an earlier run finished; this is written after it. */
async function keptOf(folder: string, digest: string, file: string): Promise<Kept | null> {
  try {
    const { leadIn, stats, cutStats } = JSON.parse(await readFile(path.join(folder, `${digest}.json`), 'utf8')) as Kept;
    return (await stat(file)).isFile() ? { leadIn, stats, cutStats } : null;
  } catch {
    return null;
  }
}
