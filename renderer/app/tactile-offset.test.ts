import { expect, it } from 'vitest';
import { offsetToTell } from './tactile-offset.ts';

it('tells an offset that is set, and one that is suggested until it is taken', () => {
  const legacy = { ticks: 15, reason: 'Recorded on 2026-05-11, without GelSight timestamps.' };
  expect(offsetToTell(0, null)).toBeNull();
  expect(offsetToTell(0, legacy)).toBe('Tactile offset 0, suggested 15');
  expect(offsetToTell(3, legacy)).toBe('Tactile offset 3, suggested 15');
  expect(offsetToTell(15, legacy)).toBe('Tactile offset 15');
  expect(offsetToTell(-2, null)).toBe('Tactile offset -2');
});
