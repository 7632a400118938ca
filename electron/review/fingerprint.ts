import { createHash, type Hash } from 'node:crypto';
import type { Stream } from '../../shared/episode/episode.ts';
import { Fault } from '../fault.ts';
import { loadSample, type SampleDecoder } from '../frames/samples.ts';
import { locationOf, type OpenedEpisode, SourceFault } from '../sources/source.ts';

/**
 * The fingerprint of an episode: SHA-256, as 64 hex digits, of the logical recording. It must never change meaning,
 * for reviews are found by it; a new definition needs a new first field and a way from the old one.
 *
 * The digested bytes are fields, one after the other. A field is its length in bytes (u64, little-endian), then its
 * bytes. Text is UTF-8, numbers are f64 little-endian. In order:
 *   "regrasp recording 1"
 *   created-at as recorded, "" when it is not · the Unix seconds of time zero, NaN when not recorded
 *   "clocks", then for each clock by ascending id (UTF-16 order): its id, its times in nanoseconds from the start
 *   "streams", then for each stream by ascending id: its id, its shape as "480x640x3" (the whole dataset's), its dtype, and for each of
 *   the distinct indices 0, ⌊(count − 1) / 2⌋, count − 1 in that order: index, "u8" or "u16", width, height, channels
 *   and the decoded samples as stored (u16 little-endian), or the one field "unreadable" where it cannot be decoded.
 *   Of a video: index, "packet", width, height, channels and the packet of that presented frame as it is stored, so that
 *   the container may be rewritten and no decoder's rounding is in it.
 *
 * Where no such frame can be read (or there are no streams at all) and the recording has series, those tell it apart:
 *   "series", then for each series by ascending id: its id, its count, its values row by row.
 * A clock whose rate a person states (the episode asks for it, and its times are nominal) counts as 0, 1, 2 …: what is
 * stated is no part of the recording, and stating it must not lose a review.
 *
 * Filters, chunking, file name, attributes and poses are not in it: compressing or publishing leaves it as it is.
 */
export async function computeFingerprint(
  opened: OpenedEpisode,
  decode: PrintDecoder,
): Promise<{ fingerprint: string; complete: boolean }> {
  const { episode, clocks } = opened;
  const hash = createHash('sha256');
  field(hash, 'regrasp recording 1');
  field(hash, episode.createdAt ?? '');
  numbers(hash, [episode.startUnixSeconds ?? Number.NaN]);
  field(hash, 'clocks');
  for (const id of [...clocks.keys()].sort()) {
    field(hash, id);
    numbers(hash, recordedTimes(opened, id));
  }
  field(hash, 'streams');
  let complete = true;
  let framesRead = 0;
  for (const stream of [...episode.streams].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    field(hash, stream.id);
    field(hash, stream.shape.join('x'));
    field(hash, stream.dtype);
    for (const index of probedIndices(stream.count)) {
      const readable = await frame(hash, opened, decode, stream, index);
      complete &&= readable;
      framesRead += Number(readable);
    }
  }
  if (framesRead === 0 && episode.series.length > 0) {
    field(hash, 'series');
    for (const { id, count } of [...episode.series].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      field(hash, id);
      numbers(hash, [count]);
      numbers(hash, opened.values.get(id) ?? []);
    }
  }
  return { fingerprint: hash.digest('hex'), complete };
}

/** Times that are stated and not recorded are left out of it. */
function recordedTimes({ episode, clocks }: OpenedEpisode, id: string): ArrayLike<number> {
  const times = clocks.get(id) ?? new Float64Array(0);
  const isStated =
    episode.asks.includes('rate') && episode.clocks.some((clock) => clock.id === id && clock.basis === 'nominal');
  return isStated ? times.map((_, index) => index) : times;
}

/** What samples are read with for a print. */
export interface PrintDecoder extends SampleDecoder {
  /** Of a video file, the stored packet of a presented frame; absent: its frames count as unreadable. */
  packet?(file: string, frame: number): Promise<Uint8Array>;
}

/** First, middle and last, each once. */
export function probedIndices(count: number): number[] {
  if (count <= 0) return [];
  return [...new Set([0, Math.floor((count - 1) / 2), count - 1])];
}

async function frame(
  hash: Hash,
  opened: OpenedEpisode,
  decode: PrintDecoder,
  stream: Stream,
  index: number,
): Promise<boolean> {
  const decoded = stream.fault ? undefined : await decodeOrNothing(opened, decode, stream, index);
  if (!decoded) {
    field(hash, 'unreadable');
    return false;
  }
  numbers(hash, [index]);
  field(hash, decoded.format);
  numbers(hash, [decoded.width, decoded.height, decoded.channels]);
  field(hash, decoded.bytes);
  return true;
}

/** A picture somebody waits for goes first. */
const BEHIND_PICTURES = -50;

/** Reasons that lie in the moment and not in the recording: they must not become part of a print. */
const PASSING = new Set(['gone', 'moved', 'no-access', 'decoder-died', 'closed']);

async function decodeOrNothing(opened: OpenedEpisode, decode: PrintDecoder, stream: Stream, index: number) {
  try {
    const location = locationOf(opened, stream);
    if (location.kind === 'video' && decode.packet) {
      const bytes = await decode.packet(location.file, location.firstFrame + index);
      const { width, height, channels } = stream;
      return { format: 'packet', width, height, channels, bytes };
    }
    return await loadSample(decode, opened, stream, index, { priority: BEHIND_PICTURES });
  } catch (error) {
    if (error instanceof SourceFault && !PASSING.has(error.code)) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'UNUSABLE',
      `${opened.episode.path} could not be told from other recordings, so its review stays closed: ${reason}`,
    );
  }
}

function field(hash: Hash, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.byteLength));
  hash.update(length);
  hash.update(bytes);
}

function numbers(hash: Hash, values: ArrayLike<number>): void {
  const bytes = Buffer.alloc(values.length * 8);
  for (let index = 0; index < values.length; index += 1) bytes.writeDoubleLE(values[index] as number, index * 8);
  field(hash, bytes);
}
