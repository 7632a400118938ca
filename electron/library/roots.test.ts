import { mkdir, mkdtemp, realpath, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkstationEvent } from '../../shared/api/contract.ts';
import { type DatasetSettings, datasetSettingsSchema } from '../../shared/api/settings.ts';
import { Grants } from './grants.ts';
import { OpenEpisodes } from './open-episodes.ts';
import { PersonFirst } from './person-first.ts';
import { RecordingReader } from './recording-reader.ts';
import { Roots } from './roots.ts';
import { bagSource, idlePool, localReading, takeSource } from './testing.ts';

let base: string;
let userDataDir: string;
let dataset: string;
let events: WorkstationEvent[];
let opens: string[];
let released: string[];
let forgotten: string[];
let decoded: string[];
let datasetSettings: DatasetSettings | undefined;
let open: { roots: Roots; grants: Grants; episodes: OpenEpisodes }[];

beforeEach(async () => {
  base = await realpath(await mkdtemp(path.join(os.tmpdir(), 'regrasp roots ')));
  userDataDir = path.join(base, 'user');
  dataset = path.join(base, 'lab');
  events = [];
  opens = [];
  released = [];
  forgotten = [];
  decoded = [];
  open = [];
  datasetSettings = undefined;
  await take('data/push/2026-05-10/episode_1.take', '5');
  await take('data/push/2026-05-10/episode_2.take', '7');
  await take('data/push/2026-05-11/episode_1.take', '3');
});

afterEach(async () => {
  for (const { roots, episodes } of open) {
    await episodes.close();
    await roots.closeAll();
  }
  await rm(base, { recursive: true, force: true });
});

