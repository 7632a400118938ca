import type { Episode, Series } from '../../../shared/episode/episode.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import { lowerBound, nearest, type SamplingRule, sampleAt, upperBound } from '../../../shared/time/sampling.ts';
import type { EpisodeArrays } from '../../app/session.ts';
import { isTracked } from '../../timeline/speed.ts';
import type { TimeWindow } from '../../timeline/zoom.ts';

/** Parts of recorded numbers, as lines of a plot. Only what lies in the window is computed. */
export interface LinePart {
  times: Float64Array;
  values: Float64Array;
}

/** Indices of what is in the window, and one more on each side, so that a line reaches its edges; end excluded. */
function indicesWithin(times: Float64Array, { startNs, endNs }: TimeWindow, count = times.length): [number, number] {
  return [Math.max(0, lowerBound(times, startNs) - 1), Math.min(count, upperBound(times, endNs) + 1)];
}

export function sliceOf(times: Float64Array, values: ArrayLike<number>, window: TimeWindow): LinePart {
  const [from, to] = indicesWithin(times, window, Math.min(times.length, values.length));
  return {
    times: times.slice(from, to),
    values: Float64Array.from({ length: Math.max(0, to - from) }, (_, at) => values[from + at] as number),
  };
}

/** What lies between two rows of poses: a distance, an angle. */
type Between = (poses: ArrayLike<number>, a: number, b: number) => number;

/** Change a second between samples as recorded, at the later one of both. */
export function trackSpeeds(
  times: Float64Array,
  poses: Float64Array,
  window: TimeWindow,
  shortestStepSeconds: number,
  between: Between,
): LinePart {
  const [from, to] = indicesWithin(times, window);
  const values = Float64Array.from({ length: Math.max(0, to - from) }, (_, at) => {
    const index = from + at;
    if (index === 0) return Number.NaN;
    const seconds = ((times[index] as number) - (times[index - 1] as number)) / 1e9;
    return between(poses, index - 1, index) / Math.max(seconds, shortestStepSeconds);
  });
  return { times: times.slice(from, to), values };
}

/** Change a second between the poses shown at one tick and at the next, at the later one of both. */
export function tickSpeeds({
  ticks,
  times,
  poses,
  rule,
  window,
  isNominal,
  between,
}: {
  ticks: Float64Array;
  times: Float64Array;
  poses: Float64Array;
  rule: SamplingRule;
  window: TimeWindow;
  /** Every tick counts as a thirtieth of a second. */
  isNominal: boolean;
  between: Between;
}): LinePart {
  const [from, to] = indicesWithin(ticks, window);
  const rowAt = (tick: number) => sampleAt(times, ticks[tick] as number, rule);
  const values = Float64Array.from({ length: Math.max(0, to - from) }, (_, at) => {
    const tick = from + at;
    const [a, b] = [tick === 0 ? -1 : rowAt(tick - 1), rowAt(tick)];
    if (a < 0 || b < 0) return Number.NaN;
    const seconds = ((ticks[tick] as number) - (ticks[tick - 1] as number)) / 1e9;
    return between(poses, a, b) * (isNominal ? 30 : 1 / Math.max(seconds, 1e-9));
  });
  return { times: ticks.slice(from, to), values };
}

/** Seconds from each tick to the nearest sample of the window that holds a pose, before or after it. */
export function sampleAges(
  ticks: Float64Array,
  times: Float64Array,
  poses: Float64Array,
  window: TimeWindow,
): LinePart {
  const [first, end] = indicesWithin(times, window);
  const tracked = times.slice(first, end).filter((_, index) => isTracked(poses, first + index));
  const [from, to] = indicesWithin(ticks, window);
  const values = Float64Array.from({ length: Math.max(0, to - from) }, (_, at) => {
    const ns = ticks[from + at] as number;
    const sample = nearest(tracked, ns);
    return sample < 0 ? Number.NaN : Math.abs((tracked[sample] as number) - ns) / 1e9;
  });
  return { times: ticks.slice(from, to), values };
}

/** The column of a series that a finding is about: by the component's name, else (a command's is another) by its place. */
export function seriesColumn(
  series: Series,
  { times, values, width }: EpisodeArrays,
  { cause, series: ids }: Pick<Finding, 'cause' | 'series'>,
  { clocks, series: all }: Pick<Episode, 'clocks' | 'series'>,
  window: TimeWindow,
): (LinePart & { label: string; periodNs: number }) | undefined {
  const owner = all.find(({ id, components }) => ids.includes(id) && components.includes(cause ?? ''));
  const named = series.components.indexOf(cause ?? '');
  const column = cause === undefined ? 0 : named >= 0 ? named : (owner?.components.indexOf(cause) ?? -1);
  if (column < 0 || column >= width) return undefined;
  const [from, to] = indicesWithin(times, window, Math.min(times.length, Math.floor(values.length / width)));
  return {
    label: series.name,
    periodNs: clocks.find(({ id }) => id === series.clock)?.medianPeriodNs ?? Number.POSITIVE_INFINITY,
    times: times.slice(from, to),
    values: Float64Array.from(
      { length: Math.max(0, to - from) },
      (_, at) => values[(from + at) * width + column] as number,
    ),
  };
}

/** Seconds from each moment back to the one before it; the first has none. */
export function stepsOf(times: Float64Array, window: TimeWindow): LinePart {
  const [from, to] = indicesWithin(times, window);
  const within = times.slice(Math.max(0, from - 1), to);
  const values = within.map((ns, at) => (at === 0 ? Number.NaN : (ns - (within[at - 1] as number)) / 1e9));
  return { times: within, values };
}
