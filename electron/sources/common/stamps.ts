import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import { nthSmallest } from './nth-smallest.ts';

/**
 * Which recorded stamps can be trusted, and where the rows stand whose stamp cannot. The rule, which copied Python
 * follows too (electron/review/python-times.ts):
 *
 * 1. A stamp is usable when it is finite, above zero (unwritten rows hold zero) and within 30 days of the clock's median.
 * 2. Of the usable ones the longest subsequence that never goes back is kept: a stamp that jumps ahead or back falls
 *    out alone, and not the ones that follow it. Equal stamps are held samples and stay.
 * 3. A row that is not kept stands evenly between the kept rows around it; before the first and after the last kept
 *    row the clock goes on at its median step.
 *
 * A clock of several rows that keeps no two different stamps says nothing about time.
 */

export const MAX_SECONDS_FROM_MEDIAN = 30 * 24 * 3600;
const MAX_EXTRAPOLATED_NS = MAX_SECONDS_FROM_MEDIAN * NS_PER_SECOND;

export interface KeptStamps {
  /** Rows whose stamps are kept, ascending. */
  rows: Int32Array;
  /** The first kept stamp, Unix seconds. */
  firstSeconds: number;
  /** Of all usable stamps. */
  medianSeconds: number;
  /** Rows that have no usable stamp, ascending. */
  unusable: number[];
  /** Rows whose usable stamp does not fit between the others, ascending. */
  jumping: number[];
}

/** Null when the stamps say nothing about time. */
export function keepStamps(seconds: Float64Array): KeptStamps | null {
  const written = seconds.filter(isWritten);
  if (written.length === 0) return null;
  const medianSeconds = nthSmallest(written, written.length >> 1);
  const isUsable = (stamp: number) => isWritten(stamp) && Math.abs(stamp - medianSeconds) <= MAX_SECONDS_FROM_MEDIAN;
  const rows = longestAscent(seconds, isUsable);
  const firstSeconds = seconds[rows[0] as number] as number;
  const lastSeconds = seconds[rows.at(-1) as number] as number;
  if (seconds.length > 1 && firstSeconds === lastSeconds) return null;
  const unusable: number[] = [];
  const jumping: number[] = [];
  let next = 0;
  seconds.forEach((stamp, row) => {
    if (rows[next] === row) next++;
    else (isUsable(stamp) ? jumping : unusable).push(row);
  });
  return { rows, firstSeconds, medianSeconds, unusable, jumping };
}

function isWritten(seconds: number): boolean {
  return Number.isFinite(seconds) && seconds > 0;
}

/** Rows of the longest non-descending subsequence of the usable values, O(n log n); of equally long ones the lowest. */
function longestAscent(values: Float64Array, isUsable: (value: number) => boolean): Int32Array {
  // ends[k] is the row with the lowest value that an ascent of k + 1 rows can end with.
  const ends: number[] = [];
  const before = new Int32Array(values.length);
  values.forEach((value, row) => {
    if (!isUsable(value)) return;
    // Nearly always the value goes on where the longest ascent stands.
    const goesOn = ends.length === 0 || (values[ends[ends.length - 1] as number] as number) <= value;
    let low = goesOn ? ends.length : 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((values[ends[middle] as number] as number) <= value) low = middle + 1;
      else high = middle;
    }
    before[row] = low === 0 ? -1 : (ends[low - 1] as number);
    ends[low] = row;
  });
  const rows = new Int32Array(ends.length);
  for (let at = ends.length - 1, row = ends[at] ?? -1; at >= 0; at--) {
    rows[at] = row;
    row = before[row] as number;
  }
  return rows;
}

/** Nanoseconds from `startSeconds` for every row, non-descending safe integers; none lies before `earliestNs`. */
export function placeRows(
  seconds: Float64Array,
  { rows }: KeptStamps,
  startSeconds: number,
  earliestNs: number,
): Float64Array {
  const times = new Float64Array(seconds.length);
  // Subtracted before scaling: Unix seconds in nanoseconds would not be exact.
  for (const row of rows) times[row] = Math.round(((seconds[row] as number) - startSeconds) * NS_PER_SECOND);
  for (let at = 1; at < rows.length; at++) {
    const from = rows[at - 1] as number;
    const to = rows[at] as number;
    if (to === from + 1) continue;
    const slope = ((times[to] as number) - (times[from] as number)) / (to - from);
    for (let row = from + 1; row < to; row++) times[row] = Math.round(slope * (row - from) + (times[from] as number));
  }
  const first = rows[0] as number;
  const last = rows.at(-1) as number;
  const goesBeyond = first > 0 || last < times.length - 1;
  const stepNs = goesBeyond ? medianStep(times, rows) : 0;
  for (let row = 0; row < first; row++) times[row] = (times[first] as number) - stepNs * (first - row);
  for (let row = last + 1; row < times.length; row++) times[row] = (times[last] as number) + stepNs * (row - last);
  return earliestNs === Number.NEGATIVE_INFINITY ? times : times.map((ns) => Math.max(earliestNs, ns));
}

/** Median distance of different kept stamps; 0 where going on by it would leave what a clock can tell. */
function medianStep(times: Float64Array, rows: Int32Array): number {
  const steps = Float64Array.from(
    rows.subarray(1),
    (row, at) => (times[row] as number) - (times[rows[at] as number] as number),
  );
  const different = steps.filter((step) => step > 0);
  const step = different.length === 0 ? 0 : nthSmallest(different, different.length >> 1);
  return step * (times.length - rows.length) <= MAX_EXTRAPOLATED_NS ? step : 0;
}
