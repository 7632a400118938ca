import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { featureName } from '../../../shared/bundles/feature-name.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { Stream } from '../../../shared/episode/episode.ts';
import type { Rate } from '../../curation/preview/rate.ts';
import { Fault } from '../../fault.ts';
import { cutPackets } from '../../media/cut-packets.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { type FeatureStats, PictureStats, sampledFrames } from '../lerobot/stats.ts';
import { type PictureParts, type PictureShape, pictureShape, unitPictures } from '../unit-pictures.ts';

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
  onFrame(): void;
}

/** What is kept of a video beside it, once it is whole. */
type Kept = Pick<UnitVideo, 'leadIn' | 'stats'>;

/** The video of a stream: encoded, or of the recording's own packets where the recipe says so. */
export async function makeVideo(
  episode: OpenWorkstationEpisode,
  stream: Stream,
  indices: Int32Array,
  recipe: Recipe,
  rate: Rate,
  parts: VideoParts,
): Promise<UnitVideo> {
  const shape = pictureShape(episode, stream, recipe.streams.widthAtMostPx);
  const isCopy = recipe.video.way === 'copy';
  const { description } = await parts.media.engine();
  const making = {
    ...{ fingerprint: episode.fingerprint, stream: stream.id, shape, rate, video: recipe.video, form: 2 },
    // Packets are what they are, whatever encodes here.
    engine: isCopy ? null : `${description.engine} ${description.version}`,
    hasStats: !isCopy || needsStats(recipe),
    samples: createHash('sha256')
      .update(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength))
      .digest('hex'),
  };
  const digest = createHash('sha256').update(JSON.stringify(making)).digest('hex').slice(0, 32);
  const file = path.join(parts.partsDir, `${digest}.mp4`);
  const { width, height } = shape;
  const about = { stream: stream.id, name: featureName(stream.name), kind: stream.kind, file, width, height };
  const known = await keptOf(parts.partsDir, digest, file);
  if (known) {
    for (let frame = 0; frame < indices.length; frame++) parts.onFrame();
    return { ...about, ...known };
  }
  const kept = isCopy
    ? await copied(episode, stream, indices, shape, rate, { file, hasStats: making.hasStats, parts })
    : await encoded(episode, stream, indices, shape, rate, { file, video: recipe.video, parts });
  await writeAtomically(path.join(parts.partsDir, `${digest}.json`), JSON.stringify({ making, ...kept }));
  return { ...about, ...kept };
}

function needsStats({ targets }: Recipe): boolean {
  return targets.some((target) => target !== 'regrasp');
}

async function encoded(
  episode: OpenWorkstationEpisode,
  stream: Stream,
  indices: Int32Array,
  shape: PictureShape,
  rate: Rate,
  { file, video, parts }: { file: string; video: Recipe['video']; parts: VideoParts },
): Promise<Kept> {
  const { width, height, format } = shape;
  const looked = sampledFrames(indices.length);
  const stats = new PictureStats(width, height, format);
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
    ...{ file, width, height, rateHz: rate, format, frames: frames(), codec: 'h264', signal: parts.signal },
    ...{ quality: video.crf, preset: video.preset, groupLength: video.keyframeEvery },
  });
  return { leadIn: 0, stats: stats.stats() };
}

async function copied(
  episode: OpenWorkstationEpisode,
  stream: Stream,
  indices: Int32Array,
  shape: PictureShape,
  rate: Rate,
  { file, hasStats, parts }: { file: string; hasStats: boolean; parts: VideoParts },
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
  if (!hasStats) return { leadIn, stats: null };
  const looked = [...sampledFrames(indices.length)].sort((a, b) => a - b);
  const stats = new PictureStats(width, height, shape.format);
  const samples = Int32Array.from(looked, (frame) => indices[frame] as number);
  for await (const picture of unitPictures(episode, stream, samples, shape, parts)) stats.add(picture);
  return { leadIn, stats: stats.stats() };
}

/** Of a video that an earlier run finished; this is written after it. */
async function keptOf(folder: string, digest: string, file: string): Promise<Kept | null> {
  try {
    const { leadIn, stats } = JSON.parse(await readFile(path.join(folder, `${digest}.json`), 'utf8')) as Kept;
    return (await stat(file)).isFile() ? { leadIn, stats } : null;
  } catch {
    return null;
  }
}
