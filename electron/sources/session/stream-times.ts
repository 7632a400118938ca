import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { type ClockLine, toReference } from '../../../shared/time/alignment.ts';
import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { keepStamps, placeRows } from '../common/stamps.ts';
import { type FileReader, SourceFault } from '../source.ts';
import type { MappedStream, SessionStream, StreamClock } from './schema.ts';
import { parseStamps } from './stamp-table.ts';

/** Times of a stream's samples on the session's clock. */
export interface StreamTimes {
  /** Nanoseconds of the session, non-descending safe integers. */
  times: Float64Array;
  basis: 'recorded' | 'nominal';
  ascending: boolean;
  problems: Problem[];
}

/** A session that lasts longer is no session; and what a safe integer of nanoseconds holds. */
const MAX_SECONDS = 60 * 24 * 3600;

export function lineOf({ origin_s, offset_s, drift_ppm }: StreamClock): ClockLine {
  return { originSeconds: origin_s, offsetSeconds: offset_s, drift: drift_ppm * 1e-6 };
}

/** Seconds on the session's clock by the stream's line. */
export function sessionSeconds(own: Float64Array, clock: StreamClock): Float64Array {
  const line = lineOf(clock);
  return own.map((seconds) => toReference(line, seconds));
}

/** The stream's own seconds as its clock tells them, for `count` samples; `presentedNs` are a video's. */
export async function ownSeconds(
  files: FileReader,
  folder: string,
  { file, clock }: SessionStream,
  count: number,
  presentedNs: Float64Array | null,
): Promise<Float64Array> {
  if (clock.from === 'rate') {
    const { rate_hz: rateHz } = clock;
    if (rateHz === undefined) {
      throw new SourceFault('no-rate', `session.json gives ${file} a clock by rate and no rate_hz: state it.`);
    }
    return Float64Array.from({ length: count }, (_, i) => i / rateHz);
  }
  if (clock.from === 'video') {
    if (presentedNs) return presentedNs.map((ns) => ns / NS_PER_SECOND);
    throw new SourceFault(
      'no-timestamps',
      `session.json gives ${file} the clock of a video, which it is not: name its column of stamps.`,
    );
  }
  if (clock.file === undefined) {
    throw new SourceFault(
      'no-timestamps',
      `session.json says ${file} has recorded stamps and not in which file: name it in its clock.`,
    );
  }
  const bytes = await files.read(path.join(folder, clock.file));
  return parseStamps(new TextDecoder().decode(bytes), clock.file, clock).seconds;
}

/**
 * Puts seconds of a session into order: rows whose stamp is no time, or does not fit between the others, stand evenly
 * between their neighbours, and a problem says so. Rejects with SourceFault where no two stamps tell of time.
 */
export function settleTimes(stream: string, seconds: Float64Array, basis: StreamTimes['basis']): StreamTimes {
  if (seconds.length === 0) return { times: seconds, basis, ascending: true, problems: [] };
  const usable = seconds.map((value) => (Math.abs(value) <= MAX_SECONDS ? value : Number.NaN));
  const lowest = usable.reduce((low, value) => (value < low ? value : low), Number.POSITIVE_INFINITY);
  // The rule takes stamps at or below zero for rows that nobody wrote.
  const kept = Number.isFinite(lowest) ? keepStamps(usable.map((value) => value - lowest + 1)) : null;
  if (!kept) {
    throw new SourceFault(
      'no-timestamps',
      `${stream}: its stamps say nothing about time (all alike, no numbers or beyond 60 days): record them again or state a rate.`,
    );
  }
  const shifted = usable.map((value) => value - lowest + 1);
  const times = placeRows(shifted, kept, 1 - lowest, Number.NEGATIVE_INFINITY);
  const problems: Problem[] = [];
  const told = [
    [kept.unusable, 'no time'],
    [kept.jumping, 'a time that goes back or leaps'],
  ] as const;
  for (const [rows, what] of told) {
    if (rows.length === 0) continue;
    const where = rows.length === 1 ? `sample ${rows[0]} has` : `${rows.length} samples (the first is ${rows[0]}) have`;
    const message = `${stream}: ${where} ${what}; they stand between their neighbours: look at what recorded the stamps.`;
    problems.push({ severity: 'warning', code: 'clock-not-ascending', message, stream });
  }
  let ascending = problems.length === 0;
  for (let i = 1; i < times.length && ascending; i++) ascending = (times[i] as number) > (times[i - 1] as number);
  return { times, basis, ascending, problems };
}

/** The manifest's times of a stream, where they are in it, in order and as many as there are samples. */
export function mappedTimes(
  stream: string,
  mapped: MappedStream | undefined,
  count: number,
): Float64Array | Problem | null {
  if (!mapped?.times_ns) return null;
  const times = Float64Array.from(mapped.times_ns);
  const wrong = times.findIndex(
    (ns, i) => Math.abs(ns) > MAX_SECONDS * NS_PER_SECOND || (i > 0 && ns < (times[i - 1] as number)),
  );
  if (wrong < 0 && times.length === count) return times;
  const what = wrong >= 0 ? `goes back or leaps at sample ${wrong}` : `has ${times.length} times for ${count} samples`;
  const message = `session_manifest.json: the map of ${stream} ${what}, so its clock of session.json is used: ingest the raw files again.`;
  return { severity: 'error', code: wrong >= 0 ? 'bad-manifest' : 'count-mismatch', message, stream };
}
