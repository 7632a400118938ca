import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlayOrder } from './play-order.ts';

const times = Float64Array.from([0, 30, 70, 100, 400, 430]);

describe('the order of play', () => {
  it('is the ticks themselves without a loop, and stays inside the recording', () => {
    const order = createPlayOrder(times, null, 30);
    expect(order.tickOf(3)).toBe(3);
    expect(order.dueAt(99, 1)).toBe(2);
    expect(order.dueAt(100, 1)).toBe(3);
    expect(order.dueAt(399, 1)).toBe(3);
    expect(order.dueAt(1e9, 1)).toBe(5);
    expect(order.dueAt(-5, 1)).toBe(0);
  });

  it('takes the tick at or after the time when play runs backward', () => {
    const order = createPlayOrder(times, null, 30);
    expect(order.dueAt(100, -1)).toBe(3);
    expect(order.dueAt(99, -1)).toBe(3);
    expect(order.dueAt(-1, -1)).toBe(0);
  });

  it('goes round a loop for ever, both ways', () => {
    const order = createPlayOrder(times, [1, 3], 30);
    expect([1, 2, 3, 4, 5, 6, 7].map((place) => order.tickOf(place))).toEqual([1, 2, 3, 1, 2, 3, 1]);
    expect([0, -1, -2, -3].map((place) => order.tickOf(place))).toEqual([3, 2, 1, 3]);
    expect(order.timeOf(4)).toBe(30 + 100);
    expect(order.timeOf(0)).toBe(100 - 100);
  });

  it('names the due place by its time on the unrolled axis, loop or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 4, maxLength: 20 }),
        fc.integer({ min: -60, max: 60 }),
        fc.boolean(),
        (steps, place, isLooped) => {
          let at = 0;
          const clock = Float64Array.from(steps, (step) => (at += step));
          const loop = isLooped ? ([1, clock.length - 2] as const) : null;
          const order = createPlayOrder(clock, loop, 7);
          const inside = isLooped ? place : Math.min(Math.abs(place), clock.length - 1);
          expect(order.dueAt(order.timeOf(inside), 1)).toBe(inside);
          expect(order.dueAt(order.timeOf(inside), -1)).toBe(inside);
        },
      ),
    );
  });
});
