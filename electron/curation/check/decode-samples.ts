import type { Problem, Stream } from '../../../shared/episode/episode.ts';
import { masterClockOf } from '../../../shared/episode/episode.ts';
import { loadSample } from '../../frames/samples.ts';
import { type OpenedEpisode, SourceFault } from '../../sources/source.ts';
import { decodeRecording, type StreamToDecode } from '../signals/decode-recording.ts';
import { REPEATED, UNREADABLE } from '../signals/scan-protocol.ts';
import { sharedWorkers } from '../signals/shared-workers.ts';
import type { StageContext } from '../stage.ts';

/** What decoding told of one stream. */
export interface StreamDecoded {
  stream: string;
  /** Samples that were decoded, of those the stream has. */
  decoded: number;
  count: number;
  /** Samples that could not be; at most a hundred are named. */
  unreadable: number[];
  /** Samples equal to the one before, where all were decoded; null else. */
  repeated: number | null;
  /** Every sample that was decoded is the same picture. */
  isOnePicture: boolean;
  /** Every sample that was decoded is black. */
  isBlack: boolean;
}

type Parts = Pick<StageContext<unknown>, 'decode' | 'media' | 'signal' | 'workerDir' | 'pluginDir'>;

/** Decoded ahead of what is looked at: both decode workers have work, and memory holds a handful of pictures. */
const AHEAD = 4;
/** Looked at without `isDeep`, spread over the whole recording, its ends among them. */
const SPREAD = 8;
const BEHIND_PICTURES = -60;
const MOST_NAMED = 100;

/** Decodes a few samples of every stream, or all of them. Nothing is kept of them but what is told. */
export async function decodeSamples(opened: OpenedEpisode, parts: Parts, isDeep: boolean): Promise<StreamDecoded[]> {
  const streams = opened.episode.streams.filter(({ fault }) => !fault);
  const results = new Map<string, StreamDecoded>();
  for (const [file, together] of isDeep ? inRecordings(opened, streams) : []) {
    for (const each of await decodeTogether(file, together, parts)) results.set(each.stream, each);
  }
  const rest = streams.filter(({ id }) => !results.has(id));
  const ofKind = (isVideo: boolean) =>
    rest.filter(({ id }) => (opened.locations.get(id)?.kind === 'video') === isVideo);
  // Streams side by side: each is decoded in a thread of its own, and in the file their samples lie by turns.
  const settled = await Promise.allSettled(
    ofKind(false).map(async (stream) => results.set(stream.id, await decodeStream(opened, stream, parts, isDeep))),
  );
  for (const each of settled) if (each.status === 'rejected') throw each.reason;
  for (const stream of isDeep ? ofKind(true) : []) {
    const location = opened.locations.get(stream.id);
    if (location?.kind === 'video') results.set(stream.id, await decodeVideo(stream, location, parts));
  }
  return streams.flatMap(({ id }) => results.get(id) ?? []);
}

/** Streams that the threads which scan recordings can decode, by the file they lie in. */
function inRecordings(opened: OpenedEpisode, streams: readonly Stream[]): Map<string, [Stream, StreamToDecode][]> {
  const files = new Map<string, [Stream, StreamToDecode][]>();
  for (const stream of streams) {
    const location = opened.locations.get(stream.id);
    const { width, height, channels, encoding, count } = stream;
    if (location?.kind !== 'hdf5' || encoding === 'png' || encoding === 'video') continue;
    const bytesPerValue = stream.dtype === 'uint16' ? 2 : 1;
    const asked = { dataset: location.dataset, width, height, channels, encoding, bytesPerValue, count };
    files.set(location.file, [...(files.get(location.file) ?? []), [stream, asked]]);
  }
  return files;
}

async function decodeTogether(
  file: string,
  streams: readonly [Stream, StreamToDecode][],
  { signal, ...folders }: Parts,
): Promise<StreamDecoded[]> {
  const asked = streams.map(([, each]) => each);
  const decoded = await decodeRecording(sharedWorkers(folders), file, asked, signal);
  return decoded.map(({ outcomes, isBlack }, at) => {
    const result = nothingYet((streams[at] as [Stream, StreamToDecode])[0]);
    let repeats = 0;
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome === UNREADABLE) note(result, index);
      else result.decoded++;
      if (outcome === REPEATED) repeats++;
    }
    result.repeated = repeats;
    result.isOnePicture = repeats > 0 && repeats === result.decoded - 1;
    result.isBlack = isBlack && result.decoded > 0;
    return result;
  });
}