async function take(below: string, text: string): Promise<string> {
  const file = path.join(dataset, below);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

function start() {
  const sources = [
    bagSource((file) => opens.push(path.relative(dataset, file))),
    { ...takeSource((file) => opens.push(path.relative(dataset, file))), takesUnknown: true as const },
  ];
  const grants = new Grants(userDataDir, sources, () => undefined);
  const decode = idlePool(released, decoded);
  const reading = localReading(sources, decode);
  const isOpen = (file: string) => episodes.isOpen(file);
  const reader: RecordingReader = new RecordingReader({
    atOnce: reading,
    inBackground: reading,
    decode,
    isOpen,
    personFirst: new PersonFirst(),
  });
  const emit = (event: WorkstationEvent) => void events.push(event);
  const onNotice = () => undefined;
  const onOpened = async () => undefined;
  const settingsOf = () => datasetSettings;
  const loadSettings = async () => undefined;
  const roots = new Roots({
    onScanning: () => undefined,
    ...{ userDataDir, version: '1', sources, grants, reader, emit, onNotice, onOpened, settingsOf, loadSettings },
  });
  const episodes: OpenEpisodes = new OpenEpisodes({
    ...{ roots, sources, reader, emit, settingsOf, loadSettings },
    fingerprintOf: async () => null,
    forget: async (episode) => void forgotten.push(episode.id),
  });
  open.push({ roots, grants, episodes });
  return {
    roots,
    grants,
    episodes,
    openPath: async (chosen: string) => (await roots.openGrant(await grants.grant(chosen)))[0],
    openPaths: async (chosen: string) => roots.openGrant(await grants.grant(chosen)),
  };
}

const listed = (library: { entries: { path: string }[] }) => library.entries.map((entry) => entry.path).sort();

describe('a root', () => {
  it('is the same whether the dataset, a date or one file was opened', async () => {
    const { openPath } = start();
    const whole = await openPath(dataset);
    const date = await openPath(path.join(dataset, 'data/push/2026-05-10'));
    const file = await openPath(path.join(dataset, 'data/push/2026-05-10/episode_2.take'));
    expect([date.id, file.id]).toEqual([whole.id, whole.id]);
    expect(whole).toMatchObject({ path: dataset, name: 'lab', prefix: '', focus: null, storage: 'beside' });
    expect(date.prefix).toBe('data/push/2026-05-10');
    expect(file.focus).toBe(`${whole.id}/data/push/2026-05-10/episode_2.take`);
  });

  it('is the dataset itself when a folder above it was opened, and each of several', async () => {
    const { openPath, openPaths, roots } = start();
    const itself = await openPath(dataset);
    expect((await openPaths(path.dirname(dataset))).map(({ id }) => id)).toEqual([itself.id]);
    const second = path.join(base, 'second', 'rig');
    await mkdir(path.join(second, 'data/push/2026-05-12'), { recursive: true });
    await writeFile(path.join(second, 'data/push/2026-05-12/episode_1.take'), '4');
    const both = await openPaths(base);
    expect(both.map((root) => root.path)).toEqual([dataset, second].sort());
    expect(listed(await roots.settled((both.find((root) => root.path === second) ?? itself).id))).toEqual([
      'data/push/2026-05-12/episode_1.take',
    ]);
  });

  it('is the folder above when recordings lie there outside of any dataset', async () => {
    await writeFile(path.join(base, 'loose.take'), '4');
    const { openPath, roots } = start();
    const root = await openPath(base);
    expect(root.path).toBe(base);
    expect(listed(await roots.settled(root.id))).toContain('loose.take');
  });

  it('is the nearest ancestor that already holds a real .regrasp folder', async () => {
    await mkdir(path.join(dataset, 'data/push/.regrasp'), { recursive: true });
    const root = await start().openPath(path.join(dataset, 'data/push/2026-05-10'));
    expect(root.path).toBe(path.join(dataset, 'data/push'));
  });

  it('keeps reviews in the user folder when .regrasp is a link, and says so', async () => {
    await mkdir(path.join(base, 'elsewhere'));
    await symlink(path.join(base, 'elsewhere'), path.join(dataset, '.regrasp'));
    const { openPath, roots } = start();
    const root = await openPath(dataset);
    expect(root.storage).toBe('user');
    expect(root.storageReason).toContain('is a link');
    expect(roots.get(root.id).storage.folder.startsWith(userDataDir)).toBe(true);
  });

  it('does not take the person’s own folder for a dataset, even where it is called .regrasp', async () => {
    userDataDir = path.join(base, '.regrasp');
    await mkdir(userDataDir);
    expect((await start().openPath(dataset)).path).toBe(dataset);
  });
});

describe('grants', () => {
  it('outlive a restart, and the same path keeps its grant', async () => {
    const grant = await start().grants.grant(dataset);
    const later = start();
    expect(await later.grants.grant(dataset)).toBe(grant);
    expect((await later.roots.openGrant(grant))[0].path).toBe(dataset);
  });

  it('are all kept when many are made at once', async () => {
    const { grants, roots } = start();
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) await mkdir(path.join(base, name));
    const made = await Promise.all(names.map((name) => grants.grant(path.join(base, name))));
    for (const grant of made) await expect(roots.openGrant(grant)).resolves.toBeTruthy();
  });

  it('are refused when made up, when there is nothing, and for files of no known format', async () => {
    const { grants, roots } = start();
    await expect(roots.openGrant('made-up')).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(grants.grant(path.join(base, 'nothing'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const stranger = path.join(base, 'letter.txt');
    await writeFile(stranger, 'hello');
    await expect(grants.grant(stranger)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('do not follow a folder that was swapped for a link after it was granted', async () => {
    const { grants, roots } = start();
    const grant = await grants.grant(dataset);
    await rename(dataset, path.join(base, 'moved'));
    await mkdir(path.join(base, 'secret'));
    await symlink(path.join(base, 'secret'), dataset);
    await expect(roots.openGrant(grant)).rejects.toMatchObject({ code: 'REFUSED' });
  });
});

describe('the list of a root', () => {
  it('names every recording and, in time, what is in it', async () => {
    await take('data/push/2026-05-11/bad.take', 'boom');
    await take('data/push/2026-05-11/short.take', 'broken');
    await take('data/push/2026-05-11/old.take.corrupt', '1');
    await take('.hidden/episode.take', '1');
    const { openPath, roots } = start();
    const { entries } = await roots.settled((await openPath(dataset)).id);
    const states = Object.fromEntries(entries.map((entry) => [path.basename(entry.path), entry.status]));
    expect(entries).toHaveLength(5);
    expect(states).toMatchObject({ 'bad.take': 'error', 'short.take': 'error', 'episode_2.take': 'good' });
    expect(entries.find((entry) => entry.path.endsWith('episode_2.take'))).toMatchObject({ ticks: 7, durationNs: 6e9 });
    expect(entries.find((entry) => entry.path.endsWith('bad.take'))?.problems[0]?.message).toContain('bad.take');
    const first = events.find((event) => event.type === 'entries');
    expect(first?.type === 'entries' && first.entries.some((entry) => entry.status === 'pending')).toBe(true);
    expect(released).toHaveLength(5);
  });

  it('says in time which recordings hold frames that cannot be decoded, and tries each once', async () => {
    await take('data/push/2026-05-11/damaged.take', '5 pictures');
    await take('data/push/2026-05-11/whole.take', '5 pictures');
    const first = start();
    const { id } = await first.openPath(dataset);
    const { library, untried } = await first.roots.tried(id, 5000);
    const damaged = library.entries.find((entry) => entry.path.endsWith('damaged.take'));
    expect(damaged).toMatchObject({ status: 'error', ticks: 5, streams: 1 });
    expect(damaged?.problems.map(({ message }) => message)).toEqual([
      'damaged.take: 1 of 5 frames of Pictures (pictures) cannot be decoded: frame 3; the others can be seen. Restore the file from a copy.',
    ]);
    expect(library.entries.find((entry) => entry.path.endsWith('whole.take'))?.status).toBe('good');
    expect(untried).toBe(0);
    expect(decoded).toHaveLength(10);
    await vi.waitFor(() =>
      expect(
        events.some((event) => event.type === 'entries' && event.entries.some(({ status }) => status === 'error')),
      ).toBe(true),
    );

    await first.roots.closeAll();
    const second = start();
    const again = await second.roots.tried((await second.openPath(dataset)).id, 5000);
    expect(again.library.entries.find((entry) => entry.path.endsWith('damaged.take'))).toEqual(damaged);
    expect(decoded).toHaveLength(10);

    // Long ago: a recording that changed just now is looked into once it rests.
    await utimes(await take('data/push/2026-05-11/damaged.take', '3 pictures'), 1000, 1000);
    second.roots.rescan(id);
    const mended = await second.roots.tried(id, 5000);
    expect(mended.library.entries.find((entry) => entry.path.endsWith('damaged.take'))?.status).toBe('good');
  });

  it('says of a damaged frame that was met while an episode was shown, once', async () => {
    const { openPath, roots } = start();
    const { id } = await openPath(dataset);
    await roots.settled(id);
    const shown = 'data/push/2026-05-10/episode_1.take';
    roots.noteDamage(`${id}/${shown}`, 'Frame 7 is damaged.');
    roots.noteDamage(`${id}/${shown}`, 'Frame 8 is damaged.');
    const entry = roots.library(id).entries.find((candidate) => candidate.path === shown);
    expect(entry).toMatchObject({ status: 'error', ticks: 5 });
    expect(entry?.problems.map(({ message }) => message)).toEqual(['Frame 7 is damaged.']);
  });

  it('comes from the cache at the second opening, except for what changed', async () => {
    const first = start();
    await first.roots.settled((await first.openPath(dataset)).id);
    await first.roots.closeAll();
    opens = [];
    await utimes(path.join(dataset, 'data/push/2026-05-11/episode_1.take'), 1000, 1000);
    const second = start();
    const library = await second.roots.settled((await second.openPath(dataset)).id);
    expect(opens).toEqual(['data/push/2026-05-11/episode_1.take']);
    expect(library.entries.every((entry) => entry.status === 'good')).toBe(true);
  });

  it('tells how its scan goes on, stops when asked, and goes on with the rest at a rescan alone', async () => {
    await take('data/push/2026-05-10/broken.take', 'broken');
    await take('bags/two.bag', 'bag\na 1\nb 2\n');
    const { openPath, roots } = start();
    const { id } = await openPath(dataset);
    const steps: [number, number | null][] = [];
    const failed: string[][] = [];
    const follow = (stopAt: number) =>
      roots.followScan(id, {
        progress(done, total) {
          steps.push([done, total]);
          if (done === stopAt) roots.stopScan(id);
        },
        failed: (...told) => failed.push(told),
      });
    expect(await follow(2)).toEqual({ done: 2, failed: 1 });
    // The first was the bag, which holds two.
    expect(steps.map(String)).toEqual(['0,', '0,5', '0,6', '1,6', '2,6']);
    expect(failed).toEqual([['data/push/2026-05-10/broken.take', 'data/push/2026-05-10/broken.take is cut short.']]);
    const pending = async () => (await roots.settled(id)).entries.filter(({ status }) => status === 'pending').length;
    expect(await pending()).toBe(4);

    // Something new is looked into; what was left alone is not.
    await take('data/push/2026-05-12/new.take', '4');
    roots.get(id).library.scan();
    expect(await pending()).toBe(4);
    expect(opens.filter((file) => !file.includes('::')).at(-1)).toBe('data/push/2026-05-12/new.take');

    roots.rescan(id);
    expect(await pending()).toBe(0);
    expect(await follow(-1)).toEqual({ done: 0, failed: 0 });

    await Promise.all([1, 2, 3].map((n) => take(`bags/more${n}.bag`, `bag\nx${n} 1\n`)));
    roots.rescan(id);
    expect(await follow(1)).toEqual({ done: 1, failed: 0 });
    expect(await pending()).toBeGreaterThan(0);
    expect(await follow(-1)).toMatchObject({ failed: 0 });
    expect(await pending()).toBe(0);
  });

  it('shows and walks only the part that was granted', async () => {
    const { openPath, roots } = start();
    const root = await openPath(path.join(dataset, 'data/push/2026-05-11'));
    expect(listed(await roots.settled(root.id))).toEqual(['data/push/2026-05-11/episode_1.take']);
    expect(opens).toEqual(['data/push/2026-05-11/episode_1.take']);
  });

  it('follows no link, and says of each what is behind it', async () => {
    await writeFile(path.join(base, 'outside.take'), '9');
    await writeFile(path.join(base, 'letter.txt'), 'no recording');
    const date = path.join(dataset, 'data/push/2026-05-10');
    await symlink(path.join(base, 'outside.take'), path.join(date, 'outside.take'));
    await symlink('../2026-05-11/episode_1.take', path.join(date, 'inside.take'));
    await symlink(path.join(base, 'letter.txt'), path.join(date, 'letter.txt'));
    await symlink(base, path.join(dataset, 'data/loop'));
    await symlink('push/2026-05-11', path.join(dataset, 'data/latest'));
    await symlink(path.join(base, 'unmounted'), path.join(dataset, 'data/share'));
    const { openPath, roots } = start();
    const { entries } = await roots.settled((await openPath(dataset)).id);
    expect(entries).toHaveLength(8);
    const told = Object.fromEntries(
      entries.flatMap(({ path: below, status, problems }) => problems.map(({ message }) => [below, [status, message]])),
    );
    expect(told).toEqual({
      'data/loop': ['error', `loop is a link to ${base}, which was not opened: open that folder.`],
      'data/share': [
        'error',
        `share is a link to ${path.join(base, 'unmounted')}, where nothing is: mount or restore what it points to.`,
      ],
      'data/latest': [
        'warning',
        'latest is a link to data/push/2026-05-11: what lies there is listed under that name.',
      ],
      'data/push/2026-05-10/outside.take': [
        'error',
        `outside.take is a link to ${base}/outside.take, which was not opened: open the folder ${base}.`,
      ],
      'data/push/2026-05-10/inside.take': [
        'warning',
        'inside.take is a link to data/push/2026-05-11/episode_1.take: what lies there is listed under that name.',
      ],
    });
    expect(opens).toHaveLength(3);
  });

  it('lists the recording that takes a link’s place', async () => {
    const place = path.join(dataset, 'data/push/2026-05-11/episode_3.take');
    await symlink(path.join(base, 'nothing.take'), place);
    const { openPath, roots } = start();
    const { id } = await openPath(dataset);
    const statusOf = async () =>
      (await roots.settled(id)).entries.find((entry) => path.basename(entry.path) === 'episode_3.take')?.status;
    expect(await statusOf()).toBe('error');
    await rm(place);
    await writeFile(place, '4');
    roots.rescan(id);
    expect(await statusOf()).toBe('good');
  });

  it('notices files that come and go', async () => {
    const { openPath, roots } = start();
    const root = await openPath(dataset);
    await roots.settled(root.id);
    await take('data/push/2026-05-11/episode_2.take', '4');
    await rm(path.join(dataset, 'data/push/2026-05-10/episode_1.take'));
    await vi.waitFor(
      () =>
        expect(listed(roots.library(root.id))).toEqual([
          'data/push/2026-05-10/episode_2.take',
          'data/push/2026-05-11/episode_1.take',
          'data/push/2026-05-11/episode_2.take',
        ]),
      { timeout: 8000 },
    );
    const removed = events.flatMap((event) => (event.type === 'entries' ? event.removed : []));
    expect(removed).toEqual([`${root.id}/data/push/2026-05-10/episode_1.take`]);
  });

  it('takes two thousand files', async () => {
    const folder = path.join(dataset, 'data/push/2026-06-01');
    await mkdir(folder);
    await Promise.all(Array.from({ length: 2000 }, (_, i) => writeFile(path.join(folder, `e${i}.take`), '2')));
    const { openPath, roots } = start();
    const { entries } = await roots.settled((await openPath(folder)).id);
    expect(entries).toHaveLength(2000);
    expect(events.filter((event) => event.type === 'entries').length).toBeLessThan(200);
  });
});

describe('an episode', () => {
  const below = 'data/push/2026-05-10/episode_1.take';

  it('opens once, and anew after its file changed', async () => {
    const { openPath, roots, episodes } = start();
    const root = await openPath(dataset);
    await roots.settled(root.id);
    opens = [];
    const [first, same] = await Promise.all([
      episodes.open(`${root.id}/${below}`),
      episodes.open(`${root.id}/${below}`),
    ]);
    expect(same).toBe(first);
    expect(opens).toEqual([below]);
    await take(below, '50');
    await episodes.look();
    expect(events.at(-1)).toMatchObject({ type: 'episode-changed', episode: first.id });
    expect(forgotten).toEqual([first.id]);
    const second = await episodes.open(first.id);
    expect(second.revision).not.toBe(first.revision);
    expect(second.opened.clocks.get('ticks')).toHaveLength(50);
  });

  it('is called gone only when it stays away, for programs replace files by renaming', async () => {
    const { openPath, episodes } = start();
    const root = await openPath(dataset);
    const { id } = await episodes.open(`${root.id}/${below}`);
    await rm(path.join(dataset, below));
    await episodes.look();
    expect(events.filter((event) => event.type === 'episode-changed')).toEqual([]);
    await episodes.look();
    expect(events.at(-1)).toMatchObject({ type: 'episode-changed', episode: id, revision: 'gone' });
    await expect(episodes.open(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is refused outside what was granted, by every disguise', async () => {
    await writeFile(path.join(base, 'outside.take'), '9');
    await symlink(path.join(base, 'outside.take'), path.join(dataset, 'data/push/2026-05-10/link.take'));
    await symlink('../2026-05-11', path.join(dataset, 'data/push/2026-05-10/other'));
    const { openPath, episodes } = start();
    const { id } = await openPath(path.join(dataset, 'data/push/2026-05-10'));
    await expect(episodes.open(`${id}/${below}`)).resolves.toMatchObject({ path: path.join(dataset, below) });
    const hostile = [
      'data/push/2026-05-11/episode_1.take',
      'data/push/2026-05-10/../2026-05-11/episode_1.take',
      'data/push/2026-05-10/link.take',
      'data/push/2026-05-10/other/episode_1.take',
      '../outside.take',
      '/etc/passwd',
      'data//push/2026-05-10/episode_1.take',
      './data/push/2026-05-10/episode_1.take',
      'data/push/2026-05-10/episode_1.take\0',
      '',
    ];
    for (const path of hostile) {
      await expect(episodes.open(`${id}/${path}`), path).rejects.toMatchObject({ code: 'REFUSED' });
    }
    for (const odd of ['%2e%2e/outside.take', 'data/push/2026-05-10/%2e%2e/x.take']) {
      await expect(episodes.open(`${id}/${odd}`), odd).rejects.toThrow();
    }
    await expect(episodes.open('0000000000000000/x.take')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is dropped when longest unused', async () => {
    const { openPath, episodes } = start();
    for (const n of [3, 4, 5]) await take(`data/push/2026-05-10/episode_${n}.take`, '1');
    const { id } = await openPath(dataset);
    const ids = [1, 2, 3, 4, 5].map((n) => `${id}/data/push/2026-05-10/episode_${n}.take`) as [string, ...string[]];
    for (const episode of ids.slice(0, 4)) await episodes.open(episode);
    await episodes.open(ids[0]);
    await episodes.open(ids[4] as string);
    expect(forgotten).toEqual([ids[1]]);
  });
});

describe('a file that holds several recordings', () => {
  const bag = 'bags/monday.bag';
  const bagOf = (text: string) => take(bag, `bag\n${text}\n`);

  it('is listed as each of them, opened or not, and again from the cache', async () => {
    await bagOf('demo_9 4\ndemo_10 6\nquick 8 complete');
    const first = start();
    const { id } = await first.openPath(dataset);
    const { entries } = await first.roots.settled(id);
    const inBag = entries.filter((entry) => entry.path.startsWith(bag));
    expect(inBag.map(({ path: below, name, ticks, status, format }) => [below, name, ticks, status, format])).toEqual([
      [`${bag}::demo_9`, 'demo_9', 4, 'good', 'bag'],
      [`${bag}::demo_10`, 'demo_10', 6, 'good', 'bag'],
      [`${bag}::quick`, 'quick', 8, 'good', 'bag'],
    ]);
    expect(inBag[2]).toMatchObject({ id: `${id}/${bag}::quick`, outcome: 'success', task: 'bags', streams: 2 });
    expect(inBag[2]?.instruction).toBe('Fill the bag.');
    expect(opens.filter((file) => file.includes('::'))).toEqual([`${bag}::demo_9`, `${bag}::demo_10`]);
    await first.roots.closeAll();
    opens = [];
    const second = start();
    const again = await second.roots.settled((await second.openPath(dataset)).id);
    expect(again.entries.filter((entry) => entry.path.startsWith(bag))).toEqual(inBag);
    expect(opens).toEqual([]);
  });

  it('loses and gains them as it is written, and says so', async () => {
    await bagOf('a 1\nb 2');
    const { openPath, roots } = start();
    const { id } = await openPath(dataset);
    await roots.settled(id);
    events = [];
    await bagOf('b 2\nc 30');
    await utimes(path.join(dataset, bag), 1000, 1000);
    roots.rescan(id);
    expect(listed(await roots.settled(id)).filter((below) => below.startsWith(bag))).toEqual([
      `${bag}::b`,
      `${bag}::c`,
    ]);
    await vi.waitFor(() => {
      const removed = events.flatMap((event) => (event.type === 'entries' ? event.removed : []));
      expect(removed).toEqual([`${id}/${bag}::a`]);
    });
  });

  it('is known by its content and not by its name, and a stranger is not listed at all', async () => {
    await take('data/push/2026-05-10/really.take', 'bag\ninner 3\n');
    await take('bags/letter.bag', 'Dear all');
    const { openPath, roots } = start();
    const { id } = await openPath(dataset);
    const { entries } = await roots.settled(id);
    expect(listed({ entries }).filter((below) => /really|letter/.test(below))).toEqual([
      'data/push/2026-05-10/really.take::inner',
    ]);
    expect(entries.find(({ path: below }) => below.endsWith('episode_1.take'))?.format).toBe('take');
  });

  it('that cannot be listed is one entry with a sentence', async () => {
    await bagOf('boom');
    await take('bags/empty.bag', 'bag\n');
    const { openPath, roots } = start();
    const { entries } = await roots.settled((await openPath(path.join(dataset, 'bags'))).id);
    const told = entries.map(({ status, problems }) => [status, problems.map(({ message }) => message).join()]);
    expect(told).toEqual([
      ['error', 'empty.bag lists no recording: look whether it was copied whole.'],
      ['error', 'monday.bag is cut short: restore it from a copy.'],
    ]);
  });

  it('shows its first when it is what was opened, and opens each by its address alone', async () => {
    const file = await bagOf('demo_9 4\ndemo_10 6');
    await take(`${bag}.beside`, 'x');
    const { openPath, episodes, roots } = start();
    const root = await openPath(file);
    expect(root.focus).toBe(`${root.id}/${root.prefix}::demo_9`);
    expect(listed(await roots.settled(root.id))).toHaveLength(2);
    const opened = await episodes.open(`${root.id}/monday.bag::demo_10`);
    expect(opened).toMatchObject({ path: file, file: { pathBelowRoot: 'monday.bag', inner: 'demo_10' } });
    expect(opened.opened.clocks.get('ticks')).toHaveLength(6);
    await expect(episodes.open(`${root.id}/monday.bag`)).rejects.toThrow(
      'monday.bag holds 2 recordings: name one of them, as monday.bag::demo_9.',
    );
    for (const below of [
      'monday.bag::../x',
      'monday.bag::..',
      'monday.bag::a/b',
      '../lab::x',
      'x::../../monday.bag::demo_9',
    ]) {
      await expect(episodes.open(`${root.id}/${below}`), below).rejects.toMatchObject({ name: 'Fault' });
    }
    await take('outside.bag', 'bag\nx 1\n');
    await expect(episodes.open(`${root.id}/../outside.bag::x`)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('is not mistaken for a file whose own name holds "::"', async () => {
    await take('data/push/2026-05-10/odd::name.take', '5');
    await take('data/push/2026-05-10/odd::bag.bag', 'bag\ninner 3\n');
    const { openPath, episodes, roots } = start();
    const { id } = await openPath(dataset);
    const odd = listed(await roots.settled(id)).filter((below) => below.includes('odd'));
    expect(odd).toEqual(['data/push/2026-05-10/odd::bag.bag::inner', 'data/push/2026-05-10/odd::name.take']);
    for (const below of odd)
      await expect(episodes.open(`${id}/${below}`)).resolves.toMatchObject({ id: `${id}/${below}` });
    roots.rescan(id);
    expect(listed(await roots.settled(id)).filter((below) => below.includes('odd'))).toEqual(odd);
  });

  it('is read again when a file beside it changes, or what was stated of its folder', async () => {
    await bagOf('demo_9 4');
    const beside = await take(`${bag}.beside`, 'x');
    datasetSettings = datasetSettingsSchema.parse({});
    const { openPath, episodes, roots } = start();
    const { id } = await openPath(dataset);
    await roots.settled(id);
    const before = await episodes.open(`${id}/${bag}::demo_9`);
    await episodes.look();
    expect(forgotten).toEqual([]);
    await writeFile(beside, 'changed');
    await episodes.look();
    expect(events.at(-1)).toMatchObject({ type: 'episode-changed', episode: before.id });
    const second = await episodes.open(before.id);
    expect(second.revision).not.toBe(before.revision);

    datasetSettings = datasetSettingsSchema.parse({
      stated: { '': { rateHz: 1 }, bags: { rateHz: 10 }, other: { rateHz: 5 } },
    });
    await episodes.restate(id);
    expect(events.at(-1)).toMatchObject({ type: 'episode-changed', revision: 'stated' });
    roots.rescan(id);
    const entry = (await roots.settled(id)).entries.find(({ path: below }) => below === `${bag}::demo_9`);
    expect(entry?.durationNs).toBeCloseTo(3e8, 0);
    const third = await episodes.open(before.id);
    expect(third.opened.clocks.get('ticks')?.[1]).toBe(1e8);
    expect(third.revision).not.toBe(second.revision);
    await episodes.restate(id);
    expect(forgotten).toHaveLength(2);
  });

  it('is checked by its own rules', async () => {
    await bagOf('demo_9 4');
    const { openPath, roots } = start();
    const { id } = await openPath(dataset);
    await roots.settled(id);
    const { episode, findings } = await roots.check(id, `${bag}::demo_9`);
    expect(episode.name).toBe('demo_9');
    expect(findings).toMatchObject({ notes: ['Noted.'], problems: [{ code: 'one' }] });
  });
});

describe('a long list', () => {
  it('comes in portions that say when they no longer fit together', async () => {
    const lines = Array.from({ length: 1200 }, (_, i) => `e${i} 2 complete`).join('\n');
    await take('bags/long.bag', `bag\n${lines}\n`);
    const { openPath, roots } = start();
    const { id } = await openPath(dataset);
    const whole = await roots.settled(id);
    const pages = [];
    for (let from: number | null = 0; from !== null; ) {
      const page = roots.page(id, from);
      pages.push(page);
      from = page.next;
    }
    expect(pages.flatMap(({ entries }) => entries)).toEqual(whole.entries);
    expect(pages.length).toBeGreaterThan(2);
    expect(new Set(pages.map(({ version }) => version)).size).toBe(1);
    await rm(path.join(dataset, 'bags/long.bag'));
    roots.rescan(id);
    await roots.settled(id);
    expect(roots.page(id, 0).version).not.toBe(pages[0]?.version);
    const told = events.filter((event) => event.type === 'entries');
    expect(Math.max(...told.map((event) => event.entries.length))).toBeLessThanOrEqual(250);
  });
});
