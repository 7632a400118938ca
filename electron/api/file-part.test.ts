import { expect, test } from 'vitest';
import { rangeOf } from './file-part.ts';

test.each([
  [null, 'whole'],
  ['bytes=0-', { from: 0, to: 1000 }],
  ['bytes=999-', { from: 999, to: 1000 }],
  ['bytes=5-5', { from: 5, to: 6 }],
  ['bytes=-1', { from: 999, to: 1000 }],
  ['bytes=-5000', { from: 0, to: 1000 }],
  ['bytes=-0', 'none'],
  ['bytes=1000-', 'none'],
  ['bytes=1000-2000', 'none'],
  ['bytes=5-4', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['bytes=-', 'whole'],
  ['items=0-1', 'whole'],
  ['bytes=99999999999999999999-', 'whole'],
] as const)('the range %s of a thousand bytes', (header, expected) => {
  expect(rangeOf(header, 1000)).toEqual(expected);
});
