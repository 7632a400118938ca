import { describe, expect, it } from 'vitest';
import { ownLanes } from './marks/mark-lanes.ts';
import { failureOf, marksOf, recoveryOf, ticksOf } from './marks/testing.ts';
import { placeFrom, ticksToSee } from './places-to-see.ts';

describe('previous and next problem', () => {
  const marks = [50, 10, 50, 90].map((tick) => ({
    ticks: [tick, tick + 3] as const,
    text: '',
    shape: 'problem' as const,
    tone: 'bad' as const,
  }));

  const lanes = [{ content: { kind: 'marks' as const, marks } }];

  it('stop once at each tick, in order', () => {
    expect(ticksToSee(lanes)).toEqual([10, 50, 90]);
  });

  it('stop where a failure is seen and where anything else begins', () => {
    const own = ownLanes(marksOf({ failures: { f: failureOf() }, recoveries: { r: recoveryOf() } }), ticksOf(900));
    expect(ticksToSee([...lanes, ...own])).toEqual([10, 50, 90, 300, 340]);
  });

  it('leave the place one stands at, and end at the ends', () => {
    const ticks = ticksToSee(lanes);
    expect(placeFrom(ticks, 10, 1)).toBe(50);
    expect(placeFrom(ticks, 50, -1)).toBe(10);
    expect(placeFrom(ticks, 90, 1)).toBeUndefined();
    expect(placeFrom(ticks, 0, -1)).toBeUndefined();
  });
});
