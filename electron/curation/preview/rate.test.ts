import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateOfPeriod } from './rate.ts';

describe('the rate of a preview', () => {
  it.each([
    [33_333_333, 30, 1],
    [33_366_667, 2997, 100],
    [40_000_000, 25, 1],
    [100_000_000, 10, 1],
    [1_000_000_000, 1, 1],
    [4_000_000_000, 1, 4],
    [66_666_667, 15, 1],
  ])('of a frame every %d ns is %d/%d', (periodNs, numerator, denominator) => {
    expect(rateOfPeriod(periodNs)).toEqual({ numerator, denominator });
  });

  it('is right to a millionth for every period of a camera, in numbers that a container can count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2_000_000, max: 2_000_000_000 }), (periodNs) => {
        const { numerator, denominator } = rateOfPeriod(periodNs) ?? { numerator: 0, denominator: 1 };
        expect(Math.abs(((numerator / denominator) * periodNs) / 1e9 - 1)).toBeLessThanOrEqual(1e-6);
        expect(Math.max(numerator, denominator)).toBeLessThanOrEqual(1_000_000);
      }),
    );
  });

  it('is none without a period', () => {
    for (const period of [null, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(rateOfPeriod(period)).toBeUndefined();
  });
});