async function decodeStream(
  opened: OpenedEpisode,
  stream: Stream,
  { decode, signal }: Parts,
  isDeep: boolean,
): Promise<StreamDecoded> {
  const result = nothingYet(stream);
  const indices = isDeep ? Array.from({ length: stream.count }, (_, at) => at) : spread(stream.count);
  const underWay = new Map<number, Promise<Uint8Array | null>>();
  let asked = 0;
  let before: Uint8Array | null = null;
  let repeats = 0;
  let compared = 0;
  const ask = () => {
    const index = indices[asked++] as number;
    const sample = loadSample(decode, opened, stream, index, { priority: BEHIND_PICTURES }).then(
      ({ bytes }) => bytes,
      (error: unknown) => {
        if (!(error instanceof SourceFault)) throw error;
        return null;
      },
    );
    sample.catch(() => undefined);
    underWay.set(index, sample);
  };
  for (const index of indices) {
    signal.throwIfAborted();
    while (asked < indices.length && underWay.size < AHEAD) ask();
    const bytes = (await underWay.get(index)) as Uint8Array | null;
    underWay.delete(index);
    if (!bytes) {
      note(result, index);
      continue;
    }
    result.decoded++;
    const isRepeat = before !== null && Buffer.compare(before, bytes) === 0;
    // One that is as the one before is black if that was.
    if (!isRepeat) result.isBlack &&= isAllZero(bytes);
    if (before) {
      compared++;
      if (isRepeat) repeats++;
      decode.recycle?.(before);
    }
    before = bytes;
  }
  if (before) decode.recycle?.(before);
  result.isOnePicture = compared > 0 && repeats === compared;
  result.isBlack &&= result.decoded > 0;
  result.repeated = isDeep ? repeats : null;
  return result;
}

/** Every presented frame once, one after the other. */
async function decodeVideo(
  stream: Stream,
  location: { file: string; firstFrame: number },
  { media, signal }: Parts,
): Promise<StreamDecoded> {
  const result = nothingYet(stream);
  let before: Buffer | null = null;
  let repeats = 0;
  try {
    const range = { from: location.firstFrame, to: location.firstFrame + stream.count, signal };
    for await (const frame of media.frames(location.file, range)) {
      result.isBlack &&= isAllZero(frame);
      if (before && Buffer.compare(before, frame) === 0) repeats++;
      // The decoder writes its next frame where this one is.
      before = Buffer.from(frame);
      result.decoded++;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (result.decoded >= stream.count) throw error;
  }
  for (let index = result.decoded; index < stream.count; index++) note(result, index);
  return { ...result, repeated: repeats, isOnePicture: repeats > 0 && repeats === result.decoded - 1 };
}

function nothingYet({ id, count }: Stream): StreamDecoded {
  return { stream: id, decoded: 0, count, unreadable: [], repeated: null, isOnePicture: false, isBlack: true };
}

function note(result: StreamDecoded, index: number): void {
  if (result.unreadable.length < MOST_NAMED) result.unreadable.push(index);
}

function spread(count: number): number[] {
  const indices = Array.from({ length: SPREAD }, (_, at) => Math.round((at * (count - 1)) / (SPREAD - 1)));
  return count <= 0 ? [] : [...new Set(indices)];
}

function isAllZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** One error a stream with samples that cannot be decoded. */
export function decodeProblems(opened: OpenedEpisode, decoded: readonly StreamDecoded[]): Problem[] {
  const name = opened.episode.path.slice(opened.episode.path.lastIndexOf('/') + 1);
  return decoded.flatMap(({ stream, unreadable, count }) => {
    if (unreadable.length === 0) return [];
    const first = unreadable.slice(0, 5).join(', ');
    const amount = unreadable.length >= MOST_NAMED ? `${MOST_NAMED} or more` : String(unreadable.length);
    const which = unreadable.length > 5 ? `${first} …` : first;
    const message = `${name}: ${amount} of ${count} samples of ${stream} cannot be decoded (${which}): restore the file from a copy, or cut what they show.`;
    return [{ severity: 'error' as const, code: 'corrupt-chunk', message, stream }];
  });
}

/** Ticks of the master clock; 0 where there is none. */
export function ticksOf({ episode }: OpenedEpisode): number {
  return episode.clocks.length > 0 ? masterClockOf(episode).count : 0;
}
