import { expect, it } from 'vitest';
import { nearest } from './tactile-reference.ts';

it('stands in for a reference of another size by its nearest pixels', () => {
  const pixels = Uint8Array.from({ length: 4 * 2 * 3 }, (_, at) => at);
  const frame = { index: 5, width: 4, height: 2, pixels };
  expect(nearest(frame, 4, 2)).toEqual(frame);
  expect([...nearest(frame, 2, 1).pixels]).toEqual([15, 16, 17, 21, 22, 23]);
  expect(nearest(nearest(frame, 8, 4), 4, 2)).toEqual(frame);
});
