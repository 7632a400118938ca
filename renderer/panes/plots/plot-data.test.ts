import { describe, expect, it } from 'vitest';
import type { BodyTrack } from '../../../shared/geometry/body-track.ts';
import { plotData, positionCurves, speedCurves } from './plot-data.ts';

const MS = 1e6;

/** 100 Hz along x at 1 m/s, with a hole of 300 ms, and without tracking for the last 100 ms. */
function body(): BodyTrack {
  const times = Float64Array.from({ length: 100 }, (_, index) => (index < 50 ? index * 10 : index * 10 + 300) * MS);
  const poses = new Float64Array(700);
  for (let index = 0; index < 90; index += 1)
    poses.set([(times[index] as number) / 1e9, 0.5, 0.2, 0, 0, 0, 1], index * 7);
  return {
    ...{ id: 'b', name: 'b', side: null, upAxis: 'y', projected: false, rule: 'nearest' },
    ...{ times, poses, runStart: new Uint32Array(100) },
  };
}

describe('plot data', () => {
  it('has two points a column, on one x for all curves', () => {
    const curves = positionCurves([body(), body()]);
    const [x, ...y] = plotData(curves, { startNs: 0, endNs: 1300 * MS }, 130);
    expect(x.length).toBe(260);
    expect(y.length).toBe(6);
    expect(x.every((value, index) => index === 0 || value > (x[index - 1] as number))).toBe(true);
    expect(y[0]?.[20]).toBeCloseTo(0.1, 5);
    expect(y[1]?.[20]).toBeCloseTo(0.5, 5);
  });

  it('breaks at holes and losses, and joins what lies between two samples', () => {
    const [, xs] = plotData(positionCurves([body()]), { startNs: 0, endNs: 1300 * MS }, 520);
    const at = (ms: number) => xs?.[Math.floor((ms / 1300) * 520) * 2];
    expect(at(100)).toBeTypeOf('number');
    expect(at(104)).toBeUndefined();
    expect(at(650)).toBeNull();
    expect(at(1251)).toBeNull();
  });

  it('has speeds by the recorded time, nothing across a hole', () => {
    const [, speed] = plotData(speedCurves([body()]), { startNs: 0, endNs: 1300 * MS }, 130);
    expect(speed?.[60]).toBeCloseTo(1, 4);
    const numbers = (speed ?? []).filter((value) => typeof value === 'number');
    expect(Math.max(...numbers)).toBeLessThan(1.001);
  });
});
