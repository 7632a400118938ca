import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlignmentFault, alignClocks, countingResidual, residualOf, toReference } from './alignment.ts';

const ppm = fc.double({ min: -500, max: 500, noNaN: true }).map((value) => value * 1e-6);
/** From monotonic clocks near zero to Unix time. */
const offset = fc.oneof(fc.double({ min: -5000, max: 5000, noNaN: true }), fc.constant(1_795_000_000.25));
const moments = fc
  .uniqueArray(fc.integer({ min: 0, max: 36_000 }), { minLength: 4, maxLength: 60 })
  .filter((list) => Math.max(...list) - Math.min(...list) > 100)
  .map((list) => list.sort((a, b) => a - b));

describe('aligning two clocks', () => {
  it('finds offset and drift again, to what a double holds', () => {
    fc.assert(
      fc.property(moments, offset, ppm, offset, (own, start, drift, begin) => {
        const stamps = own.map((second) => begin + second);
        const reference = own.map((second) => start + second * (1 + drift));
        const { line, residual } = alignClocks(stamps, reference);
        expect(residual.maxSeconds).toBeLessThan(2e-6);
        for (const second of [0, 18_000, 36_000]) {
          const off = toReference(line, begin + second) - (start + second * (1 + drift));
          // A line through stamps of 2e-7 s grain, carried as far as 360 times its own length.
          expect(Math.abs(off)).toBeLessThan(1e-3);
        }
      }),
    );
  });

  it('comes within the noise of its pairs', () => {
    const noise = fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(ppm, noise, (drift, wobble) => {
        const own = wobble.map((_, i) => i * 60);
        const reference = own.map((second, i) => 12.5 + second * (1 + drift) + (wobble[i] as number));
        const { line, residual } = alignClocks(own, reference);
        expect(residual.rmsSeconds).toBeLessThanOrEqual(0.0101);
        for (const second of own)
          expect(Math.abs(toReference(line, second) - 12.5 - second * (1 + drift))).toBeLessThan(0.021);
      }),
    );
  });

  it('does not take the noise of a few near pairs for drift, and says how far they are off', () => {
    const own = [10, 11, 12];
    const reference = [110.004, 110.999, 112.003];
    const { line, residual } = alignClocks(own, reference);
    expect(line.drift).toBe(0);
    expect(toReference(line, 3600)).toBeCloseTo(3700.002, 3);
    expect(residual).toMatchObject({ pairs: 3, worst: 1 });
    expect(residual.maxSeconds).toBeCloseTo(0.003, 6);
  });

  it('fits no drift to two pairs, whose disagreement then shows', () => {
    const { line, residual } = alignClocks([0, 3600], [5, 3605.2]);
    expect(line.drift).toBe(0);
    expect(residual.maxSeconds).toBeCloseTo(0.1, 9);
  });

  it('takes one pair for an offset', () => {
    const { line, residual } = alignClocks([2], [1_795_000_002.5]);
    expect(toReference(line, 3)).toBe(1_795_000_003.5);
    expect(residual).toEqual({ pairs: 1, rmsSeconds: 0, maxSeconds: 0, worst: 0 });
  });

  it('names the pair that is wrong', () => {
    const own = [0, 100, 200, 300, 400];
    const reference = own.map((second) => second + 7);
    reference[3] = 307.4;
    expect(alignClocks(own, reference).residual.worst).toBe(3);
  });

  it('measures other pairs by a line', () => {
    const line = { originSeconds: 0, offsetSeconds: 1, drift: 0 };
    expect(residualOf(line, [0, 1], [1, 2.5])).toMatchObject({ maxSeconds: 0.5, worst: 1 });
  });

  it('counts the worst of a few pairs, and the mean of many', () => {
    expect(countingResidual({ pairs: 5, rmsSeconds: 0.001, maxSeconds: 0.2 })).toBe(0.2);
    expect(countingResidual({ pairs: 5000, rmsSeconds: 0.001, maxSeconds: 0.2 })).toBe(0.001);
  });

  it.each([
    ['no-pairs', [], []],
    ['unpaired', [1, 2], [1]],
    ['not-finite', [1, Number.NaN], [1, 2]],
    ['not-finite', [1, 2], [1, Number.POSITIVE_INFINITY]],
    ['out-of-order', [1, 2, 3], [11, 13, 12]],
    ['no-spread', [5, 5, 5], [1, 1, 1]],
    ['absurd-drift', [0, 1000, 2000, 3000], [0, 1, 2, 3]],
    ['absurd-drift', [0, 10, 20, 30], [0, 9, 18, 27]],
  ])('refuses pairs that say nothing: %s', (code, own, reference) => {
    expect(() => alignClocks(own, reference)).toThrow(AlignmentFault);
    expect(() => alignClocks(own, reference)).toThrow(expect.objectContaining({ code }));
  });
});
