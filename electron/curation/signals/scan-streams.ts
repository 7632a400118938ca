import type { FileHandle } from 'node:fs/promises';
import {
  chooseReferenceTick,
  REFERENCE_DISTANCE,
  type ReferenceDefinition,
} from '../../../shared/detect/reference-tick.ts';
import type { TickSpan } from '../../../shared/detect/ticks.ts';
import type { Stream } from '../../../shared/episode/episode.ts';
import type { DecodePool } from '../../frames/frame-source.ts';
import { loadSample } from '../../frames/samples.ts';
import type { Media } from '../../media/index.ts';
import { locationOf, SourceFault } from '../../sources/source.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { PictureKernel, SMALL_BYTES } from './picture-kernel.ts';
import { type FrameOf, scanFrames } from './scan-frames.ts';
import type { SmallPictures } from './scan-protocol.ts';
import { allOrNone, partsOf, type ScannedRecordingStream, type StreamToScan, scanRecording } from './scan-recording.ts';
import type { ScanWorkers } from './scan-workers.ts';
import type { ContactPart, ImagePart } from './signal-parts.ts';
import { placeOfSmall } from './small-pictures.ts';
import { VideoFrames } from './video-frames.ts';

/** One stream, and what is wanted of it. */
export interface StreamPlan {
  stream: Stream;
  /** The sample of every tick; −1 for none. */
  indices: Int32Array;
  /** Contact is told of it; then its small pictures need a place. */
  isGel: boolean;
  /** Where its small pictures go, in the order they are stored in, or first and third channel exchanged. */
  small: SmallSink | null;
}

export interface SmallSink extends Pick<SmallPictures, 'segments'> {
  handle: FileHandle;
  isSwapped?: boolean;
}

export interface ScanPlan {
  ticks: number;
  streams: readonly StreamPlan[];
  reference: ReferenceDefinition;
  /** Ticks that a reference may be chosen from. */
  span: TickSpan;
  progress?: (progress: { done: number; total: number }) => void;
}

export interface Scanned {
  image: ImagePart;
  /** Null where it was not wanted. */
  contact: ContactPart | null;
  segmentCrcs: number[];
  damaged: { tick: number; message: string }[];
}

export interface ScanParts {
  workers: ScanWorkers;
  decode: DecodePool;
  media: Pick<Media, 'frames'>;
  signal: AbortSignal;
}

/**
 * Reads streams of an open recording from its first tick to its last and tells all that signals are made of, in the order of
 * the plan. HDF5 is read by the workers; whatever else, picture by picture, on this thread.
 */
export async function scanStreams(
  parts: ScanParts,
  episode: OpenWorkstationEpisode,
  plan: ScanPlan,
): Promise<Scanned[]> {
  const { workers, signal } = parts;
  const total = plan.ticks * plan.streams.length;
  let done = 0;
  const onTicks = (ticks: number) => {
    done += ticks;
    plan.progress?.({ done, total });
  };
  const results = new Map<StreamPlan, ScannedRecordingStream>();

  for (const [file, streams] of byRecording(episode, plan.streams)) {
    const asked = streams.map((each) => toScan(episode, each));
    const options = { signal, onTicks: (ticks: number) => onTicks(ticks * streams.length) };
    const scanned = await scanRecording(workers, file, plan.ticks, asked, options);
    for (const [at, each] of streams.entries()) results.set(each, scanned[at] as ScannedRecordingStream);
  }
  for (const each of plan.streams) {
    if (!results.has(each)) results.set(each, await scanElsewhere(parts, episode, each, onTicks));
  }
  const finished: Scanned[] = [];
  for (const each of plan.streams) {
    const { fromFirst, segmentCrcs, damaged, ...image } = results.get(each) as ScannedRecordingStream;
    const contact = each.isGel && fromFirst ? await tellContact(parts, plan, each, fromFirst) : null;
    finished.push({ image, contact, segmentCrcs, damaged });
  }
  return finished;
}

/** Streams in HDF5, by the file they lie in. */
function byRecording(episode: OpenWorkstationEpisode, streams: readonly StreamPlan[]): Map<string, StreamPlan[]> {
  const files = new Map<string, StreamPlan[]>();
  for (const each of streams) {
    const location = locationOf(episode.opened, each.stream);
    if (location.kind !== 'hdf5') continue;
    files.set(location.file, [...(files.get(location.file) ?? []), each]);
  }
  return files;
}

function toScan(episode: OpenWorkstationEpisode, { stream, indices, isGel, small }: StreamPlan): StreamToScan {
  const location = locationOf(episode.opened, stream);
  if (location.kind !== 'hdf5' || stream.encoding === 'png' || stream.encoding === 'video') {
    throw new SourceFault('not-hdf5', `${stream.name} is not stored in HDF5.`);
  }
  const { id, width, height, channels, encoding } = stream;
  return {
    ...{ id, width, height, channels, encoding, indices, dataset: location.dataset },
    first: isGel ? (indices[0] ?? -1) : null,
    small: small && {
      descriptor: small.handle.fd,
      segments: small.segments,
      isSwapped: small.isSwapped ?? false,
    },
  };
}

