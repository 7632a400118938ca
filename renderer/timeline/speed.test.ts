import { describe, expect, it } from 'vitest';
import { bodySpeeds, isSamePose, isTracked } from './speed.ts';

const ms = 1e6;
const row = (x: number) => [x, 0, 0, 0, 0, 0, 1];

describe('the speed of a body', () => {
  it('is displacement over the recorded time, not over a nominal one', () => {
    const speeds = bodySpeeds([0, 40 * ms, 120 * ms], [...row(0), ...row(0.02), ...row(0.1)], 1e9);
    expect([...speeds]).toEqual([Number.NaN, expect.closeTo(0.5), expect.closeTo(1)]);
  });

  it('looks back far enough over a burst of stamps', () => {
    // 100 Hz motion at 1 m/s, delivered four at a time: stamps 0.1 ms apart, then 39.7 ms nothing.
    const times: number[] = [];
    const poses: number[] = [];
    for (let index = 0; index < 40; index++) {
      times.push(Math.floor(index / 4) * 40 * ms + (index % 4) * 0.1 * ms);
      poses.push(...row(index * 0.01));
    }
    const speeds = bodySpeeds(times, poses, 1e9).slice(8);
    expect(Math.max(...speeds)).toBeLessThan(2);
    expect(Math.min(...speeds)).toBeGreaterThan(0.2);
  });

  it('is unknown across a loss and where the body was not tracked', () => {
    const zero = [0, 0, 0, 0, 0, 0, 0];
    const poses = [...row(0), ...row(1), ...zero, ...row(2), ...row(3)];
    const speeds = bodySpeeds([0, 900 * ms, 940 * ms, 980 * ms, 1020 * ms], poses, 300 * ms);
    expect([...speeds].map((speed) => Number.isNaN(speed))).toEqual([true, true, true, true, false]);
    expect(isTracked(poses, 2)).toBe(false);
    expect(isTracked(poses, 9)).toBe(false);
  });

  it('knows a held pose', () => {
    const poses = [...row(1), ...row(1), ...row(1.0000001)];
    expect(isSamePose(poses, 1, 0)).toBe(true);
    expect(isSamePose(poses, 2, 1)).toBe(false);
  });
});
