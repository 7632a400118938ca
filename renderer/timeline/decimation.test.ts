import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSignal, columnsOf, robustTop } from './decimation.ts';

describe('columns of a signal', () => {
  it('keep every extreme: the same as looking at each sample, at any length and zoom', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
        (count, widthPx, start, share, seed) => {
          const times = Float64Array.from({ length: count }, (_, index) => index * 10);
          const values = Float64Array.from({ length: count }, (_, index) =>
            (index * 7919 + seed) % 11 === 0 ? Number.NaN : Math.fround(((index * 104729 * seed) % 1013) - 500),
          );
          const startNs = start * count * 10;
          const window = { startNs, endNs: startNs + Math.max(1, share * count * 10) };
          const { least, most } = columnsOf(buildSignal(times, values), window, widthPx);
          const expectedLeast = new Float32Array(widthPx).fill(Number.NaN);
          const expectedMost = new Float32Array(widthPx).fill(Number.NaN);
          const perPx = (window.endNs - window.startNs) / widthPx;
          for (let column = 0; column < widthPx; column++) {
            const inside = values.filter(
              (value, index) =>
                !Number.isNaN(value) &&
                (times[index] as number) >= window.startNs + column * perPx &&
                (times[index] as number) < window.startNs + (column + 1) * perPx,
            );
            if (inside.length === 0) continue;
            expectedLeast[column] = Math.min(...inside);
            expectedMost[column] = Math.max(...inside);
          }
          expect(least).toEqual(expectedLeast);
          expect(most).toEqual(expectedMost);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of hours of data touch a small part of it', () => {
    const count = 2_000_000;
    const times = Float64Array.from({ length: count }, (_, index) => index * 1e7);
    const values = new Float64Array(count);
    let reads = 0;
    const counted = new Proxy(values, {
      get: (target, key) => {
        if (typeof key === 'string' && key !== 'length') reads++;
        return Reflect.get(target, key, target);
      },
    });
    const signal = { ...buildSignal(times, values), values: counted };
    columnsOf(signal, { startNs: 0, endNs: count * 1e7 }, 1000);
    expect(reads).toBeLessThan(count / 10);
  });
});

describe('the top of a scale', () => {
  it('is not moved by a few spikes', () => {
    const values = Float64Array.from({ length: 1000 }, (_, index) => (index % 40 === 7 ? 900 : 1));
    expect(robustTop(values, 0.1)).toBeCloseTo(2.5);
  });
  it('is the largest value where nothing sticks out', () => {
    const values = Float64Array.from({ length: 1000 }, (_, index) => index % 100);
    expect(robustTop(values, 0.1)).toBeCloseTo(99 * 1.05);
  });
  it('has a floor, and survives holes', () => {
    expect(robustTop([Number.NaN, 0, 0], 0.25)).toBe(0.25);
    expect(robustTop([], 0.25)).toBe(0.25);
  });
});
