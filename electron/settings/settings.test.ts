import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkstationEvent } from '../../shared/api/contract.ts';
import { writeAtomically } from './atomic-write.ts';
import { Settings } from './settings.ts';

let base: string;
let notices: string[];
let events: WorkstationEvent[];

beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'regrasp settings '));
  notices = [];
  events = [];
});
afterEach(() => rm(base, { recursive: true, force: true }));

const start = () =>
  new Settings({
    userDataDir: path.join(base, 'user'),
    storageOf: (root) => path.join(base, root),
    emit: (event) => void events.push(event),
    onNotice: (sentence) => void notices.push(sentence),
  });
const userFile = () => path.join(base, 'user', 'settings.json');
const stored = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;

describe('user settings', () => {
  it('begin with defaults and a name, outlive a restart and are told', async () => {
    expect(await start().user()).toMatchObject({ theme: 'system', annotator: os.userInfo().username });
    await start().patchUser({ theme: 'dark', keys: { play: 'P' } });
    expect(await start().user()).toMatchObject({ theme: 'dark', keys: { play: 'P' } });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'user-settings', settings: { theme: 'dark' } });
  });

  it('replace a whole top-level key, refuse what the schema refuses and keep the rest', async () => {
    const settings = start();
    await settings.patchUser({ keys: { a: 'A' } });
    await settings.patchUser({ keys: { b: 'B' } });
    await expect(settings.patchUser({ theme: 'plaid' })).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(settings.patchUser({ recent: [] })).rejects.toMatchObject({ code: 'REFUSED' });
    expect(await settings.user()).toMatchObject({ keys: { b: 'B' }, theme: 'system' });
  });

  it('keep what a newer version wrote', async () => {
    await mkdir(path.dirname(userFile()));
    await writeFile(userFile(), JSON.stringify({ theme: 'light', hologram: { on: true } }));
    await start().patchUser({ theme: 'dark' });
    expect(await stored(userFile())).toEqual({ theme: 'dark', hologram: { on: true } });
  });

  it('set a damaged file aside, and one bad value falls back alone', async () => {
    await mkdir(path.dirname(userFile()));
    await writeFile(userFile(), '{"theme": "da');
    expect((await start().user()).theme).toBe('system');
    expect(await readFile(`${userFile()}.bad`, 'utf8')).toBe('{"theme": "da');
    expect(notices[0]).toContain('damaged');
    await writeFile(userFile(), JSON.stringify({ theme: 'light', cacheBytes: 'lots' }));
    expect(await start().user()).toMatchObject({ theme: 'light', cacheBytes: 256e6 });
    expect(notices[1]).toContain('cacheBytes');
  });

  it('see what another window’s workstation wrote, and lose none of many writes at once', async () => {
    const one = start();
    const other = start();
    await one.user();
    await other.patchUser({ annotator: 'mei' });
    await Promise.all([one.patchUser({ theme: 'dark' }), one.patchUser({ performanceReadout: true })]);
    expect(await one.user()).toMatchObject({ annotator: 'mei', theme: 'dark', performanceReadout: true });
  });

  it('remember what was opened last first, each once', async () => {
    const settings = start();
    for (const name of ['a', 'b', 'a']) await settings.remember(`grant-${name}`, `/data/${name}`);
    for (let n = 0; n < 20; n++) await settings.remember(`grant-${n}`, `/data/${n}`);
    await settings.remember('grant-a', '/data/a');
    const { recent } = await settings.user();
    expect(recent[0]).toEqual({ grant: 'grant-a', path: '/data/a' });
    expect(recent).toHaveLength(12);
  });
});

describe('dataset settings', () => {
  it('merge one level deep; null takes a key away', async () => {
    const settings = start();
    await settings.patchDataset('root', { orders: { left: 'rgb', right: 'bgr' }, holdPeriods: 5 });
    const after = await settings.patchDataset('root', { orders: { left: null, middle: 'rgb' }, holdPeriods: null });
    expect(after.orders).toEqual({ right: 'bgr', middle: 'rgb' });
    expect(after.holdPeriods).toBe(3);
    expect(events.at(-1)).toMatchObject({ type: 'dataset-settings', root: 'root' });
  });

  it('never read or write through a link', async () => {
    await mkdir(path.join(base, 'root'));
    await writeFile(path.join(base, 'secret.json'), JSON.stringify({ holdPeriods: 9 }));
    await symlink(path.join(base, 'secret.json'), path.join(base, 'root', 'settings.json'));
    const settings = start();
    expect((await settings.dataset('root')).holdPeriods).toBe(3);
    await settings.patchDataset('root', { holdPeriods: 4 });
    expect(await stored(path.join(base, 'secret.json'))).toEqual({ holdPeriods: 9 });
    expect((await start().dataset('root')).holdPeriods).toBe(4);
  });
});

describe('an atomic write', () => {
  it('leaves the old content and no litter when it cannot be finished', async () => {
    const file = path.join(base, 'kept');
    await mkdir(file);
    await writeFile(path.join(file, 'inside'), 'old');
    await expect(writeAtomically(file, 'new')).rejects.toThrow();
    expect(await readdir(base)).toEqual(['kept']);
  });
});
