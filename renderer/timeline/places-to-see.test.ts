import { describe, expect, it } from 'vitest';
import { placeFrom, ticksToSee } from './places-to-see.ts';

describe('previous and next problem', () => {
  const marks = [50, 10, 50, 90].map((tick) => ({
    ticks: [tick, tick + 3] as const,
    text: '',
    shape: 'problem' as const,
    tone: 'bad' as const,
  }));

  it('stop once at each tick, in order', () => {
    expect(ticksToSee(marks)).toEqual([10, 50, 90]);
  });

  it('leave the place one stands at, and end at the ends', () => {
    const ticks = ticksToSee(marks);
    expect(placeFrom(ticks, 10, 1)).toBe(50);
    expect(placeFrom(ticks, 50, -1)).toBe(10);
    expect(placeFrom(ticks, 90, 1)).toBeUndefined();
    expect(placeFrom(ticks, 0, -1)).toBeUndefined();
  });
});
