import path from 'node:path';
import type { Clock, Problem, Stream } from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { describeClock } from '../common/clocks.ts';
import { streamVideo } from '../common/step-video.ts';
import { type SampleLocation, SourceFault, type SourcePorts, type VideoFacts } from '../source.ts';
import { CLOCK, type EpisodeClock, TOLERANCE_SECONDS } from './clock.ts';
import type { EpisodeRow, EpisodeTable } from './episodes.ts';
import type { DatasetInfo, Feature } from './info.ts';
import { counted, fault, problemOf, rowsOf, warning } from './problems.ts';
import { blankStream } from './streams.ts';
import { EPISODE_VIDEO, fillTemplate, isShared, SHARED_VIDEO } from './template.ts';

export interface EpisodeVideo {
  stream: Stream;
  location?: SampleLocation;
  /** Where the frames do not follow the ticks one by one: their own clock. */
  clock?: { clock: Clock; times: Float64Array };
  file?: string;
  problems: Problem[];
}

const CODEC_NAMES: Record<string, string> = {
  h264: 'H.264',
  hevc: 'HEVC',
  av1: 'AV1',
  vp9: 'VP9',
  vp8: 'VP8',
  mpeg4: 'MPEG-4 Part 2',
};

/** One camera of an episode: its file, and which presented frame belongs to the first tick. */
export async function openVideo(
  { files, video }: Pick<SourcePorts, 'files' | 'video'>,
  info: DatasetInfo,
  table: EpisodeTable,
  row: EpisodeRow,
  feature: Feature,
  clock: EpisodeClock,
): Promise<EpisodeVideo> {
  const stream = blankStream(feature, 'video');
  const problems: Problem[] = [];
  try {
    const { place, shown, from } = await videoFile({ files }, info, table, row, feature.key, problems);
    const facts = await probeNamed(video, place, shown);
    const { width, height } = facts;
    const size = feature.size;
    if (size && (size.width !== width || size.height !== height)) {
      const message = `${shown} is ${width} × ${height} where meta/info.json declares ${size.width} × ${size.height}: correct the shape of ${feature.key}.`;
      problems.push(warning('size-mismatch', message, feature.key));
    }
    const matched = matchFrames(facts, clock, from, shown, feature.key, problems);
    const filter = `${CODEC_NAMES[facts.codec] ?? facts.codec} in ${facts.container}`;
    const shape = [matched.count, height, width, 3];
    const described = { ...stream, width, height, shape, count: matched.count, video: streamVideo(facts), filter };
    if (matched.count === 0) {
      const sentence = `${shown} holds no frame of episode ${row.index}: restore it from a copy.`;
      return { stream: { ...described, fault: sentence }, file: place, problems };
    }
    return {
      stream: { ...described, clock: matched.own?.clock.id ?? CLOCK, rule: matched.own ? 'nearest' : 'latest' },
      location: { kind: 'video', file: place, firstFrame: matched.firstFrame },
      ...(matched.own ? { clock: matched.own } : {}),
      file: place,
      problems,
    };
  } catch (error) {
    const problem = problemOf(error, feature.key);
    return { stream: { ...stream, fault: problem.message }, problems: [...problems, problem] };
  }
}

/** Every camera of a dataset has a file of the same name: a fault says which by its place in the dataset. */
export async function probeNamed(video: SourcePorts['video'], place: string, shown: string): Promise<VideoFacts> {
  try {
    return await video.probe(place);
  } catch (error) {
    const name = path.basename(place);
    if (!(error instanceof SourceFault) || !error.message.startsWith(name)) throw error;
    throw new SourceFault(error.code, `${shown}${error.message.slice(name.length)}`);
  }
}

/** The file by the template, else by the other layout's where that is on disk; and where in it the episode starts. */
export async function videoFile(
  { files }: Pick<SourcePorts, 'files'>,
  info: DatasetInfo,
  { layout }: Pick<EpisodeTable, 'layout'>,
  row: EpisodeRow,
  key: string,
  problems: Problem[],
): Promise<{ place: string; shown: string; from: number }> {
  const fallback = layout === 'shared' ? [SHARED_VIDEO, EPISODE_VIDEO] : [EPISODE_VIDEO, SHARED_VIDEO];
  const templates = [...new Set([info.videoPath ?? fallback[0], ...fallback])] as string[];
  const shard = row.videos.get(key);
  const chunk = Math.floor(row.index / info.chunksSize);
  const fields = {
    video_key: key,
    episode_chunk: chunk,
    episode_index: row.index,
    chunk_index: shard?.chunk ?? chunk,
    file_index: shard?.file ?? 0,
  };
  let expected: string | undefined;
  for (const template of templates) {
    if (isShared(template) && !shard) continue;
    const shown = fillTemplate(template, fields);
    expected ??= shown;
    const facts = await files.facts(path.join(info.folder, shown));
    if (!facts) continue;
    if (template !== templates[0]) {
      const message = `meta/info.json says videos lie at ${templates[0]}, but ${shown} is on disk; that is read: correct video_path.`;
      problems.push(warning('layout-mismatch', message, key));
    }
    if (!isShared(template)) return { place: facts.path, shown, from: 0 };
    const from = shard?.from ?? Number.NaN;
    if (Number.isFinite(from) && from >= 0) return { place: facts.path, shown, from };
    const message = `meta/episodes does not say where in ${shown} episode ${row.index} starts (videos/${key}/from_timestamp): write it anew.`;
    throw new SourceFault('no-from-timestamp', message);
  }
  throw new SourceFault(
    'missing-file',
    expected === undefined
      ? `meta/episodes does not say which video of ${key} holds episode ${row.index} (chunk_index, file_index): write it anew.`
      : `${expected}, the video of ${key} for episode ${row.index}, is not there: restore it from a copy.`,
  );
}

