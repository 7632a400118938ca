import { describe, expect, it } from 'vitest';
import { COMMON_KEYS, keyOf, keysToOffer, propertyOf } from './property-words.ts';

describe('properties as people write them', () => {
  it('become numbers and yes or no only where nothing is lost by it', () => {
    expect(['12', '-0.5', 'true', 'false'].map(propertyOf)).toEqual([12, -0.5, true, false]);
    for (const text of ['0012', '1e3', '+1', '12 V', '', 'True', '0x10', 'NaN', 'Infinity', '1.50'])
      expect(propertyOf(` ${text} `)).toBe(text);
  });

  it('have one way to write a key', () => {
    expect(keyOf(' Checkpoint ID')).toBe('checkpoint_id');
    expect(keyOf('checkpoint-id ')).toBe('checkpoint_id');
    expect(keyOf('   ')).toBe('');
  });

  it('offer what was used first, then what the recording has, and never what is said', () => {
    const offered = keysToOffer({ site: 'A' }, ['gripper', 'site'], ['operator']);
    expect(offered.slice(0, 3)).toEqual(['gripper', 'operator', 'checkpoint_id']);
    expect(offered).not.toContain('site');
    expect(new Set(offered).size).toBe(offered.length);
    expect(keysToOffer({}, [], [])).toEqual(COMMON_KEYS);
  });
});
