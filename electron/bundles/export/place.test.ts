import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { changedSince, stampOf } from '../plan/stamp.ts';
import { checkedPlace, refuseFull } from './place.ts';

let base: string;
const at = (...below: string[]) => path.join(base, ...below);
beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp place ')));
  mkdirSync(at('lab', 'data'), { recursive: true });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

it('a bundle goes beside the recordings, never into them, by whatever link', async () => {
  expect(await checkedPlace(at('out', 'bundle'), at('lab'))).toBe(at('out', 'bundle'));
  expect(await checkedPlace(at('laboratory'), at('lab'))).toBe(at('laboratory'));
  await expect(checkedPlace(at('lab'), at('lab'))).rejects.toThrow('lies within the recordings');
  await expect(checkedPlace(at('lab', '..out'), at('lab'))).rejects.toThrow('lies within the recordings');
  symlinkSync(at('lab', 'data'), at('shortcut'));
  await expect(checkedPlace(at('shortcut', 'bundle'), at('lab'))).rejects.toThrow('lies within the recordings');
  await expect(checkedPlace(null, at('lab'))).rejects.toThrow('--out');
});

it('a bundle takes the place of nothing but an empty folder', async () => {
  mkdirSync(at('empty'));
  expect(await checkedPlace(at('empty'), at('lab'))).toBe(at('empty'));
  writeFileSync(at('empty', 'a.txt'), '');
  await expect(checkedPlace(at('empty'), at('lab'))).rejects.toThrow('is there already');
  await expect(checkedPlace(at('empty', 'a.txt'), at('lab'))).rejects.toThrow('is there already');
});

it('a disk without room is told before anything is written, with both numbers', async () => {
  await refuseFull(at('not', 'there', 'yet'), 1);
  await expect(refuseFull(at('not', 'there', 'yet'), 4e18)).rejects.toThrow(
    /needs about 4000000000\.0 GB, and .* has [\d.]+ [MG]B free: free some space/,
  );
});

it('a recording is another once any of its files was written to, replaced or taken away', async () => {
  const [own, video] = [at('lab', 'a.h5'), at('lab', 'a.mp4')];
  for (const file of [own, video]) writeFileSync(file, 'as it was');
  const opened = { path: own, opened: { files: [own, video] } } as unknown as OpenWorkstationEpisode;
  const stamp = await stampOf(opened);
  expect(await changedSince(stamp)).toBeNull();
  utimesSync(video, 1, 1);
  expect(await changedSince(stamp)).toBe(video);
  const again = await stampOf(opened);
  rmSync(own);
  expect(await changedSince(again)).toBe(own);
});
