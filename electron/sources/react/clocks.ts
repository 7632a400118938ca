import type { Clock, Problem } from '../../../shared/episode/episode.ts';
import { NS_PER_SECOND, nsToSeconds } from '../../../shared/time/nanoseconds.ts';

/** A clock and its stamps for look-up. */
export interface BuiltClock {
  clock: Clock;
  /** Nanoseconds from the episode's start, non-descending. */
  times: Float64Array;
  problems: Problem[];
}

/** A gap this many median periods long is worth a warning. */
const GAP_PERIODS = 3;

/** The first stamp that was really written (unwritten rows hold zero), or null. */
export function firstStamp(seconds: Float64Array): number | null {
  return seconds.find(isStamp) ?? null;
}

function isStamp(seconds: number): boolean {
  return Number.isFinite(seconds) && seconds > 0;
}

/**
 * A clock from recorded Unix seconds. Stamps that go back or were not written are looked up at the running maximum, so
 * that every row keeps its place; the clock says so. `where` names file and clock in sentences.
 */
export function recordedClock(
  id: string,
  name: string,
  seconds: Float64Array,
  startSeconds: number,
  where: string,
): BuiltClock {
  const times = new Float64Array(seconds.length);
  let latest = Number.NEGATIVE_INFINITY;
  let unwritten = 0;
  let backwards = 0;
  let repeated = 0;
  seconds.forEach((stamp, i) => {
    if (!isStamp(stamp)) unwritten++;
    else {
      // Subtracted before scaling: Unix seconds in nanoseconds would not be exact.
      const ns = Math.round((stamp - startSeconds) * NS_PER_SECOND);
      if (ns < latest) backwards++;
      else if (ns === latest) repeated++;
      latest = Math.max(latest, ns);
    }
    times[i] = latest;
  });
  const first = times.find((ns) => ns !== Number.NEGATIVE_INFINITY) ?? 0;
  for (let i = 0; times[i] === Number.NEGATIVE_INFINITY; i++) times[i] = first;
  const problems: Problem[] = [];
  if (backwards > 0) {
    problems.push(
      warning(
        'clock-not-ascending',
        `${where} runs backwards ${count(backwards, 'time')}; those samples are placed at the latest stamp before them.`,
      ),
    );
  }
  if (unwritten > 0) {
    problems.push(
      warning(
        'stamp-missing',
        `${where} has ${count(unwritten, 'row')} without a usable stamp; they are placed at the stamp before them.`,
      ),
    );
  }
  const ascending = backwards === 0 && unwritten === 0 && repeated === 0;
  return { clock: describeClock(id, name, times, 'recorded', ascending), times, problems };
}

/** A clock for rows whose stamps were not recorded: they stand at a stated rate. */
export function nominalClock(id: string, name: string, count: number, rate: number): BuiltClock {
  const times = Float64Array.from({ length: count }, (_, i) => Math.round((i * NS_PER_SECOND) / rate));
  return { clock: describeClock(id, name, times, 'nominal', true), times, problems: [] };
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

function describeClock(
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

/** Element `n` of the values in ascending order; moves them about. Sorting all of a long track blocks the thread. */
function nthSmallest(values: Float64Array, n: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let left = low;
    let right = high;
    while (left <= right) {
      while ((values[left] as number) < pivot) left++;
      while ((values[right] as number) > pivot) right--;
      if (left > right) break;
      const held = values[left] as number;
      values[left++] = values[right] as number;
      values[right--] = held;
    }
    if (n <= right) high = right;
    else if (n >= left) low = left;
    else break;
  }
  return values[n] as number;
}

function warning(code: string, message: string): Problem {
  return { severity: 'warning', code, message };
}

export function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
