import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryBeside } from '../../settings/temporary-name.ts';
import { activeSides } from './active-sides.ts';
import { isFresh, madeOf, rememberMade } from './made.ts';
import { contactFile, datasetFigure, galleryFile, previewFile } from './output-paths.ts';
import { standsFresh, writeOutput, writeOutputBy } from './write-output.ts';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-outputs-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const episode = {
  path: 'data/pushT/2026-06-18/episode_003.h5',
  task: 'pushT',
  date: '2026-06-18',
  stem: 'episode_003',
};

describe('where outputs lie', () => {
  it("follows the pipeline's standard paths", () => {
    const place = { root: { path: '/set' }, out: null };
    expect(datasetFigure(place, 'bad_frames.json')).toBe('/set/figures/dataset_figures/bad_frames.json');
    expect(galleryFile(place, episode)).toBe('/set/figures/episode_previews/pushT/2026-06-18/episode_003.gif');
    expect(contactFile(place, episode, '.pt')).toBe('/set/processed/mode1_v1/pushT/2026-06-18/episode_003.pt');
    expect(previewFile(place, episode)).toBe('/set/data/pushT/2026-06-18/episode_003.mp4');
  });

  it('keeps task and date below a folder that a person named', () => {
    const place = { root: { path: '/set' }, out: '/elsewhere' };
    expect(datasetFigure(place, 'bad_frames.json')).toBe('/elsewhere/bad_frames.json');
    expect(previewFile(place, episode)).toBe('/elsewhere/pushT/2026-06-18/episode_003.mp4');
    expect(galleryFile(place, { ...episode, task: '', date: '' })).toBe('/elsewhere/episode_003.gif');
  });
});

describe('writing an output', () => {
  it('makes its folders and leaves nothing beside it', async () => {
    const file = path.join(home, 'figures', 'dataset_figures', 'a.json');
    await writeOutput({ root: { path: home }, out: null }, file, '{}\n');
    expect(readFileSync(file, 'utf8')).toBe('{}\n');
    expect(readdirSync(path.dirname(file))).toEqual(['a.json']);
  });

  it('removes what an ended run left of the same file, and nothing that another one writes at this moment', async () => {
    const [old, young, other] = ['.a.gif.0a.tmp', '.a.gif.0b.tmp', '.b.gif.0c.tmp'].map((name) =>
      path.join(home, name),
    );
    // Of a process that has ended, however young; and of this one, which goes on.
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const ours = temporaryBeside(path.join(home, 'a.gif'));
    const theirs = ours.replace(process.pid.toString(16).padStart(8, '0'), ended.toString(16).padStart(8, '0'));
    for (const remains of [old, young, other, ours, theirs]) await writeFile(remains as string, 'half');
    for (const remains of [old, other]) await utimes(remains as string, 1, 1);
    await writeOutput({ root: { path: home }, out: null }, path.join(home, 'a.gif'), 'whole');
    const left = ['.a.gif.0b.tmp', path.basename(ours), '.b.gif.0c.tmp', 'a.gif'];
    expect(readdirSync(home).sort()).toEqual(left.sort());
  });

  it('removes what an ended run left beside an output that stands as it would be written, and is not written again', async () => {
    const root = { path: home, storageDir: path.join(home, '.regrasp') };
    const making = { file: path.join(home, 'a.gif'), stage: 'gallery', from: ['f1'], options: {} };
    await writeOutput({ root, out: null }, making.file, 'whole');
    await rememberMade(root, making);
    for (const [name, seconds] of [
      ['.a.gif.0a.tmp', 1],
      ['.a.gif.0b.tmp', Date.now() / 1000],
    ] as const) {
      await writeFile(path.join(home, name), 'half');
      await utimes(path.join(home, name), seconds, seconds);
    }
    const there = () => readdirSync(home).filter((name) => name.includes('a.gif'));
    expect(await standsFresh(root, { ...making, from: ['f2'] })).toBe(false);
    expect(there()).toHaveLength(3);
    expect(await standsFresh(root, making)).toBe(true);
    expect(there().sort()).toEqual(['.a.gif.0b.tmp', 'a.gif']);
  });

  it('does not follow a folder that is a link out of the root, nor a link in place of the file', async () => {
    const outside = path.join(home, 'outside');
    const root = path.join(home, 'root');
    mkdirSync(outside);
    mkdirSync(root);
    await symlink(outside, path.join(root, 'figures'));
    const place = { root: { path: root }, out: null };
    await expect(writeOutput(place, datasetFigure(place, 'a.json'), 'x')).rejects.toThrow(/is a link out of .*--out/);
    expect(readdirSync(outside)).toEqual([]);
    await writeFile(path.join(outside, 'kept'), 'kept');
    await symlink(path.join(outside, 'kept'), path.join(root, 'a.json'));
    await writeOutput(place, path.join(root, 'a.json'), 'new');
    expect(readFileSync(path.join(outside, 'kept'), 'utf8')).toBe('kept');
    await expect(writeOutput(place, path.join(home, 'beside'), 'x')).rejects.toThrow(/outside of/);
  });

  it('leaves the old file where the writer fails, and says a full disk in one sentence', async () => {
    const place = { root: { path: home }, out: null };
    const file = path.join(home, 'a.gif');
    await writeOutput(place, file, 'old');
    const full = async (temporary: string) => {
      await writeFile(temporary, 'half');
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path: temporary });
    };
    await expect(writeOutputBy(place, file, full)).rejects.toThrow(/a\.gif was not written: .*the disk is full/);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(home)).toEqual(['a.gif']);
  });
});

