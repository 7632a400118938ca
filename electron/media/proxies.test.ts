import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { VideoProxies } from './proxies.ts';
import { temporaryFolder } from './testing.ts';

const place = temporaryFolder();
afterAll(() => place.remove());

test('copies belong to one state of a file, and the longest unused go first', async () => {
  let made = 0;
  const folder = place.at('playable');
  const media = {
    transcode: async ({ to }: { to: string }) => {
      made += 1;
      const { mkdir } = await import('node:fs/promises');
      await mkdir(folder, { recursive: true });
      writeFileSync(to, Buffer.alloc(1000));
    },
  };
  const proxies = new VideoProxies({ folder, media, limitBytes: 2500 });
  const none = new AbortController().signal;
  const make = (name: string) => proxies.make(place.at(name), none, () => undefined);
  for (const name of ['a.mp4', 'b.mp4', 'c.mp4']) writeFileSync(place.at(name), name);
  expect(await proxies.find(place.at('a.mp4'))).toBeUndefined();
  const a = await make('a.mp4');
  expect(await make('a.mp4')).toBe(a);
  expect(made).toBe(1);
  const b = await make('b.mp4');
  utimesSync(a, 1_000_000, 1_000_000);
  utimesSync(b, 2_000_000, 2_000_000);
  expect(await proxies.find(place.at('a.mp4'))).toBe(a);
  writeFileSync(`${folder}/note.txt`, 'not made here');
  const c = await make('c.mp4');
  // "a" was used since, so "b" had to go.
  expect([a, b, c].map(existsSync)).toEqual([true, false, true]);
  expect(readdirSync(folder)).toContain('note.txt');
  writeFileSync(place.at('a.mp4'), 'other frames');
  expect(await proxies.find(place.at('a.mp4'))).toBeUndefined();
  await expect(make('none.mp4')).rejects.toThrow(/not there any more/);
});
