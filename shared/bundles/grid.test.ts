import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERIOD, times } from '../../test/support/export-plans.ts';
import { gridOf } from './grid.ts';

describe('frames of a unit', () => {
  const jittered = fc
    .array(fc.double({ min: 0.5, max: 1.5, noNaN: true }), { minLength: 2, maxLength: 200 })
    .map((steps) => {
      let at = 0;
      return Float64Array.from(steps, (step) => (at += step * PERIOD));
    });

  it('stand at k / fps, each on the tick nearest to it, and the worst of them is told', () => {
    fc.assert(
      fc.property(jittered, fc.integer({ min: 1, max: 60 }), (recorded, fps) => {
        const rate = { numerator: fps, denominator: 1 };
        const { ticks, worstErrorNs, repeated, skipped } = gridOf(recorded, [0, recorded.length - 1], rate, PERIOD);
        let worst = 0;
        for (const [frame, tick] of ticks.entries()) {
          const at = (recorded[0] as number) + (frame * 1e9) / fps;
          const best = Math.min(...recorded.map((time) => Math.abs(time - at)));
          expect(Math.abs((recorded[tick] as number) - at)).toBe(best);
          worst = Math.max(worst, best);
        }
        expect(worstErrorNs).toBe(worst);
        expect(ticks.length - repeated + skipped).toBe(recorded.length);
        expect((ticks.length - 1) / fps).toBeLessThanOrEqual(
          ((recorded.at(-1) as number) - (recorded[0] as number)) / 1e9 + 1e-6,
        );
      }),
    );
  });

  it('are the ticks themselves at the native rate', () => {
    const { ticks, fps, worstErrorNs } = gridOf(times, [10, 40], 'native', PERIOD);
    expect([...ticks]).toEqual(Array.from({ length: 31 }, (_, n) => n + 10));
    expect(fps).toBeCloseTo(30, 9);
    expect(worstErrorNs).toBeLessThan(2);
  });
});
