/**
 * Which sample of a stream belongs to a moment. One rule per stream, the same for pane, plot, scene, overlay,
 * detector and export. `times` are ascending nanoseconds; equal neighbours are allowed.
 */
export type SamplingRule = 'latest' | 'nearest';

/** First index whose time is ≥ `t`; `times.length` when none is. */
export function lowerBound(times: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First index whose time is > `t`; `times.length` when none is. */
export function upperBound(times: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the last sample at or before `t`, or -1 when `t` lies before the first. */
export function latestAtOrBefore(times: ArrayLike<number>, t: number): number {
  return upperBound(times, t) - 1;
}

/** Index of the sample closest to `t`, a tie going to the earlier; -1 when there is none. */
export function nearest(times: ArrayLike<number>, t: number): number {
  const count = times.length;
  if (count === 0) return -1;
  const at = lowerBound(times, t);
  if (at === 0) return 0;
  if (at === count) return count - 1;
  return (times[at] as number) - t < t - (times[at - 1] as number) ? at : at - 1;
}

export function sampleAt(times: ArrayLike<number>, t: number, rule: SamplingRule): number {
  return rule === 'nearest' ? nearest(times, t) : latestAtOrBefore(times, t);
}

/** How many median periods a held sample stays on screen before its pane empties. */
export const DEFAULT_HOLD_PERIODS = 3;
