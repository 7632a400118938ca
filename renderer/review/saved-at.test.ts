import { expect, it } from 'vitest';
import type { Review } from '../../shared/review/review.ts';
import { isFromBefore, savedAtText } from './saved-at.ts';

it('says when it was saved, and the day where that was another', () => {
  const at = new Date(2026, 4, 9, 12, 3, 10);
  expect(savedAtText(at.toISOString(), new Date(2026, 4, 9, 23, 0))).toBe('Saved 12:03:10');
  expect(savedAtText(at.toISOString(), new Date(2026, 4, 10, 0, 0))).toBe('Saved 2026-05-09 12:03:10');
  expect(savedAtText('never', at)).toBe('Saved');
});

it('knows what is from before of one person in one recording', () => {
  const told = (savedAt: string | null, annotator = 'ada', fingerprint = 'f') =>
    ({ savedAt, annotator, fingerprint }) as Review;
  const shown = told('2026-05-09T12:00:01.000Z');
  expect(isFromBefore(told('2026-05-09T12:00:00.999Z'), shown)).toBe(true);
  expect(isFromBefore(told(null), shown)).toBe(true);
  expect(isFromBefore(told('2026-05-09T12:00:01.000Z'), shown)).toBe(false);
  expect(isFromBefore(told('2026-05-09T11:00:00.000Z', 'ben'), shown)).toBe(false);
  expect(isFromBefore(told('2026-05-09T11:00:00.000Z', 'ada', 'g'), shown)).toBe(false);
  expect(isFromBefore(shown, null)).toBe(false);
});
