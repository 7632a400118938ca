import { describe, expect, it } from 'vitest';
import { PixelScale } from './pixel-scale.ts';

describe('stored or scaled pixels', () => {
  it('stays with stored pixels where the rate is held, also where a screen could show no more', () => {
    const scale = new PixelScale();
    expect(scale.observe({ nowMs: 1000, achievedPerSecond: 29, demandedPerSecond: 30 })).toBe(false);
    expect(scale.observe({ nowMs: 2000, achievedPerSecond: 55, demandedPerSecond: 240 })).toBe(false);
    expect(scale.current()).toBe('stored');
  });

  it('scales where the rate is not held and tries stored pixels again, less often each time', () => {
    const scale = new PixelScale();
    expect(scale.observe({ nowMs: 1000, achievedPerSecond: 12, demandedPerSecond: 30 })).toBe(true);
    expect(scale.current()).toBe('scaled');
    expect(scale.observe({ nowMs: 5000, achievedPerSecond: 30, demandedPerSecond: 30 })).toBe(false);
    expect(scale.observe({ nowMs: 9000, achievedPerSecond: 30, demandedPerSecond: 30 })).toBe(true);
    expect(scale.current()).toBe('stored');
    expect(scale.observe({ nowMs: 10_000, achievedPerSecond: 12, demandedPerSecond: 30 })).toBe(true);
    expect(scale.observe({ nowMs: 20_000, achievedPerSecond: 30, demandedPerSecond: 30 })).toBe(false);
    expect(scale.observe({ nowMs: 27_000, achievedPerSecond: 30, demandedPerSecond: 30 })).toBe(true);
  });

  it('gives scaling up where it shows no more ticks than stored pixels did', () => {
    const scale = new PixelScale();
    scale.observe({ nowMs: 1000, achievedPerSecond: 12, demandedPerSecond: 30 });
    expect(scale.observe({ nowMs: 2000, achievedPerSecond: 12.5, demandedPerSecond: 30 })).toBe(true);
    expect(scale.current()).toBe('stored');
    expect(scale.observe({ nowMs: 3000, achievedPerSecond: 12, demandedPerSecond: 30 })).toBe(false);
    expect(scale.current()).toBe('stored');
  });

  it('begins with stored pixels at every start of play', () => {
    const scale = new PixelScale();
    scale.observe({ nowMs: 1000, achievedPerSecond: 1, demandedPerSecond: 30 });
    scale.restart();
    expect(scale.current()).toBe('stored');
  });
});
