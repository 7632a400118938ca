import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_KEY_FRAMES } from '../../media/encode.ts';
import { longestFirst, sharedEncodings } from './shared-encodings.ts';

const run = (from: number, to: number) => Int32Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('units of one recording', () => {
  it('are cut out of a longer one that has all their frames, and that has a key frame where they begin', () => {
    const [failure, rollout, recovery] = [run(20, 60), run(0, 99), run(50, 75)];
    const cuts = [
      { from: 20, frames: 41 },
      { from: 50, frames: 26 },
    ];
    expect(sharedEncodings([failure, rollout, recovery])).toEqual([
      { within: { ticks: rollout, from: 20, cuts }, cuts: [] },
      { within: null, cuts },
      { within: { ticks: rollout, from: 50, cuts }, cuts: [] },
    ]);
    expect(longestFirst([failure, rollout, recovery])).toEqual([1, 0, 2]);
  });

  it('are encoded for themselves where no other has all their frames in a row', () => {
    const overlapping = [run(20, 60), run(50, 75)];
    // At half the rate, from a tick that the longer one does not show.
    const thinned = [Int32Array.of(0, 2, 4, 6, 8), Int32Array.of(3, 5, 7)];
    for (const units of [overlapping, thinned])
      expect(sharedEncodings(units)).toEqual(units.map(() => ({ within: null, cuts: [] })));
    expect(sharedEncodings([Int32Array.of(0, 2, 4, 6, 8), Int32Array.of(4, 6)])[1]?.within?.from).toBe(2);
    // A tick that stands behind several frames: the right one of them.
    expect(sharedEncodings([Int32Array.of(4, 4, 5, 6), Int32Array.of(4, 5, 6)])[1]?.within?.from).toBe(1);
  });

  it('of the same frames share one video', () => {
    expect(sharedEncodings([run(0, 9), run(0, 9)])[1]?.within).toMatchObject({ from: 0 });
  });

  it('are cut out of one that is cut out of none, and never too many of one', () => {
    const many = [run(0, 999), ...Array.from({ length: MOST_KEY_FRAMES + 5 }, (_, n) => run(n, n + 2))];
    expect(sharedEncodings(many)[0]?.cuts).toHaveLength(MOST_KEY_FRAMES);
    expect(sharedEncodings(many).filter(({ within }) => within === null)).toHaveLength(6);
    const range = fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => run(Math.min(a, b), Math.max(a, b)));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), (units) => {
        const order = longestFirst(units);
        for (const [at, { within, cuts }] of sharedEncodings(units).entries()) {
          const ticks = units[at] as Int32Array;
          for (const { from, frames } of cuts) expect(from + frames).toBeLessThanOrEqual(ticks.length);
          if (within === null) continue;
          expect(cuts).toEqual([]);
          expect(within.ticks.slice(within.from, within.from + ticks.length)).toEqual(ticks);
          expect(within.cuts).toContainEqual({ from: within.from, frames: ticks.length });
          expect(order.indexOf((units as readonly Int32Array[]).indexOf(within.ticks))).toBeLessThan(order.indexOf(at));
        }
      }),
    );
  });
});
