import path from 'node:path';
import { askPastRuined } from './ask-past-ruined.ts';
import { combineCrc32 } from './crc32-combine.ts';
import { SMALL_BYTES } from './picture-kernel.ts';
import type { ScannedStream, ScanStream, SmallPictures } from './scan-protocol.ts';
import type { ScanWorkers } from './scan-workers.ts';

/** One stream of a recording, and what is wanted of it. */
export interface StreamToScan
  extends Pick<ScanStream, 'id' | 'dataset' | 'width' | 'height' | 'channels' | 'encoding' | 'first'> {
  /** The sample of every tick; −1 for none. */
  indices: Int32Array;
  small: (SmallPictures & { isSwapped: boolean }) | null;
}

/** One element a tick. */
export interface ScannedRecordingStream extends Omit<ScannedStream, 'crc' | 'damaged'> {
  /** CRC-32 of the small pictures, segment by segment. */
  segmentCrcs: number[];
  damaged: { tick: number; message: string }[];
}

/** A part of the ticks, inclusive of `from` alone. */
export interface TickPart {
  from: number;
  to: number;
}

let runs = 0;

/** Distinguishes reads of a recording: threads keep its file open, and what they know of it, within one. */
export function newRun(): number {
  runs += 1;
  return runs;
}

const LONGEST_PART = 256;
const SHORTEST_PART = 24;
const PARTS_A_WORKER = 6;

/** Parts as long as each worker gets several of them; none goes over one of these ticks. */
export function partsOf(ticks: number, workers: number, borders: readonly number[] = []): TickPart[] {
  const even = Math.ceil(ticks / (workers * PARTS_A_WORKER));
  const length = Math.max(SHORTEST_PART, Math.min(LONGEST_PART, even));
  const ends = [...new Set([...borders.filter((border) => border > 0 && border < ticks), ticks])].sort((a, b) => a - b);
  const parts: TickPart[] = [];
  let from = 0;
  for (const end of ends) {
    for (; from < end; from = Math.min(end, from + length)) parts.push({ from, to: Math.min(end, from + length) });
  }
  return parts;
}

export interface ScanOptions {
  signal?: AbortSignal;
  /** Called with the number of ticks that are newly done. */
  onTicks?: (ticks: number) => void;
}

/**
 * Scans streams of an HDF5 recording (the granted real path) in all workers. A sample that ends a worker is noted as
 * damaged and the rest goes on. Rejects with SourceFault where the recording cannot be read at all.
 */
export async function scanRecording(
  workers: ScanWorkers,
  file: string,
  ticks: number,
  streams: readonly StreamToScan[],
  options: ScanOptions = {},
): Promise<ScannedRecordingStream[]> {
  const ruined = streams.map(() => new Set<number>());
  const results = streams.map((stream) => emptyResult(ticks, stream));
  const borders = streams.flatMap(({ small }) => small?.segments.map(({ fromTick }) => fromTick) ?? []);
  const parts = partsOf(ticks, workers.count, borders);
  const crcs = streams.map(() => new Map<number, number>());

  const run = newRun();
  const scanPart = async (part: TickPart): Promise<void> => {
    const scanned = await scanOnce(workers, { run, file, streams, ruined, signal: options.signal }, part);
    scanned.forEach((each, at) => {
      const result = results[at] as ScannedRecordingStream;
      result.duplicate.set(each.duplicate, part.from);
      result.motion.set(each.motion, part.from);
      result.brightness.set(each.brightness, part.from);
      if (each.fromFirst) result.fromFirst?.set(each.fromFirst, part.from);
      for (const { at: tick, message } of each.damaged) result.damaged.push({ tick: part.from + tick, message });
      crcs[at]?.set(part.from, each.crc);
    });
    options.onTicks?.(part.to - part.from);
  };
  await allOrNone(parts, scanPart, options.signal).finally(() => workers.release());
  results.forEach((result, at) => {
    result.damaged.sort((a, b) => a.tick - b.tick);
    // Nothing stands before the first tick.
    if (ticks > 0 && !Number.isNaN(result.brightness[0] as number)) result.motion[0] = 0;
    result.segmentCrcs = crcsOfSegments(streams[at]?.small ?? null, parts, crcs[at] as Map<number, number>);
  });
  return results;
}

/** Every part, or the first error once none is being worked on any more: descriptors may then be closed. */
export async function allOrNone<T, R>(
  parts: readonly T[],
  work: (part: T) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  let failed: { error: unknown } | undefined;
  const outcomes = await Promise.all(
    parts.map(async (part) => {
      if (failed) return undefined;
      try {
        return await work(part);
      } catch (error) {
        failed ??= { error };
        return undefined;
      }
    }),
  );
  signal?.throwIfAborted();
  if (failed) throw failed.error;
  return outcomes as R[];
}

interface Run {
  run: number;
  file: string;
  streams: readonly StreamToScan[];
  /** Samples that ended a worker, by stream. */
  ruined: readonly Set<number>[];
  signal: AbortSignal | undefined;
}

function scanOnce(
  workers: ScanWorkers,
  { run, file, streams, ruined, signal }: Run,
  { from, to }: TickPart,
): Promise<ScannedStream[]> {
  const order = () => ({
    ...{ op: 'scan' as const, run, path: file },
    streams: streams.map(
      ({ indices, small, ...stream }, at): ScanStream => ({
        ...stream,
        indices: withTickBefore(indices, from, to),
        small: small && { ...small, fromTick: from },
        ruined: [...(ruined[at] as Set<number>)],
      }),
    ),
  });
  return askPastRuined(workers, order, ruined, `${path.basename(file)}: the ticks ${from} to ${to - 1}`, signal);
}

function withTickBefore(indices: Int32Array, from: number, to: number): Int32Array {
  const some = new Int32Array(to - from + 1).fill(-1);
  if (from > 0) some[0] = indices[from - 1] as number;
  some.set(indices.subarray(from, to), 1);
  return some;
}

function emptyResult(ticks: number, stream: StreamToScan): ScannedRecordingStream {
  return {
    duplicate: new Uint8Array(ticks),
    motion: new Float32Array(ticks),
    brightness: new Float32Array(ticks),
    fromFirst: stream.first === null ? null : new Float32Array(ticks),
    segmentCrcs: [],
    damaged: [],
  };
}

function crcsOfSegments(
  small: SmallPictures | null,
  parts: readonly TickPart[],
  crcs: ReadonlyMap<number, number>,
): number[] {
  if (!small) return [];
  return small.segments.map(({ fromTick }, at) => {
    const next = small.segments[at + 1]?.fromTick ?? Number.POSITIVE_INFINITY;
    return parts
      .filter(({ from }) => from >= fromTick && from < next)
      .reduce((crc, { from, to }) => combineCrc32(crc, crcs.get(from) ?? 0, (to - from) * SMALL_BYTES), 0);
  });
}
