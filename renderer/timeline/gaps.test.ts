import { describe, expect, it } from 'vitest';
import { findGaps, findHolds, findLosses, gapsWithin } from './gaps.ts';

describe('gaps', () => {
  it('are the steps that reach the limit, named by the sample before them', () => {
    expect(findGaps([0, 33, 66, 166, 199, 249], 50)).toEqual([
      { before: 2, startNs: 66, endNs: 166 },
      { before: 4, startNs: 199, endNs: 249 },
    ]);
  });

  it('need a limit', () => {
    expect(findGaps([0, 100], 0)).toEqual([]);
    expect(findGaps([0, 100], Number.NaN)).toEqual([]);
  });

  it('of a body include a late start, an early end and having nothing', () => {
    expect(findLosses([200, 210, 220], 50, 0, 400)).toEqual([
      { before: -1, startNs: 0, endNs: 200 },
      { before: 2, startNs: 220, endNs: 400 },
    ]);
    expect(findLosses([], 50, 0, 400)).toEqual([{ before: -1, startNs: 0, endNs: 400 }]);
    expect(findLosses([10, 20, 30], 50, 0, 40)).toEqual([]);
  });

  it('hold where values do not change for long enough', () => {
    const values = [1, 1, 1, 1, 2, 3, 3];
    const times = [0, 10, 20, 30, 40, 50, 60];
    const isSame = (a: number, b: number) => values[a] === values[b];
    expect(findHolds(times, isSame, 30)).toEqual([{ before: 0, startNs: 0, endNs: 30 }]);
    expect(findHolds(times, isSame, 10)).toEqual([
      { before: 0, startNs: 0, endNs: 30 },
      { before: 5, startNs: 50, endNs: 60 },
    ]);
    expect(findHolds([], isSame, 10)).toEqual([]);
  });

  it('within a window are those that overlap it', () => {
    const gaps = findLosses([0, 100, 200, 300, 400], 50, 0, 400);
    expect(gapsWithin(gaps, 150, 250).map((gap) => gap.before)).toEqual([1, 2]);
    expect(gapsWithin(gaps, 500, 600)).toEqual([]);
  });
});
