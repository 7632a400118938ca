import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hdf5Reader, SourcePorts } from '../sources/source.ts';
import { CompanionStates, type Mark, MOST_MARKS, witnessed } from './companions.ts';
import { createFileReader } from './file-reader.ts';
import { StagedLibrary } from './staged-library.ts';

let lab: StagedLibrary;
beforeEach(async () => {
  lab = await StagedLibrary.create();
});
afterEach(() => lab.close());

/** Long ago: what changed just now is looked into once it rests. */
const put = async (below: string, text: string) => {
  const file = await lab.take(below, text);
  await utimes(file, 1000 + text.length, 1000 + text.length);
  return file;
};

describe('a file beside a recording', () => {
  const bag = 'bags/monday.bag';
  const beside = `${bag}.beside`;
  const said = async ({ openPath, roots }: ReturnType<StagedLibrary['start']>) => {
    const { entries } = await roots.settled((await openPath(lab.dataset)).id);
    return entries.find((entry) => entry.path === `${bag}::demo_9`)?.properties;
  };
  const restart = async (from: ReturnType<StagedLibrary['start']>) => {
    await from.roots.closeAll();
    lab.opens = [];
    return lab.start();
  };

  it('is noticed that came, changed or went while nobody looked, and that recording alone is read again', async () => {
    await put(bag, 'bag\ndemo_9 4\n');
    let open = lab.start();
    expect(await said(open)).toEqual({});
    for (const text of ['came', 'was changed']) {
      open = await restart(open);
      await put(beside, text);
      expect(await said(open)).toEqual({ beside: text });
      expect(lab.opens).toEqual([`${bag}::demo_9`]);
    }
    open = await restart(open);
    expect(await said(open)).toEqual({ beside: 'was changed' });
    expect(lab.opens).toEqual([]);
    open = await restart(open);
    await rm(path.join(lab.dataset, beside));
    expect(await said(open)).toEqual({});
  });

  it('is noticed that came while the list is open', async () => {
    await put(bag, 'bag\ndemo_9 4\n');
    const open = lab.start();
    expect(await said(open)).toEqual({});
    const [root] = open.roots.list();
    await put(beside, 'came');
    open.roots.rescan(root?.id as string);
    expect(await said(open)).toEqual({ beside: 'came' });
    expect(lab.opens.filter((file) => file.startsWith(bag))).toHaveLength(2);
  });
});

describe('what a format looked at', () => {
  let root: string;
  let ports: SourcePorts;
  beforeEach(() => {
    root = lab.dataset;
    const video = { probe: () => Promise.reject(new Error('No video.')) };
    ports = { files: createFileReader(root), hdf5: {} as Hdf5Reader, video };
  });
  const look = async (use: (ports: SourcePorts) => Promise<unknown>): Promise<Mark[]> => {
    const { ports: watched, marks } = witnessed(ports, root, path.join(root, 'anchor.h5'));
    await use(watched);
    return marks();
  };
  const changed = (marks: readonly Mark[]) => new CompanionStates(root).changedSince(marks);

  it('is noted once, but for the recording itself and what lies outside', async () => {
    await put('anchor.h5', 'x');
    await put('said.json', '{}');
    await writeFile(path.join(lab.base, 'elsewhere.mp4'), '');
    await symlink(path.join(lab.base, 'elsewhere.mp4'), path.join(root, 'link.mp4'));
    const marks = await look(async ({ files, video }) => {
      await files.read(path.join(root, 'anchor.h5'));
      await files.read('said.json');
      await files.facts(path.join(root, 'said.json'));
      await files.facts('not-there.mp4');
      await files.facts('../elsewhere.mp4').catch(() => undefined);
      await files.facts('link.mp4').catch(() => undefined);
      await video.probe('recordings/left.mp4').catch(() => undefined);
    });
    expect(marks.map(({ path: below, modifiedMs }) => [below, modifiedMs])).toEqual([
      ['said.json', 1_002_000],
      ['not-there.mp4', null],
      ['recordings/left.mp4', null],
    ]);
    expect(await changed(marks)).toBeUndefined();
    await put('recordings/left.mp4', 'video');
    expect(await changed(marks)).toBe(1_005_000);
    await rm(path.join(root, 'recordings/left.mp4'));
    await rm(path.join(root, 'said.json'));
    expect(await changed(marks)).toBe(0);
  });

  it('is, of a folder, the names that count', async () => {
    // Folders get times of their own: those of a file system may be too coarse for a test.
    let time = 2000;
    const touch = (folder: string) => utimes(path.join(root, folder), ++time, time);
    await put('profiles/robot_profile.yaml', 'a');
    await touch('profiles');
    const marks = await look(async ({ files }) => {
      expect(await files.list('profiles', /profile.*\.yaml$/)).toEqual(['robot_profile.yaml']);
      expect(await files.list('more', /\.yaml$/)).toEqual([]);
    });
    expect(await changed(marks)).toBeUndefined();
    await put('profiles/notes.txt', 'other');
    await touch('profiles');
    expect(await changed(marks)).toBeUndefined();
    await put('profiles/second_profile.yaml', 'b');
    await touch('profiles');
    expect(await changed(marks)).toBeTypeOf('number');
    await rm(path.join(root, 'profiles/second_profile.yaml'));
    await touch('profiles');
    expect(await changed(marks)).toBeUndefined();
    await mkdir(path.join(root, 'more'));
    await touch('more');
    expect(await changed(marks)).toBeUndefined();
    await put('more/late.yaml', 'c');
    await touch('more');
    expect(await changed(marks)).toBeTypeOf('number');
  });

  it('has a limit', async () => {
    const marks = await look(async ({ files }) => {
      for (let i = 0; i < 2 * MOST_MARKS; i++) await files.facts(`part-${i}.mp4`);
    });
    expect(marks).toHaveLength(MOST_MARKS);
  });
});
