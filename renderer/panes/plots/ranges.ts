import { robustTop } from '../../timeline/decimation.ts';
import type { PlotLine } from './plot-data.ts';

const LEAST_TOP = 0.05;

/** Around what is in sight, with some air. */
export function aroundValues(least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [0, 1];
  const air = Math.max((most - least) * 0.08, Math.abs(most) * 1e-6, 0.005);
  return [least - air, most + air];
}

/** From zero to what most values stay under, the same at any zoom: one spike of the clock must not flatten the rest. */
export function fromZero(lines: readonly PlotLine[]): (least: number | null, most: number | null) => [number, number] {
  let top: number | undefined;
  return () => {
    top ??= Math.max(...lines.map(({ signal }) => robustTop(signal.values, LEAST_TOP)), LEAST_TOP);
    return [0, top];
  };
}

/** From zero to the top of what is in sight: nothing of a stack is cut off. A limit above it is seen where it is near. */
export function stackRange(limits: readonly number[]): (least: number | null, most: number | null) => [number, number] {
  return (_, most) => {
    const top = Math.max(most ?? 0, LEAST_TOP);
    return [0, Math.max(top, ...limits.filter((limit) => limit < top * 2)) * 1.08];
  };
}

/** Around what is in sight and the limits beside it, as long as the curves keep a quarter of the height. */
export function withLimits(limits: readonly number[]): (least: number | null, most: number | null) => [number, number] {
  return (least, most) => {
    if (least === null || most === null || limits.length === 0) return aroundValues(least, most);
    const low = Math.min(least, ...limits);
    const high = Math.max(most, ...limits);
    const isNear = high - low <= (most - least) * 4;
    return isNear ? aroundValues(low, high) : aroundValues(least, most);
  };
}
