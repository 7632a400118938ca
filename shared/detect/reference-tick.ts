import { percentile } from './numbers.ts';
import type { DetectSettings } from './settings.ts';
import type { TickSpan } from './ticks.ts';

export type ReferenceDefinition = DetectSettings['reference'];

/**
 * "p01" has four published definitions. What each looks at, a number a tick (mean over the pixels of the Euclidean
 * distance of colours, or of the absolute difference):
 *
 * - first-at-percentile (default): distance to tick 0; the first tick at or below the 1st percentile.
 * - smoothed-minimum: distance to tick 0, averaged over 30 ticks as numpy.convolve(…, "same") does, nothing beyond the
 *   ends counting as 0; the smallest. The ends are therefore favoured.
 * - quietest-to-median: distance to the picture of per-pixel medians over time; the first tick at or below the 0.1th
 *   percentile.
 * - percentile-to-median: absolute difference to that picture; the first tick at or below the 1st percentile.
 */
export const REFERENCE_DISTANCE: Record<ReferenceDefinition, 'to-first' | 'to-median' | 'absolute-to-median'> = {
  'first-at-percentile': 'to-first',
  'smoothed-minimum': 'to-first',
  'quietest-to-median': 'to-median',
  'percentile-to-median': 'absolute-to-median',
};

const SMOOTHING_TICKS = 30;

/** The reference tick within the span, in the recording's own ticks; −1 where no tick has a number. */
export function chooseReferenceTick(
  definition: ReferenceDefinition,
  distances: ArrayLike<number>,
  { first, last }: TickSpan = { first: 0, last: distances.length - 1 },
): number {
  const within = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => distances[first + i] as number);
  if (definition === 'smoothed-minimum') {
    const at = smallest(boxMean(within, SMOOTHING_TICKS));
    return at < 0 ? -1 : first + at;
  }
  const limit = percentile(
    within.filter((value) => Number.isFinite(value)),
    definition === 'quietest-to-median' ? 0.1 : 1,
  );
  const at = within.findIndex((value) => value <= limit);
  return at < 0 ? -1 : first + at;
}

/** numpy.convolve(values, ones(width) / width, mode="same") for at least `width` values; NaN counts as itself. */
function boxMean(values: Float64Array, width: number): Float64Array {
  const means = new Float64Array(values.length);
  // Of the full convolution, "same" keeps the middle: it starts at (shorter − 1) / 2, rounded down.
  const shift = (Math.min(width, values.length) - 1) >> 1;
  for (let at = 0; at < values.length; at++) {
    let sum = 0;
    for (let i = Math.max(0, at + shift - width + 1); i <= Math.min(values.length - 1, at + shift); i++)
      sum += (values[i] as number) / width;
    means[at] = sum;
  }
  return means;
}

function smallest(values: Float64Array): number {
  let best = -1;
  for (let at = 0; at < values.length; at++) {
    if ((values[at] as number) < (best < 0 ? Number.POSITIVE_INFINITY : (values[best] as number))) best = at;
  }
  return best;
}
