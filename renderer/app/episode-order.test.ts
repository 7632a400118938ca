import { expect, it } from 'vitest';
import { neighbourOf } from './episode-order.ts';

it('steps through the shown order and stops at its ends', () => {
  const ids = ['a', 'b', 'c'];
  expect(neighbourOf(ids, 'b', 1)).toBe('c');
  expect(neighbourOf(ids, 'b', -1)).toBe('a');
  expect(neighbourOf(ids, 'c', 1)).toBeUndefined();
  expect(neighbourOf(ids, 'a', -1)).toBeUndefined();
  expect(neighbourOf(ids, 'filtered away', 1)).toBe('a');
  expect(neighbourOf(ids, null, -1)).toBe('c');
  expect(neighbourOf([], null, 1)).toBeUndefined();
});
