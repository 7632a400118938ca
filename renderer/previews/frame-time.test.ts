import fc from 'fast-check';
import { expect, it } from 'vitest';
import { positionOf, tickAt, tickWithin } from './frame-time.ts';

it('finds every tick again, at every rate, by the time of its frame and by any position within it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40_000 }),
      fc.double({ min: 5, max: 120, noNaN: true }),
      fc.nat(),
      fc.double({ min: -0.0004, max: 0.0004, noNaN: true }),
      (ticks, rateHz, any, containerErrorS) => {
        const tick = any % ticks;
        // Containers tell their length to the millisecond.
        const clock = { ticks, durationS: ticks / rateHz + (ticks > 10 ? containerErrorS : 0) };
        expect(tickAt(clock, tick / rateHz)).toBe(tick);
        expect(tickWithin(clock, positionOf(clock, tick))).toBe(tick);
      },
    ),
  );
});

it('stays within what there is', () => {
  const clock = { ticks: 10, durationS: 1 };
  expect([tickAt(clock, -1), tickAt(clock, 5), positionOf(clock, 99), positionOf(clock, -5)]).toEqual([
    0, 9, 0.95, 0.05,
  ]);
  expect([tickAt({ ticks: 0, durationS: 0 }, 1), positionOf({ ticks: 0, durationS: 0 }, 1)]).toEqual([0, 0]);
});