interface Matched {
  firstFrame: number;
  /** Ticks from the first that have a frame; or frames, where they have a clock of their own. */
  count: number;
  own?: { clock: Clock; times: Float64Array };
}

/** The presented frame nearest to `from` + each tick's stamp, as LeRobot looks frames up. */
function matchFrames(
  facts: VideoFacts,
  { seconds, clock }: EpisodeClock,
  from: number,
  shown: string,
  key: string,
  problems: Problem[],
): Matched {
  const ticks = seconds.length;
  // The tables count in the file's own time, in which a stream can start late.
  const times = facts.firstNs === 0 ? facts.timesNs : facts.timesNs.map((ns) => ns + facts.firstNs);
  const frames = nearestFrames(times, seconds, from);
  const periodNs = clock.medianPeriodNs ?? (facts.rateHz > 0 ? NS_PER_SECOND / facts.rateHz : NS_PER_SECOND / 30);
  const wantedNs = (tick: number): number => (from + (seconds[tick] as number)) * NS_PER_SECOND;
  const apartNs = (tick: number): number =>
    Math.abs((times[frames[tick] as number] ?? Number.POSITIVE_INFINITY) - wantedNs(tick));
  const isCovered = (tick: number): boolean => apartNs(tick) <= periodNs * 0.75;
  let start = 0;
  while (start < ticks && !isCovered(start)) start++;
  // Nothing near any tick: as if the file ended before.
  if (start === ticks) start = 0;
  const off: number[] = [];
  let covered = 0;
  let follows = start === 0;
  for (let tick = start; tick < ticks && isCovered(tick); tick++) {
    covered = tick + 1;
    // Stamps are float32: what they cannot say is not held against the video.
    const grain = (from + (seconds[tick] as number)) * 2 ** -23;
    if (apartNs(tick) / NS_PER_SECOND > TOLERANCE_SECONDS + grain) off.push(tick);
    if (frames[tick] !== (frames[start] as number) + tick - start) follows = false;
  }
  const firstFrame = frames[start] ?? 0;
  if (start > 0) {
    const late = ((times[0] as number) / NS_PER_SECOND).toFixed(3);
    const message = `${shown} begins at ${late} s of its own time, after ${counted(start, 'frame')} of this episode, which have no picture; LeRobot refuses that: encode the video to begin at 0, or correct from_timestamp.`;
    problems.push(warning('video-late', message, key));
  }
  if (covered < ticks) {
    const message = `${shown} holds ${counted(covered - start, 'frame')} of the ${ticks} of this episode; the last frames have no picture: restore the video, or cut the episode.`;
    problems.push(fault('video-short', message, key));
  }
  if (off.length > 0) {
    const message = `${shown}: the picture nearest to ${rowsOf(off)} is more than 0.1 ms away from timestamp, which LeRobot refuses: encode the video at the rate of the data, or correct from_timestamp.`;
    problems.push(warning('frame-times', message, key));
  }
  if (follows || covered === 0) return { firstFrame, count: covered };
  const last = frames[covered - 1] as number;
  if (start === 0) {
    const message = `${shown} does not hold one picture a frame; the nearest one is shown, as LeRobot does: encode the video at the rate of the data.`;
    problems.push(warning('frames-uneven', message, key));
  }
  const shownAt = times.slice(firstFrame, last + 1).map((ns) => Math.max(0, Math.round(ns - from * NS_PER_SECOND)));
  const id = `video/${key}`;
  return {
    firstFrame,
    count: shownAt.length,
    own: { clock: describeClock(id, `${key} frames`, shownAt, 'recorded', true), times: shownAt },
  };
}

/** Index of the presented frame nearest to each stamp, a tie to the earlier. Both ascend. */
function nearestFrames(timesNs: Float64Array, seconds: Float64Array, from: number): Int32Array {
  const frames = new Int32Array(seconds.length);
  let frame = 0;
  for (let tick = 0; tick < seconds.length; tick++) {
    const wantedNs = (from + (seconds[tick] as number)) * NS_PER_SECOND;
    const away = (at: number) => Math.abs((timesNs[at] as number) - wantedNs);
    while (frame + 1 < timesNs.length && away(frame + 1) < away(frame)) frame++;
    frames[tick] = frame;
  }
  return frames;
}
