import { describe, expect, it } from 'vitest';
import { createPlayOrder } from './play-order.ts';
import { nextToAsk, pickToPaint } from './read-ahead.ts';

const periodNs = 33e6;
const order = createPlayOrder(
  Float64Array.from({ length: 100 }, (_, tick) => tick * periodNs),
  null,
  periodNs,
);
const question = {
  order,
  direction: 1 as const,
  lastAsked: undefined as number | undefined,
  shown: 9,
  clockNs: 10 * periodNs,
  latencyMs: 20,
  nsPerMs: 1e6,
  depth: 3,
};

describe('what to ask for next', () => {
  it('asks for every tick in turn up to the depth while they come in time', () => {
    const asked: number[] = [];
    for (let lastAsked: number | undefined; ; ) {
      const next = nextToAsk({ ...question, lastAsked });
      if (next === undefined) break;
      asked.push(next);
      lastAsked = next;
    }
    expect(asked).toEqual([10, 11, 12, 13]);
  });

  it('leaves out what would come too late', () => {
    expect(nextToAsk({ ...question, lastAsked: 10, latencyMs: 5 * 33 })).toBe(15);
    expect(nextToAsk({ ...question, lastAsked: 10, nsPerMs: 8e6, latencyMs: 33 })).toBe(18);
  });

  it('runs backward the same way and stops at both ends', () => {
    expect(nextToAsk({ ...question, direction: -1, nsPerMs: -1e6, shown: 11, lastAsked: 10 })).toBe(9);
    expect(
      nextToAsk({ ...question, direction: -1, nsPerMs: -1e6, shown: 1, lastAsked: 0, clockNs: 0 }),
    ).toBeUndefined();
    expect(nextToAsk({ ...question, shown: 98, lastAsked: 99, clockNs: 99 * periodNs })).toBeUndefined();
  });

  it('never asks for the last tick again although the clock has run past it', () => {
    expect(nextToAsk({ ...question, shown: 97, lastAsked: 98, clockNs: 500 * periodNs })).toBe(99);
    expect(nextToAsk({ ...question, shown: 98, lastAsked: 99, clockNs: 500 * periodNs })).toBeUndefined();
  });
});

describe('what to paint now', () => {
  const pick = { ready: [10, 11, 12, 15], shown: 9, due: 12, direction: 1 as const, ticksPerFrame: 0.5 };

  it('paints a late tick before the next one where frames come faster than ticks', () => {
    expect(pickToPaint({ ...pick, due: 11 })).toBe(10);
    expect(pickToPaint(pick)).toBe(10);
  });

  it('catches up when it is too far behind', () => {
    expect(pickToPaint({ ...pick, due: 14 })).toBe(12);
  });

  it('paints the newest due where ticks come faster than frames', () => {
    expect(pickToPaint({ ...pick, ticksPerFrame: 2 })).toBe(12);
  });

  it('never paints what is not due or already past', () => {
    expect(pickToPaint({ ...pick, due: 9 })).toBeUndefined();
    expect(pickToPaint({ ...pick, shown: 15, due: 20 })).toBeUndefined();
    expect(pickToPaint({ ...pick, shown: 16, due: 11, direction: -1 })).toBe(11);
    expect(pickToPaint({ ...pick, shown: 12, due: 10, direction: -1 })).toBe(11);
  });
});