describe('what was made of what', () => {
  it('is fresh by content: touching changes nothing; another byte, input or option does', async () => {
    const root = { path: home, storageDir: path.join(home, '.regrasp') };
    const file = path.join(home, 'a.gif');
    const making = { file, stage: 'gallery', from: ['f1'], options: { colours: 256, scale: 1 } };
    await writeFile(file, 'picture');
    expect(await isFresh(root, making)).toBe(false);
    await rememberMade(root, making);
    expect(await isFresh(root, making)).toBe(true);
    expect(await isFresh(root, { ...making, options: { scale: 1, colours: 256 } })).toBe(true);
    await utimes(file, 1, 1);
    expect(await isFresh(root, making)).toBe(true);
    expect(await isFresh(root, { ...making, from: ['f2'] })).toBe(false);
    expect(await isFresh(root, { ...making, options: { colours: 128, scale: 1 } })).toBe(false);
    expect(await isFresh(root, { ...making, stage: 'clips' })).toBe(false);
    await writeFile(file, 'Picture');
    expect(await isFresh(root, making)).toBe(false);
    expect(await madeOf(root, path.join(home, 'other'))).toBeNull();
    expect(existsSync(path.join(home, '.regrasp', 'curation', 'made'))).toBe(true);
  });
});

describe('hands in use', () => {
  it('are those of tasks.json; one that is malformed or newer is refused, for it may mean others', async () => {
    const notes = { per_date_notes: { '2026-06-18': { active_sensors: ['right'] } } };
    const write = (more: object) =>
      writeFile(path.join(home, 'tasks.json'), JSON.stringify({ ...more, tasks: { pushT: notes } }));
    expect(await activeSides(home, 'pushT', '2026-06-18')).toEqual(['left', 'right']);
    await write({ schema_version: 1 });
    expect(await activeSides(home, 'pushT', '2026-06-18')).toEqual(['right']);
    await write({ schema_version: 2 });
    await expect(activeSides(home, 'pushT', '2026-06-18')).rejects.toThrow(/tasks\.json is of a newer layout \(2\)/);
    for (const wrong of ['[]', '{ "tasks": [] }', '"tasks"']) {
      await writeFile(path.join(home, 'tasks.json'), wrong);
      await expect(activeSides(home, 'pushT', '2026-06-18')).rejects.toThrow(/tasks\.json holds no list of tasks/);
    }
    const noList = { tasks: { pushT: { per_date_notes: { '2026-06-18': { active_sensors: 'right' } } } } };
    await writeFile(path.join(home, 'tasks.json'), JSON.stringify(noList));
    await expect(activeSides(home, 'pushT', '2026-06-18')).rejects.toThrow(/active_sensors of pushT, 2026-06-18/);
    await writeFile(path.join(home, 'tasks.json'), '{ "tasks": ');
    await expect(activeSides(home, 'pushT', '2026-06-18')).rejects.toThrow(/tasks\.json is no readable JSON/);
  });
});
