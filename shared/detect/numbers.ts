/**
 * NumPy's conventions, so that results are those of the usual Python: percentiles by linear interpolation, halves
 * rounded to the even neighbour, linspace cut to whole numbers. All arithmetic is in doubles.
 */

/** numpy.percentile(values, percent) of finite values; NaN for none. The values are not changed. */
export function percentile(values: ArrayLike<number>, percent: number): number {
  return percentileOfSorted(new Float64Array(values).sort(), percent);
}

/** The same of values in ascending order, for several percentiles of them. */
export function percentileOfSorted(sorted: Float64Array, percent: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * (percent / 100);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  const [low, high] = [sorted[below] as number, sorted[above] as number];
  const share = place - below;
  // From the nearer end, as NumPy does: the other way round differs in the last bit.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

/** Those that are numbers. */
export function finiteOf(values: Float64Array): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (Number.isFinite(value)) kept[count++] = value;
  }
  return kept.subarray(0, count);
}

/** numpy.diff. */
export function differences(values: Float64Array): Float64Array {
  const steps = new Float64Array(Math.max(0, values.length - 1));
  for (let at = 0; at < steps.length; at++) steps[at] = (values[at + 1] as number) - (values[at] as number);
  return steps;
}

/** numpy.median; NaN for none. */
export function median(values: ArrayLike<number>): number {
  const sorted = new Float64Array(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Python's round: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Python's round(value, digits), as far as doubles tell: for what is written into files. */
export function roundTo(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Number.isFinite(value) ? roundHalfEven(value * scale) / scale : value;
}

/** numpy.linspace(from, to, count).astype(int). */
export function linspaceIndices(from: number, to: number, count: number): number[] {
  if (count === 1) return [Math.trunc(from)];
  const step = (to - from) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? Math.trunc(to) : Math.trunc(i * step + from)));
}

/**
 * Median of the `width` values around each one (odd), the ends mirrored without repeating the last value
 * (numpy.pad(…, mode="reflect")). NaN is taken as larger than all.
 */
export function runningMedian(values: ArrayLike<number>, width: number): Float64Array {
  const half = width >> 1;
  const count = values.length;
  const medians = new Float64Array(count);
  const around = new Float64Array(width);
  for (let at = 0; at < count; at++) {
    for (let i = 0; i < width; i++) around[i] = values[reflected(at + i - half, count)] as number;
    sortFew(around);
    medians[at] = around[half] as number;
  }
  return medians;
}

/** A place beyond the ends of 0 … count−1, mirrored back in as often as it takes. */
function reflected(place: number, count: number): number {
  if (count === 1) return 0;
  const period = 2 * (count - 1);
  const within = ((place % period) + period) % period;
  return within < count ? within : period - within;
}

/** By insertion: far faster than a general sort for a handful, and this runs for every tick while a threshold moves. */
function sortFew(values: Float64Array): void {
  for (let at = 1; at < values.length; at++) {
    const value = values[at] as number;
    let to = at;
    while (to > 0 && !((values[to - 1] as number) <= value)) {
      values[to] = values[to - 1] as number;
      to--;
    }
    values[to] = value;
  }
}
