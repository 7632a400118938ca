import { describe, expect, it } from 'vitest';
import { slope } from './statistics.ts';

describe('the slope of memory over minutes', () => {
  const minutes = Array.from({ length: 24 }, (_, index) => 1 + index / 6);

  it('is what grows steadily, whatever saw it grows in', () => {
    const saw = minutes.map((minute, index) => [minute, 200 + 3 * minute + (index % 5)] as const);
    expect(slope(saw)).toBeCloseTo(3, 0);
  });

  it('is not tilted by a sample at the top of a collection', () => {
    const flat = minutes.map((minute, index) => [minute, index === 22 ? 250 : 224 + (index % 3)] as const);
    expect(Math.abs(slope(flat))).toBeLessThan(0.3);
  });

  it('is none of one sample', () => {
    expect(slope([[1, 200]])).toBe(0);
  });
});
