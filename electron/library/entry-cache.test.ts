import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../shared/api/library.ts';
import type { FileFacts } from '../sources/source.ts';
import { EntryCache, type KnownFile, portionsOf } from './entry-cache.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regrasp entries '));
  file = path.join(folder, 'cache', 'entries.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entryOf = (below: string) => ({ path: below, instruction: 'Fill the bag. '.repeat(20), problems: [] }) as object;
const known = (below: string, recordings = 1): KnownFile => ({
  ...{ sizeBytes: 7, modifiedMs: 1.5, stated: '{}', source: 'bag' },
  entries: Array.from({ length: recordings }, (_, i) => entryOf(`${below}::${i}`) as LibraryEntry),
  untried: [`${below}::0`],
  marks: [{ path: `${below}.mp4`, modifiedMs: null, sizeBytes: 0 }],
});
const files = (count: number) => new Map(Array.from({ length: count }, (_, i) => [`f${i}`, known(`f${i}`)]));
const facts = { sizeBytes: 7, modifiedMs: 1.5 } as FileFacts;

async function reopened(version = '1'): Promise<EntryCache> {
  const cache = new EntryCache(file, version);
  await cache.load();
  return cache;
}

describe('the cache of a list', () => {
  it('is found as it was kept, by the same version alone, for this person alone', async () => {
    const many = known('many.bag', 450);
    await new EntryCache(file, '1').save(new Map([...files(3), ['many.bag', many]]), ['']);
    expect((await reopened()).find('many.bag', facts, '{}')).toEqual(many);
    expect((await reopened()).find('f2', facts, '{}')).toEqual(known('f2'));
    expect((await reopened()).find('f2', facts, '{"rateHz":5}')).toBeUndefined();
    expect((await reopened('2')).find('f2', facts, '{}')).toBeUndefined();
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readdir(path.dirname(file))).toEqual(['entries.json']);
  });

  it('is written in portions, none of which takes long to make', () => {
    const portions = [...portionsOf([...files(5000), ['many.bag', known('many.bag', 5000)]], '1')];
    expect(Math.max(...portions.map(({ length }) => length))).toBeLessThan(256 * 1024);
    const lines = portions.join('').trimEnd().split('\n').slice(1);
    const read = lines.flatMap((line) => (JSON.parse(line) as KnownFile).entries);
    expect(read).toHaveLength(10_000);
  });

  it('stays as it was where it cannot be replaced, and is dropped where it is damaged', async () => {
    await new EntryCache(file, '1').save(files(2), ['']);
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.slice(0, -20));
    expect((await reopened()).find('f0', facts, '{}')).toEqual(known('f0'));
    await writeFile(file, before.replace('"problems":[]', '"problems":'));
    expect((await reopened()).find('f1', facts, '{}')).toBeUndefined();
    await rm(path.dirname(file), { recursive: true });
    await writeFile(path.dirname(file), 'in the way');
    await new EntryCache(file, '1').save(files(2), ['']);
    expect(await readFile(path.dirname(file), 'utf8')).toBe('in the way');
  });
});
