import type { TickRange } from '../time/ranges.ts';
import { finiteOf, percentile, runningMedian } from './numbers.ts';
import type { IntensitySpikeSettings } from './settings.ts';
import { runsWhere, type TickSpan, widened } from './ticks.ts';

export interface IntensitySpikes {
  /** Every run of ticks above the limit, without the buffer. */
  spikes: [number, number][];
  /** The same with the buffer, joined where they touch: what is published. */
  buffered: TickRange[];
  /** What intensity was held against; NaN where there was nothing to compare with. */
  base: number;
  threshold: number;
}

/**
 * 5A, flicker of a gel's light: ticks whose intensity stands more than the threshold above the base. The base is the
 * percentile of the span; with "robust" of the ticks that are left when bursts of a few ticks, which stand more than
 * the threshold above the running median around them, are taken out. Ticks without a number are never spikes.
 */
export function detectIntensitySpikes(
  intensity: ArrayLike<number>,
  span: TickSpan,
  settings: IntensitySpikeSettings,
): IntensitySpikes {
  const { threshold, bufferTicks } = settings;
  const base = settings.rule === 'absolute' ? 0 : baseOf(intensity, span, settings);
  const spikes = runsWhere(span, (tick) => (intensity[tick] as number) - base > threshold);
  return { spikes, buffered: widened(spikes, bufferTicks, span), base, threshold };
}

function baseOf(intensity: ArrayLike<number>, { first, last }: TickSpan, settings: IntensitySpikeSettings): number {
  const { rule, threshold, medianTicks, longestBurstTicks } = settings;
  const within = new Float64Array(Math.max(0, last - first + 1));
  for (let at = 0; at < within.length; at++) within[at] = intensity[first + at] as number;
  if (rule === 'robust') {
    const medians = runningMedian(within, medianTicks);
    const stands = (at: number) => (within[at] as number) - (medians[at] as number) > threshold;
    for (const [a, b] of runsWhere({ first: 0, last: within.length - 1 }, stands))
      if (b - a + 1 <= longestBurstTicks) within.fill(Number.NaN, a, b + 1);
  }
  return percentile(finiteOf(within), settings.percentile);
}
