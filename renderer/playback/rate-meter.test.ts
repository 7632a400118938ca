import { describe, expect, it } from 'vitest';
import { RateMeter, RecentMedian } from './rate-meter.ts';

describe('the rate meter', () => {
  it('counts events of the last second only', () => {
    const meter = new RateMeter();
    for (let ms = 0; ms < 3000; ms += 50) meter.add(ms);
    expect(meter.perSecond(2999)).toBeCloseTo(20, 0);
    expect(meter.perSecond(3500)).toBeLessThan(12);
    expect(meter.perSecond(9000)).toBe(0);
  });

  it('counts from a restart, not from the rest before it', () => {
    const meter = new RateMeter();
    meter.restart(10_000);
    for (let ms = 10_000; ms < 10_200; ms += 20) meter.add(ms);
    expect(meter.perSecond(10_200)).toBeCloseTo(50, 0);
    expect(meter.isFull(10_200)).toBe(false);
    expect(meter.isFull(11_000)).toBe(true);
  });
});

describe('the recent median', () => {
  it('forgets old values', () => {
    const recent = new RecentMedian(3);
    expect(recent.median()).toBeUndefined();
    for (const value of [100, 100, 100, 1, 2, 3]) recent.add(value);
    expect(recent.median()).toBe(2);
  });
});
