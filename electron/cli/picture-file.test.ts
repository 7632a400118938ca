import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePicture } from './picture-file.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const NEWER = Buffer.concat([PNG, Buffer.from([4])]);

describe('a picture file', () => {
  let folder: string;
  let recording: string;
  const at = (name: string) => path.join(folder, name);
  const contents = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && !['dangling.png', 'storage'].includes(entry.name))
      .map((entry) => `${entry.name} ${readFileSync(path.join(entry.parentPath, entry.name)).toString('hex')}`)
      .sort();

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp picture ')));
    recording = at('episode_000.h5');
    writeFileSync(recording, '\x89HDF recorded');
    writeFileSync(at('copy.hdf5'), 'a copy');
    writeFileSync(at('notes.txt'), 'mine');
    writeFileSync(at('short.png'), PNG.subarray(0, 5));
    symlinkSync(recording, at('link.png'));
    symlinkSync('copy.hdf5', at('other-link.png'));
    symlinkSync('nothing', at('dangling.png'));
    linkSync(recording, at('hard.png'));
    mkdirSync(at('.regrasp/reviews'), { recursive: true });
    mkdirSync(at('folder.png'));
    symlinkSync('.regrasp', at('storage'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['the recording', 'episode_000.h5', /is the recording itself/],
    ['a link to it', 'link.png', /is the recording itself/],
    ['another name of it', 'hard.png', /is no PNG/],
    ['another recording', 'copy.hdf5', /name of a recording/],
    ['a link to another recording', 'other-link.png', /name of a recording/],
    ['a new file that would be listed as a recording', 'new.h5', /name of a recording/],
    ['a picture of another kind', 'new.JPG', /not named as a PNG/],
    ['another file', 'notes.txt', /is no PNG, so it was left/],
    ['a file too short for a PNG', 'short.png', /is no PNG/],
    ['a link to nothing', 'dangling.png', /link to nothing/],
    ['a folder', 'folder.png', /no plain file/],
    ['Regrasp’s own storage', '.regrasp/reviews/a.png', /where reviews are kept/],
    ['a link into it', 'storage/a.png', /where reviews are kept/],
    ['a folder that is not there', 'none/a.png', /there is no folder .*none; make it first/],
    ['a file taken for a folder', 'notes.txt/a.png', /cannot be used: a part of its path is a file/],
  ])('never takes the place of %s', async (_what, name, sentence) => {
    const before = contents();
    await expect(writePicture(at(name), PNG, recording)).rejects.toThrow(sentence);
    expect(contents()).toEqual(before);
  });

  it('is written anew, over a PNG, and through a link to one', async () => {
    await writePicture(at('new.png'), PNG, recording);
    expect(readFileSync(at('new.png'))).toEqual(PNG);
    await writePicture(at('new.png'), NEWER, recording);
    symlinkSync('new.png', at('link-to-new.png'));
    expect(readFileSync(at('new.png'))).toEqual(NEWER);
    await writePicture(at('link-to-new.png'), PNG, recording);
    expect(readFileSync(at('new.png'))).toEqual(PNG);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
