import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDate, formatGap, formatRate } from './format.ts';

describe('numbers as people read them', () => {
  it('bytes in decimal units', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(999_600)).toBe('1.0 MB');
    expect(formatBytes(256e6)).toBe('256 MB');
    expect(formatBytes(1.44e9)).toBe('1.4 GB');
    expect(formatBytes(42e9)).toBe('42 GB');
  });

  it('counts, rates and gaps', () => {
    expect(formatCount(1, 'tick')).toBe('1 tick');
    expect(formatCount(12_345, 'tick')).toBe('12,345 ticks');
    expect(formatRate({ count: 31, firstNs: 0, lastNs: 1e9 })).toBe('30.0 Hz');
    expect(formatRate({ count: 2001, firstNs: 5e9, lastNs: 25e9 })).toBe('100.0 Hz');
    expect(formatRate({ count: 1, firstNs: 0, lastNs: 0 })).toBe('–');
    expect(formatRate({ count: 0, firstNs: null, lastNs: null })).toBe('–');
    expect(formatGap(33_366_700)).toBe('33.4 ms');
    expect(formatGap(12e9)).toBe('12.0 s');
    expect(formatGap(null)).toBe('–');
  });

  it('dates that are none stand as recorded', () => {
    expect(formatDate('yesterday')).toBe('yesterday');
    expect(formatDate(null)).toBe('–');
    expect(formatDate('2025-03-01T10:20:30')).toBe('2025-03-01 10:20:30');
  });
});
