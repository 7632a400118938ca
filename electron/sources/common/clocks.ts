import type { Clock, Problem } from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { SourceFault } from '../source.ts';
import { nthSmallest } from './nth-smallest.ts';

/** A clock and its stamps for look-up. */
export interface BuiltClock {
  clock: Clock;
  /** Nanoseconds from the episode's start, non-descending. */
  times: Float64Array;
  problems: Problem[];
}

/** Three days at 30 Hz, and 64 MB of stamps: a file that claims more is damaged, or made to exhaust the reader. */
export const MOST_ROWS = 2 ** 23;

/**
 * A clock for rows whose stamps were not recorded: row i stands at i / `rateHz` (finite, above 0), and says so. Throws
 * SourceFault for more rows than any recording has.
 */
export function nominalClock(id: string, name: string, count: number, rateHz: number): BuiltClock {
  if (count > MOST_ROWS) {
    throw new SourceFault(
      'too-large',
      `The file claims ${count} rows of "${name}", more than any recording has: restore it from a copy.`,
    );
  }
  const times = Float64Array.from({ length: count }, (_, i) => Math.round((i * NS_PER_SECOND) / rateHz));
  return { clock: describeClock(id, name, times, 'nominal', true), times, problems: [] };
}

/** What a clock says of its stamps (`times` in nanoseconds, non-descending). */
export function describeClock(
  id: string,
  name: string,
  times: Float64Array,
  basis: Clock['basis'],
  ascending: boolean,
): Clock {
  const { medianPeriodNs, worstGapNs } = periods(times);
  const firstNs = times[0] ?? null;
  const lastNs = times.at(-1) ?? null;
  return { id, name, count: times.length, basis, firstNs, lastNs, medianPeriodNs, worstGapNs, ascending };
}

/** Median and longest distance between different stamps: a repeated stamp is a held sample, no period. */
function periods(times: Float64Array): { medianPeriodNs: number | null; worstGapNs: number | null } {
  const steps = new Float64Array(Math.max(0, times.length - 1));
  let steps0 = 0;
  let worstGapNs = 0;
  for (let i = 1; i < times.length; i++) {
    const step = (times[i] as number) - (times[i - 1] as number);
    if (step <= 0) continue;
    steps[steps0++] = step;
    if (step > worstGapNs) worstGapNs = step;
  }
  if (steps0 === 0) return { medianPeriodNs: null, worstGapNs: null };
  return { medianPeriodNs: nthSmallest(steps.subarray(0, steps0), steps0 >> 1), worstGapNs };
}
