import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lostReviews } from './lost-reviews.ts';

let storage: string;
beforeEach(() => {
  storage = mkdtempSync(path.join(os.tmpdir(), 'regrasp lost '));
});
afterEach(() => rmSync(storage, { recursive: true, force: true }));

const print = (letter: string) => letter.repeat(64);
function review(letter: string, file = 'ana.0.jsonl'): void {
  mkdirSync(path.join(storage, 'reviews', print(letter)), { recursive: true });
  writeFileSync(path.join(storage, 'reviews', print(letter), file), '');
}

it('tells a review of what is no recording any more, and none of one that is', async () => {
  expect(await lostReviews(storage, new Set())).toBeNull();
  review('a');
  review('b', 'snapshot.json');
  expect(await lostReviews(storage, new Set([print('a')]))).toBeNull();
  expect(await lostReviews(storage, new Set())).toBe(
    'A review (.regrasp/reviews/aaaaaaaaaaaa…) is of a recording that has changed since or lies elsewhere: what was said there is not exported. Restore the recording as it was, or review it anew.',
  );
  review('c');
  expect(await lostReviews(storage, new Set())).toMatch(/^2 reviews \(.*aaa… and others\) are of recordings that have/);
});

it('follows no link', async () => {
  review('a');
  const linked = path.join(storage, 'linked');
  mkdirSync(linked);
  symlinkSync(path.join(storage, 'reviews'), path.join(linked, 'reviews'));
  expect(await lostReviews(linked, new Set())).toBeNull();
});
