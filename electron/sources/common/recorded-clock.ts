import type { Problem } from '../../../shared/episode/episode.ts';
import { nsToSeconds } from '../../../shared/time/nanoseconds.ts';
import { type BuiltClock, describeClock } from './clocks.ts';
import { type KeptStamps, placeRows } from './stamps.ts';

/** A gap this many median periods long is worth a warning. */
const GAP_PERIODS = 3;

/** What a clock built of recorded stamps is called, and how sentences speak of it. */
export interface ClockWords {
  id: string;
  name: string;
  /** File and clock: "e.h5: the recorder's clock". */
  where: string;
  /** What a row of it is: "tick", "sample". */
  row: string;
}

/**
 * A clock from recorded Unix seconds. Every row keeps its index; rows whose stamps cannot be trusted are placed by the
 * rule of stamps.ts, and the clock and a problem say so. No time lies before `earliestNs`.
 */
export function recordedClock(
  { id, name, where, row }: ClockWords,
  seconds: Float64Array,
  kept: KeptStamps,
  startSeconds: number,
  earliestNs = Number.NEGATIVE_INFINITY,
): BuiltClock {
  const times = placeRows(seconds, kept, startSeconds, earliestNs);
  const problems: Problem[] = [];
  const tell = (code: string, rows: number[], what: (stamps: string, those: string) => string) => {
    if (rows.length === 0) return;
    const at = rows.length === 1 ? `${row} ${rows[0]}` : `the first at ${row} ${rows[0]}`;
    const those = rows.length === 1 ? 'it is placed' : 'they are placed';
    problems.push(
      warning(code, `${where} ${what(`${rows.length} ${row}${rows.length === 1 ? '' : 's'} (${at})`, those)}`),
    );
  };
  tell(
    'clock-not-ascending',
    kept.jumping,
    (stamps, those) => `jumps at ${stamps}: by the order of the recording ${those} between the neighbours.`,
  );
  tell(
    'stamp-missing',
    kept.unusable,
    (stamps, those) =>
      `has no usable stamp for ${stamps}: by the order of the recording ${those} between the neighbours.`,
  );
  let repeats = false;
  for (let i = 1; i < times.length; i++) repeats ||= times[i] === times[i - 1];
  const ascending = problems.length === 0 && !repeats;
  return { clock: describeClock(id, name, times, 'recorded', ascending), times, problems };
}

/** Gaps of at least three median periods, as one warning; null when there are none. */
export function gapWarning({ clock, times }: BuiltClock, where: string): Problem | null {
  const period = clock.medianPeriodNs;
  if (period === null || clock.worstGapNs === null) return null;
  let gaps = 0;
  let worstAt = 0;
  for (let i = 1; i < times.length; i++) {
    const gap = (times[i] as number) - (times[i - 1] as number);
    if (gap >= GAP_PERIODS * period) gaps++;
    if (gap === clock.worstGapNs) worstAt = times[i - 1] as number;
  }
  if (gaps === 0) return null;
  const worst = nsToSeconds(clock.worstGapNs).toFixed(2);
  const at = nsToSeconds(worstAt).toFixed(2);
  return warning(
    'gap',
    `${where} has ${count(gaps, 'gap')}, the longest ${worst} s at ${at} s: look at what was lost there.`,
  );
}

function warning(code: string, message: string): Problem {
  return { severity: 'warning', code, message };
}

export function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
