import type { TickRange } from '../../shared/time/ranges.ts';
import { lowerBound, upperBound } from '../../shared/time/sampling.ts';

/**
 * The order in which ticks are played, unrolled: a place is an integer that grows (or falls) for ever, also around a loop,
 * and every place has a tick and a time on one straight axis. So clock, read-ahead and dropping know nothing of loops.
 * Without a loop a place is the tick itself and ends at the recording's ends.
 */
export interface PlayOrder {
  /** Places that exist; infinite with a loop. */
  readonly first: number;
  readonly last: number;
  tickOf(place: number): number;
  /** Nanoseconds on the unrolled axis. */
  timeOf(place: number): number;
  /** The place due at an unrolled time: playing forward the last at or before it, backward the first at or after it. */
  dueAt(timeNs: number, direction: 1 | -1): number;
}

/** `times`: master clock in ns, ascending. `loop`: inclusive ticks. `periodNs`: how long the loop's last tick stays. */
export function createPlayOrder(times: Float64Array, loop: TickRange | null, periodNs: number): PlayOrder {
  const low = loop ? loop[0] : 0;
  const high = loop ? loop[1] : times.length - 1;
  const span = times.subarray(low, high + 1);
  const dueWithin = (timeNs: number, direction: 1 | -1): number =>
    direction > 0 ? upperBound(span, timeNs) - 1 : lowerBound(span, timeNs);

  if (!loop) {
    return {
      first: low,
      last: high,
      tickOf: (place) => place,
      timeOf: (place) => times[place] ?? Number.NaN,
      dueAt: (timeNs, direction) => Math.min(Math.max(dueWithin(timeNs, direction), low), high),
    };
  }

  const count = high - low + 1;
  const startNs = times[low] ?? 0;
  const roundNs = (times[high] ?? 0) - startNs + periodNs;
  const tickOf = (place: number): number => low + ((((place - low) % count) + count) % count);
  const roundOf = (place: number): number => Math.floor((place - low) / count);
  return {
    first: Number.NEGATIVE_INFINITY,
    last: Number.POSITIVE_INFINITY,
    tickOf,
    timeOf: (place) => (times[tickOf(place)] ?? 0) + roundOf(place) * roundNs,
    dueAt: (timeNs, direction) => {
      const round = Math.floor((timeNs - startNs) / roundNs);
      // Backward, a time in the pause after the last tick belongs to the next round's first: dueWithin then answers `count`.
      return low + round * count + dueWithin(timeNs - round * roundNs, direction);
    },
  };
}
