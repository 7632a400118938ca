import { expect, it } from 'vitest';
import { savedAtText } from './saved-at.ts';

it('says when it was saved, and the day where that was another', () => {
  const at = new Date(2026, 4, 9, 12, 3, 10);
  expect(savedAtText(at.toISOString(), new Date(2026, 4, 9, 23, 0))).toBe('Saved 12:03:10');
  expect(savedAtText(at.toISOString(), new Date(2026, 4, 10, 0, 0))).toBe('Saved 2026-05-09 12:03:10');
  expect(savedAtText('never', at)).toBe('Saved');
});
