/** A stretch without samples: after sample `before` (time startNs) and until the next one (time endNs). */
export interface Gap {
  /** Index of the last sample before the gap; -1 for the stretch before the first. */
  readonly before: number;
  readonly startNs: number;
  readonly endNs: number;
}

/** A step of the master clock this many median periods long or longer is a gap in the recording. */
export const GAP_PERIODS = 1.5;

/** Steps of `times` (ascending ns) of at least `limitNs`. */
export function findGaps(times: ArrayLike<number>, limitNs: number): Gap[] {
  const gaps: Gap[] = [];
  if (!(limitNs > 0)) return gaps;
  for (let index = 1; index < times.length; index++) {
    const startNs = times[index - 1] as number;
    const endNs = times[index] as number;
    if (endNs - startNs >= limitNs) gaps.push({ before: index - 1, startNs, endNs });
  }
  return gaps;
}

/**
 * Where a stream or body has nothing to show although the recording runs: gaps between its samples plus the stretches
 * before its first and after its last sample, where they reach `limitNs`. One gap over all where it has no sample at all.
 */
export function findLosses(times: ArrayLike<number>, limitNs: number, startNs: number, endNs: number): Gap[] {
  const count = times.length;
  if (count === 0) return [{ before: -1, startNs, endNs }];
  const losses = findGaps(times, limitNs);
  const first = times[0] as number;
  const last = times[count - 1] as number;
  if (first - startNs >= limitNs) losses.unshift({ before: -1, startNs, endNs: first });
  if (endNs - last >= limitNs) losses.push({ before: count - 1, startNs: last, endNs });
  return losses;
}

/** Stretches of at least `minimumNs` over which each sample is the same as the one before it: held values. */
export function findHolds(
  times: ArrayLike<number>,
  isSame: (index: number, previous: number) => boolean,
  minimumNs: number,
): Gap[] {
  const holds: Gap[] = [];
  let start = 0;
  const close = (end: number) => {
    const startNs = times[start] as number;
    const endNs = times[end] as number;
    if (end > start && endNs - startNs >= minimumNs) holds.push({ before: start, startNs, endNs });
  };
  for (let index = 1; index < times.length; index++) {
    if (isSame(index, index - 1)) continue;
    close(index - 1);
    start = index;
  }
  if (times.length > 0) close(times.length - 1);
  return holds;
}

/** The gaps that overlap the window; `gaps` are ascending and disjoint. */
export function gapsWithin(gaps: readonly Gap[], startNs: number, endNs: number): readonly Gap[] {
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((gaps[middle] as Gap).endNs < startNs) low = middle + 1;
    else high = middle;
  }
  let to = low;
  while (to < gaps.length && (gaps[to] as Gap).startNs <= endNs) to++;
  return gaps.slice(low, to);
}
