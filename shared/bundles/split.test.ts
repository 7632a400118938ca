import { describe, expect, it } from 'vitest';
import { partOf } from './split.ts';

describe('a split', () => {
  it('keeps each recording where it is, whatever else is there, in about the shares asked for', () => {
    const shares = { train: 0.8, validation: 0.1, test: 0.1 };
    const counts: Record<string, number> = {};
    for (let n = 0; n < 5000; n++) {
      const part = partOf(`recording ${n}`, 'one', shares);
      counts[part] = (counts[part] ?? 0) + 1;
      expect(partOf(`recording ${n}`, 'one', { test: 0.1, validation: 0.1, train: 0.8 })).toBe(part);
    }
    expect(counts.train).toBeGreaterThan(3880);
    expect(counts.train).toBeLessThan(4120);
    expect(counts.test).toBeGreaterThan(400);
    expect(partOf('recording 1', 'one', { all: 1 })).toBe('all');
  });
});
