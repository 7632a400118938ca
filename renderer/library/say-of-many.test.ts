import { describe, expect, it } from 'vitest';
import { faultsInShort } from './say-of-many.ts';

describe('faultsInShort', () => {
  it('says one in full and counts many', () => {
    expect(faultsInShort([])).toEqual([]);
    expect(faultsInShort(['a is damaged.'])).toEqual(['a is damaged.']);
    expect(faultsInShort(['a is damaged.', 'b is.'])).toEqual(['2 episodes were left out. The first: a is damaged.']);
  });
});
