import { mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blankEpisode, type Episode } from '../../shared/episode/episode.ts';
import type { Hdf5Reader, Source } from '../sources/source.ts';
import type { SourceReading } from './source-reading.ts';
import { localReading } from './testing.ts';

/** Files *.rec whose text is the format's word; it keeps some of its recordings in folders called "<word> days". */
const formatOf = (id: string): Source => ({
  id,
  name: id,
  mightBe: ({ name }) => name.endsWith('.rec'),
  recognizes: async ({ path: file }, { files }) => new TextDecoder().decode(await files.read(file)) === id,
  rootOf: (place, isFolder) => {
    const folder = isFolder ? place : path.dirname(place);
    return path.basename(folder) === `${id} days` ? path.dirname(folder) : folder;
  },
  placeOf: () => ({ task: '', date: '', name: '' }),
  open: async () => ({
    episode: { ...blankEpisode(), format: id } as unknown as Episode,
    ...{ clocks: new Map(), poses: new Map(), values: new Map(), locations: new Map() },
  }),
});

describe('a file that no format knows', () => {
  let root: string;
  let reading: SourceReading;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'regrasp unknown ')));
    const unknown: Source = { ...formatOf('unknown'), takesUnknown: true, recognizes: async () => false };
    reading = localReading([formatOf('first'), formatOf('second'), unknown], {} as Hdf5Reader);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function write(below: string, text: string) {
    const file = path.join(root, below);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    const { size, mtimeMs } = await stat(file);
    const facts = { path: file, name: path.basename(file), sizeBytes: size, modifiedMs: mtimeMs };
    return { ...facts, root, rootId: 'r', pathBelowRoot: below, inner: '', stated: {} };
  }

  it('is what its neighbours are, and does not lean on them', async () => {
    await write('lab/a.rec', 'second');
    await write('lab/notes.txt', 'first');
    const damaged = await write('lab/b.rec', 'dam');
    await write('lab/c.rec', 'dam');
    const looked = await reading.look(damaged);
    expect(looked).toMatchObject({ source: 'second', episode: { format: 'second' }, marks: [] });
    expect(await reading.recognize(damaged, root)).toBe('second');
  });

  it('is of the format that keeps recordings in such a place, where its neighbours tell nothing', async () => {
    await write('first days/a.rec', 'dam');
    expect((await reading.look(await write('first days/b.rec', 'dam')))?.source).toBe('first');
  });

  it('is of none where nothing tells, and whatever it is itself before anything else', async () => {
    expect((await reading.look(await write('lab/alone.rec', 'dam')))?.source).toBe('unknown');
    await write('second days/a.rec', 'second');
    expect((await reading.look(await write('second days/b.rec', 'first')))?.source).toBe('first');
  });
});
