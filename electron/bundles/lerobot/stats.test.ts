import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIGURES, joinedStats, numberStats, PictureStats, sampledFrames } from './stats.ts';

const rows = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('statistics of a feature', () => {
  it('are those of all rows when parts are joined, and quantiles an envelope', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 6 }), (parts) => {
        const whole = numberStats(parts.flat(), 1);
        const joined = joinedStats(parts.map((part) => numberStats(part, 1)));
        expect(joined.count).toBe(whole.count);
        for (const name of ['min', 'max'] as const) expect(joined[name]).toEqual(whole[name]);
        for (const name of ['mean', 'std'] as const) expect(joined[name][0]).toBeCloseTo(whole[name][0] as number, 3);
        expect(joined.q01[0]).toBeLessThanOrEqual(joined.q50[0] as number);
        expect(joined.q99[0]).toBeLessThanOrEqual(whole.max[0] as number);
      }),
    );
  });

  it('are per component, with quantiles by interpolation', () => {
    const { mean, std, q50, q90, count } = numberStats([0, 10, 1, 20, 2, 30, 3, 40], 2);
    expect({ mean, std, q50, count }).toEqual({
      mean: [1.5, 25],
      std: [Math.sqrt(1.25), Math.sqrt(125)],
      q50: [1.5, 25],
      count: 4,
    });
    expect(q90[0]).toBeCloseTo(2.7, 12);
  });

  it('of pictures are by channel, red first whatever the order of the bytes', () => {
    const blue = new Uint8Array(16 * 16 * 3);
    for (let at = 0; at < blue.length; at += 3) blue.set([255, 128, 0], at);
    const stats = new PictureStats(16, 16, 'bgr24');
    stats.add(blue);
    const { mean, min, max, q50, count } = stats.stats();
    expect(mean).toEqual([0, 128 / 255, 1]);
    expect(min).toEqual(max);
    expect(q50).toEqual(mean);
    expect(count).toBe(1);
    expect(Object.keys(stats.stats())).toEqual(expect.arrayContaining([...FIGURES]));
  });

  it('look at the first and the last picture of an episode, and no more than there are', () => {
    expect([...sampledFrames(3)]).toEqual([0, 1, 2]);
    const many = sampledFrames(10_000);
    expect(many.size).toBe(1000);
    expect(many.has(0) && many.has(9999)).toBe(true);
  });
});
