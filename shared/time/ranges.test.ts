import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTicks, coveredTicks, normalizeRanges, overlap, type TickRange, withoutRanges } from './ranges.ts';

const range = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([from, length]): TickRange => [from, from + length]);
const ticksOf = (ranges: readonly TickRange[]) =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n));

describe('ranges of ticks', () => {
  it('are the same ticks, sorted, disjoint and apart, once normal', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
        const normal = normalizeRanges(ranges);
        expect(ticksOf(normal)).toEqual([...new Set(ticksOf(ranges))].sort((a, b) => a - b));
        expect(countTicks(normal)).toBe(new Set(ticksOf(ranges)).size);
        for (let n = 1; n < normal.length; n++) {
          expect((normal[n] as TickRange)[0]).toBeGreaterThan((normal[n - 1] as TickRange)[1] + 1);
        }
      }),
    );
  });

  it('leave of another exactly what they do not cover', () => {
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 12 }), (whole, ranges) => {
        const taken = normalizeRanges(ranges);
        const covered = new Set(ticksOf(taken));
        const left = ticksOf([whole]).filter((tick) => !covered.has(tick));
        expect(ticksOf(withoutRanges(whole, taken))).toEqual(left);
        expect(coveredTicks(whole, taken)).toBe(whole[1] - whole[0] + 1 - left.length);
        expect(taken.some((one) => overlap(whole, one))).toBe(coveredTicks(whole, taken) > 0);
      }),
    );
  });
});
