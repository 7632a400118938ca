import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepStamps, placeRows } from './stamps.ts';

const START = 1778400000.25;
const DAY = 24 * 3600;

function place(stamps: number[], earliestNs = Number.NEGATIVE_INFINITY): number[] | null {
  const seconds = Float64Array.from(stamps);
  const kept = keepStamps(seconds);
  return kept && [...placeRows(seconds, kept, kept.firstSeconds, earliestNs)];
}

/** Quarter seconds from START: exact in floating point. */
const quarters = (...at: number[]) => at.map((each) => START + each / 4);
const inNs = (...at: number[]) => at.map((each) => each * 250_000_000);

describe('stamps', () => {
  it('that jump ahead or back fall out alone, whatever follows them', () => {
    const sound = Array.from({ length: 12 }, (_, i) => i);
    for (const jump of [3600, -3600, 0.9, -0.9]) {
      for (const rows of [[5], [5, 6], [2, 8]]) {
        const stamps = quarters(...sound).map((stamp, row) => (rows.includes(row) ? stamp + jump : stamp));
        expect(place(stamps)).toEqual(inNs(...sound));
      }
    }
  });

  it('that are not usable leave their rows evenly between the neighbours, and beyond the ends at the median step', () => {
    const [a = 0, b = 0, c = 0] = quarters(0, 1, 5);
    expect(place([0, a, b, Number.NaN, 0, Number.POSITIVE_INFINITY, c, 1e300, -1])).toEqual(
      inNs(-4, 0, 1, 2, 3, 4, 5, 9, 13),
    );
    expect(place([0, 0, a, b], 0)).toEqual(inNs(0, 0, 0, 1));
  });

  it('further than thirty days from the middle are not usable, as of a computer that booted without a clock', () => {
    expect(place([100, ...quarters(0, 1, 2)], 0)).toEqual(inNs(0, 0, 1, 2));
    expect(place([START - 31 * DAY, ...quarters(0, 1, 2)], 0)).toEqual(inNs(0, 0, 1, 2));
    // A whole recording of such a computer is fine.
    expect(place([100, 100.25, 100.5])).toEqual(inNs(0, 1, 2));
  });

  it('say nothing about time when there are no two different ones', () => {
    for (const stamps of [[], [0], [0, 0], [Number.NaN], [START, START], [START, 0, 0], quarters(3, 2, 1)]) {
      expect(place(stamps)).toBeNull();
    }
    expect(place([START])).toEqual([0]);
  });

  it('keep every row of whatever was recorded in order, with safe integers', () => {
    const stamp = fc.oneof(
      { weight: 3, arbitrary: fc.double({ min: START - 10, max: START + 10 }) },
      fc.double(),
      fc.constantFrom(0, Number.NaN, 100, START - 29 * DAY, START + 29 * DAY),
    );
    fc.assert(
      fc.property(fc.array(stamp, { maxLength: 60 }), (stamps) => {
        const times = place(stamps);
        if (!times) return;
        expect(times).toHaveLength(stamps.length);
        for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThanOrEqual(times[i - 1] as number);
        expect(times.every(Number.isSafeInteger)).toBe(true);
      }),
    );
  });

  it('keep the longest ascent there is, and the very stamps of it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 12 }), (whole) => {
        const stamps = whole.map((each) => START + each);
        const kept = keepStamps(Float64Array.from(stamps));
        const longest = longestByTrying(whole);
        if (!kept) {
          // Then as many alike are the most there is.
          const alike = whole.map((value) => whole.filter((other) => other === value).length);
          expect(Math.max(...alike)).toBe(longest);
          return;
        }
        expect(kept.rows).toHaveLength(longest);
        expect([...kept.rows, ...kept.jumping].sort((a, b) => a - b)).toEqual(whole.map((_, row) => row));
        const times = placeRows(Float64Array.from(stamps), kept, START, Number.NEGATIVE_INFINITY);
        for (const row of kept.rows) expect(times[row]).toBe((whole[row] as number) * 1e9);
      }),
    );
  });

  it('of a sound recording are left as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }), (steps) => {
        const stamps = [START];
        for (const step of steps) stamps.push((stamps.at(-1) as number) + step / 100);
        expect(place(stamps)).toEqual(stamps.map((stamp) => Math.round((stamp - START) * 1e9)));
      }),
    );
  });
});

/** The quadratic way, to judge the quick one by. */
function longestByTrying(values: number[]): number {
  const lengths: number[] = [];
  values.forEach((value, at) => {
    lengths.push(1 + Math.max(0, ...lengths.filter((_, before) => (values[before] as number) <= value && before < at)));
  });
  return Math.max(...lengths);
}