async function scanElsewhere(
  { decode, media, signal }: ScanParts,
  { opened }: OpenWorkstationEpisode,
  { stream, indices, isGel, small }: StreamPlan,
  onTicks: (ticks: number) => void,
): Promise<ScannedRecordingStream> {
  const location = locationOf(opened, stream);
  const video = location.kind === 'video' ? new VideoFrames(media, location, signal) : undefined;
  const decoded: FrameOf = async (index) => {
    try {
      return (await loadSample(decode, opened, stream, index, { priority: BEHIND_PICTURES })).bytes;
    } catch (error) {
      if (!(error instanceof SourceFault) || error.code !== 'corrupt-chunk') throw error;
      return { damaged: error.message };
    }
  };
  const last = indices.reduce((most, index) => Math.max(most, index), -1);
  const frameOf: FrameOf = video ? (index) => video.frame(index, last) : decoded;
  const { width, height, channels } = stream;
  const sink = isGel && small ? { descriptor: small.handle.fd, ...small } : null;
  const size = { width, height, channels: video ? 3 : channels };
  try {
    return await scanFrames(new PictureKernel(), { ...size, indices, small: sink }, frameOf, { signal, onTicks });
  } finally {
    await video?.close();
  }
}

/** A picture that somebody waits for goes first. */
const BEHIND_PICTURES = -50;

async function tellContact(
  parts: ScanParts,
  plan: ScanPlan,
  { small }: StreamPlan,
  fromFirst: Float32Array,
): Promise<ContactPart> {
  if (!small) throw new Error('Contact is told from small pictures, which have no place.');
  const pictures: SmallPictures = { descriptor: small.handle.fd, segments: small.segments };
  const distances = await distancesOf(parts, plan, pictures, fromFirst);
  const referenceTick = chooseReferenceTick(plan.reference, distances, plan.span);
  if (referenceTick < 0) {
    const none = new Float32Array(plan.ticks).fill(Number.NaN);
    return { intensityFromFirst: none, intensity: none, area: none, mixed: none, referenceTick, drift: 0 };
  }
  const reference = new Uint8Array(SMALL_BYTES);
  await small.handle.read(reference, 0, SMALL_BYTES, placeOfSmall(pictures, referenceTick));
  const part: ContactPart = {
    intensityFromFirst: fromFirst,
    intensity: new Float32Array(plan.ticks),
    area: new Float32Array(plan.ticks),
    mixed: new Float32Array(plan.ticks),
    referenceTick,
    // What the reference lies from the first picture is what the first lies from the reference.
    drift: fromFirst[referenceTick] as number,
  };
  const ranges = partsOf(plan.ticks, parts.workers.count);
  const measure = async ({ from, to }: { from: number; to: number }) => {
    const order = { op: 'measure' as const, small: pictures, fromTick: from, count: to - from, reference };
    const { intensity, area, mixed } = await parts.workers.ask(order, parts.signal);
    part.intensity.set(intensity, from);
    part.area.set(area, from);
    part.mixed.set(mixed, from);
  };
  await allOrNone(ranges, measure, parts.signal);
  for (let tick = 0; tick < plan.ticks; tick++) {
    // There was no picture: a black one stands in its place.
    if (Number.isNaN(fromFirst[tick]))
      for (const array of [part.intensity, part.area, part.mixed]) array[tick] = Number.NaN;
  }
  return part;
}

/** What the reference is chosen by, a number a tick; NaN where there is no picture. */
async function distancesOf(
  { workers, signal }: ScanParts,
  { reference, ticks }: ScanPlan,
  small: SmallPictures,
  fromFirst: Float32Array,
): Promise<Float32Array> {
  const by = REFERENCE_DISTANCE[reference];
  if (by === 'to-first') return fromFirst;
  const length = SMALL_BYTES / MEDIAN_PIECES;
  const pieces = Array.from({ length: MEDIAN_PIECES }, (_, at) => ({ from: at * length, to: (at + 1) * length }));
  const isThere = Uint8Array.from(fromFirst, (value) => (Number.isNaN(value) ? 0 : 1));
  const medians = await allOrNone(
    pieces,
    ({ from, to }) => workers.ask({ op: 'median', small, isThere, from, to }, signal),
    signal,
  );
  const median = new Float32Array(SMALL_BYTES);
  for (const [at, piece] of medians.entries()) median.set(piece, at * length);
  const distances = new Float32Array(ticks).fill(Number.NaN);
  const tell = async ({ from, to }: { from: number; to: number }) => {
    const order = { op: 'distance' as const, small, fromTick: from, count: to - from, median };
    const { l2, l1 } = await workers.ask(order, signal);
    distances.set(by === 'to-median' ? l2 : l1, from);
  };
  await allOrNone(partsOf(ticks, workers.count), tell, signal);
  return distances.map((distance, tick) => (isThere[tick] ? distance : Number.NaN));
}

/** A kilobyte a value is counted in: 12 MB a piece. */
const MEDIAN_PIECES = 4;
