import type { BodyTrack } from '../../../shared/geometry/body-track.ts';
import { lowerBound } from '../../../shared/time/sampling.ts';
import { buildSignal, columnsOf, type Signal } from '../../timeline/decimation.ts';
import { bodySpeeds, isTracked } from '../../timeline/speed.ts';
import type { TimeWindow } from '../../timeline/zoom.ts';

/** What a plot needs of a curve to draw it. */
export interface PlotLine {
  signal: Signal;
  /** A hole between samples longer than this is a break, not a line. */
  gapNs: number;
}

export interface PlotCurve extends PlotLine {
  /** "x", "y", "z", or "" where the body has one value. */
  component: string;
  body: BodyTrack;
}

const GAP_PERIODS = 3;
const LEAST_GAP_NS = 100e6;
const MOST_PERIODS = 4096;

/** x, y and z of every body, metres. Samples without tracking are breaks. */
export function positionCurves(tracks: readonly BodyTrack[]): PlotCurve[] {
  return tracks.flatMap((body) =>
    ['x', 'y', 'z'].map((component, axis) => {
      const values = Float64Array.from(body.times, (_, index) =>
        isTracked(body.poses, index) ? (body.poses[index * 7 + axis] as number) : Number.NaN,
      );
      return { component, body, signal: buildSignal(body.times, values), gapNs: gapOf(body.times) };
    }),
  );
}

/** Speed of every body in m/s by the recorded time, the same numbers as the timeline's; NaN across a loss. */
export function speedCurves(tracks: readonly BodyTrack[]): PlotCurve[] {
  return tracks.map((body) => ({
    component: '',
    body,
    signal: buildSignal(body.times, bodySpeeds(body.times, body.poses, gapOf(body.times))),
    gapNs: gapOf(body.times),
  }));
}

/**
 * Curves reduced to the width of a plot, as uPlot wants them: two points a pixel column (least and most), x in seconds,
 * all curves on the same x. undefined joins its neighbours, null breaks the line.
 */
export function plotData(
  lines: readonly PlotLine[],
  window: TimeWindow,
  widthPx: number,
): [x: number[], ...y: (number | null | undefined)[][]] {
  const count = Math.max(2, Math.floor(widthPx));
  const stepNs = (window.endNs - window.startNs) / count;
  const x: number[] = [];
  for (let column = 0; column < count; column += 1) {
    x.push((window.startNs + (column + 0.25) * stepNs) / 1e9, (window.startNs + (column + 0.75) * stepNs) / 1e9);
  }
  const y = lines.map(({ signal, gapNs }) => {
    const { least, most } = columnsOf(signal, window, count);
    const values: (number | null | undefined)[] = [];
    for (let column = 0; column < count; column += 1) {
      const low = least[column] as number;
      const high = most[column] as number;
      if (!Number.isNaN(low)) values.push(low, high === low ? undefined : high);
      else values.push(isBreak(signal, window.startNs + column * stepNs, stepNs, gapNs) ? null : undefined, undefined);
    }
    return values;
  });
  return [x, ...y];
}

/** Whether a column without a value stands in a hole of the recording (or of tracking), and not just between two samples. */
function isBreak({ times, values }: Signal, startNs: number, stepNs: number, gapNs: number): boolean {
  const next = lowerBound(times, startNs + stepNs);
  const first = lowerBound(times, startNs);
  if (first < next) return true;
  if (next === 0 || next >= times.length) return true;
  if (Number.isNaN(values[next] as number) || Number.isNaN(values[next - 1] as number)) return true;
  return (times[next] as number) - (times[next - 1] as number) > gapNs;
}

/** Longest time between two samples that a line bridges: a few thousand periods tell the usual one as well as all do. */
export function gapOf(times: Float64Array): number {
  if (times.length < 3) return LEAST_GAP_NS;
  const count = Math.min(times.length - 1, MOST_PERIODS);
  const periods = Float64Array.from({ length: count }, (_, at) => {
    const sample = Math.floor((at * (times.length - 1)) / count);
    return (times[sample + 1] as number) - (times[sample] as number);
  });
  periods.sort();
  return Math.max((periods[periods.length >> 1] as number) * GAP_PERIODS, LEAST_GAP_NS);
}
