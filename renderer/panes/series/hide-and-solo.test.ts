import { expect, it } from 'vitest';
import { soloed, toggled } from './hide-and-solo.ts';

const ALL = ['a', 'b', 'c'];

it('hides and shows one, but never the last one', () => {
  expect(toggled(ALL, [], 'b')).toEqual(['b']);
  expect(toggled(ALL, ['b'], 'b')).toEqual([]);
  expect(toggled(ALL, ['a', 'b'], 'c')).toEqual(['a', 'b']);
});

it('shows one alone, and all again by the same', () => {
  expect(soloed(ALL, ['b'], 'b').sort()).toEqual(['a', 'c']);
  expect(soloed(ALL, ['a', 'c'], 'b')).toEqual([]);
  expect(soloed(ALL, ['a', 'c'], 'c').sort()).toEqual(['a', 'b']);
});

it('leaves alone what is hidden of another recording', () => {
  expect(toggled(ALL, ['x', 'a'], 'a')).toEqual(['x']);
  expect(soloed(ALL, ['x', 'a', 'c'], 'b')).toEqual(['x']);
});
