import { expect, test } from 'vitest';
import { isAppAddress, START_ADDRESS } from './scheme.ts';

test.each([START_ADDRESS, 'regrasp://app/', 'regrasp://app/api/tick?x=1#y'])('%s is ours', (address) => {
  expect(isAppAddress(address)).toBe(true);
});

test.each([
  '',
  'regrasp:',
  'regrasp:///app/',
  'regrasp://app:1/',
  'regrasp://a@app/',
  'regrasp://app.x/',
  'https://app/',
])('"%s" is not', (address) => {
  expect(isAppAddress(address)).toBe(false);
});
