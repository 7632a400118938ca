import { describe, expect, it } from 'vitest';
import { formatRate, formatSpeed, nextSpeed, shortfall } from './speeds.ts';

describe('speed', () => {
  it('steps up and down and stays at the ends', () => {
    expect(nextSpeed(1, 1)).toBe(1.5);
    expect(nextSpeed(1, -1)).toBe(0.75);
    expect(nextSpeed(8, 1)).toBe(8);
    expect(nextSpeed(0.1, -1)).toBe(0.1);
    expect(nextSpeed(1.2, 1)).toBe(1.5);
  });

  it('keeps the direction of play', () => {
    expect(nextSpeed(-2, 1)).toBe(-3);
    expect(nextSpeed(-2, -1)).toBe(-1.5);
  });

  it('is told with a sign and no needless digits', () => {
    expect([1, 0.25, -2, 1.5].map(formatSpeed)).toEqual(['1×', '0.25×', '−2×', '1.5×']);
  });

  it('that falls short is told, a small lag is not', () => {
    expect(shortfall(4, 3.1)).toBe('3.1×');
    expect(shortfall(-4, 2)).toBe('2×');
    expect(shortfall(1, 0.97)).toBeUndefined();
    expect(shortfall(1, 0)).toBeUndefined();
  });

  it('that is kept by leaving ticks out says how many', () => {
    expect(formatRate(30, 29.4)).toBe('29.4/s');
    expect(formatRate(119.9, 37)).toBe('37.0 of 120/s');
    expect(formatRate(30, 0)).toBe('');
  });
});
