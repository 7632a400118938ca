import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pathsOf, StagedLibrary } from './staged-library.ts';

let lab: StagedLibrary;
beforeEach(async () => {
  lab = await StagedLibrary.create();
});
afterEach(() => lab.close());

describe('the list of a root', () => {
  it('names every recording and, in time, what is in it', async () => {
    await lab.take('data/push/2026-05-11/bad.take', 'boom');
    await lab.take('data/push/2026-05-11/short.take', 'broken');
    await lab.take('data/push/2026-05-11/old.take.corrupt', '1');
    await lab.take('.hidden/episode.take', '1');
    const { openPath, roots } = lab.start();
    const { entries } = await roots.settled((await openPath(lab.dataset)).id);
    const states = Object.fromEntries(entries.map((entry) => [path.basename(entry.path), entry.status]));
    expect(entries).toHaveLength(5);
    expect(states).toMatchObject({ 'bad.take': 'error', 'short.take': 'error', 'episode_2.take': 'good' });
    expect(entries.find((entry) => entry.path.endsWith('episode_2.take'))).toMatchObject({ ticks: 7, durationNs: 6e9 });
    expect(entries.find((entry) => entry.path.endsWith('bad.take'))?.problems[0]?.message).toContain('bad.take');
    const first = lab.events.find((event) => event.type === 'entries');
    expect(first?.type === 'entries' && first.entries.some((entry) => entry.status === 'pending')).toBe(true);
    expect(lab.released).toHaveLength(5);
  });

  it('says in time which recordings hold frames that cannot be decoded, and tries each once', async () => {
    await lab.take('data/push/2026-05-11/damaged.take', '5 pictures');
    await lab.take('data/push/2026-05-11/whole.take', '5 pictures');
    const first = lab.start();
    const { id } = await first.openPath(lab.dataset);
    const { library, untried } = await first.roots.tried(id, 5000);
    const damaged = library.entries.find((entry) => entry.path.endsWith('damaged.take'));
    expect(damaged).toMatchObject({ status: 'error', ticks: 5, streams: 1 });
    expect(damaged?.problems.map(({ message }) => message)).toEqual([
      'damaged.take: 1 of 5 frames of Pictures (pictures) cannot be decoded: frame 3; the others can be seen. Restore the file from a copy.',
    ]);
    expect(library.entries.find((entry) => entry.path.endsWith('whole.take'))?.status).toBe('good');
    expect(untried).toBe(0);
    expect(lab.decoded).toHaveLength(10);
    await vi.waitFor(() =>
      expect(
        lab.events.some((event) => event.type === 'entries' && event.entries.some(({ status }) => status === 'error')),
      ).toBe(true),
    );

    await first.roots.closeAll();
    const second = lab.start();
    const again = await second.roots.tried((await second.openPath(lab.dataset)).id, 5000);
    expect(again.library.entries.find((entry) => entry.path.endsWith('damaged.take'))).toEqual(damaged);
    expect(lab.decoded).toHaveLength(10);

    // Long ago: a recording that changed just now is looked into once it rests.
    await utimes(await lab.take('data/push/2026-05-11/damaged.take', '3 pictures'), 1000, 1000);
    second.roots.rescan(id);
    const mended = await second.roots.tried(id, 5000);
    expect(mended.library.entries.find((entry) => entry.path.endsWith('damaged.take'))?.status).toBe('good');
  });

  it('says of a damaged frame that was met while an episode was shown, once', async () => {
    const { openPath, roots } = lab.start();
    const { id } = await openPath(lab.dataset);
    await roots.settled(id);
    const shown = 'data/push/2026-05-10/episode_1.take';
    roots.noteDamage(`${id}/${shown}`, 'Frame 7 is damaged.');
    roots.noteDamage(`${id}/${shown}`, 'Frame 8 is damaged.');
    const entry = roots.library(id).entries.find((candidate) => candidate.path === shown);
    expect(entry).toMatchObject({ status: 'error', ticks: 5 });
    expect(entry?.problems.map(({ message }) => message)).toEqual(['Frame 7 is damaged.']);
  });

  it('comes from the cache at the second opening, except for what changed', async () => {
    const first = lab.start();
    await first.roots.settled((await first.openPath(lab.dataset)).id);
    await first.roots.closeAll();
    lab.opens = [];
    await utimes(path.join(lab.dataset, 'data/push/2026-05-11/episode_1.take'), 1000, 1000);
    const second = lab.start();
    const library = await second.roots.settled((await second.openPath(lab.dataset)).id);
    expect(lab.opens).toEqual(['data/push/2026-05-11/episode_1.take']);
    expect(library.entries.every((entry) => entry.status === 'good')).toBe(true);
  });

  it('tells how its scan goes on, stops when asked, and goes on with the rest at a rescan alone', async () => {
    await lab.take('data/push/2026-05-10/broken.take', 'broken');
    await lab.take('bags/two.bag', 'bag\na 1\nb 2\n');
    const { openPath, roots } = lab.start();
    const { id } = await openPath(lab.dataset);
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
    await lab.take('data/push/2026-05-12/new.take', '4');
    roots.get(id).library.scan();
    expect(await pending()).toBe(4);
    expect(lab.opens.filter((file) => !file.includes('::')).at(-1)).toBe('data/push/2026-05-12/new.take');

    roots.rescan(id);
    expect(await pending()).toBe(0);
    expect(await follow(-1)).toEqual({ done: 0, failed: 0 });

    await Promise.all([1, 2, 3].map((n) => lab.take(`bags/more${n}.bag`, `bag\nx${n} 1\n`)));
    roots.rescan(id);
    expect(await follow(1)).toEqual({ done: 1, failed: 0 });
    expect(await pending()).toBeGreaterThan(0);
    expect(await follow(-1)).toMatchObject({ failed: 0 });
    expect(await pending()).toBe(0);
  });

  it('shows and walks only the part that was granted', async () => {
    const { openPath, roots } = lab.start();
    const root = await openPath(path.join(lab.dataset, 'data/push/2026-05-11'));
    expect(pathsOf(await roots.settled(root.id))).toEqual(['data/push/2026-05-11/episode_1.take']);
    expect(lab.opens).toEqual(['data/push/2026-05-11/episode_1.take']);
  });

  it('follows no link, and says of each what is behind it', async () => {
    await writeFile(path.join(lab.base, 'outside.take'), '9');
    await writeFile(path.join(lab.base, 'letter.txt'), 'no recording');
    const date = path.join(lab.dataset, 'data/push/2026-05-10');
    await symlink(path.join(lab.base, 'outside.take'), path.join(date, 'outside.take'));
    await symlink('../2026-05-11/episode_1.take', path.join(date, 'inside.take'));
    await symlink(path.join(lab.base, 'letter.txt'), path.join(date, 'letter.txt'));
    await symlink(lab.base, path.join(lab.dataset, 'data/loop'));
    await symlink('push/2026-05-11', path.join(lab.dataset, 'data/latest'));
    await symlink(path.join(lab.base, 'unmounted'), path.join(lab.dataset, 'data/share'));
    const { openPath, roots } = lab.start();
    const { entries } = await roots.settled((await openPath(lab.dataset)).id);
    expect(entries).toHaveLength(8);
    const told = Object.fromEntries(
      entries.flatMap(({ path: below, status, problems }) => problems.map(({ message }) => [below, [status, message]])),
    );
    expect(told).toEqual({
      'data/loop': ['error', `loop is a link to ${lab.base}, which was not opened: open that folder.`],
      'data/share': [
        'error',
        `share is a link to ${path.join(lab.base, 'unmounted')}, where nothing is: mount or restore what it points to.`,
      ],
      'data/latest': [
        'warning',
        'latest is a link to data/push/2026-05-11: what lies there is listed under that name.',
      ],
      'data/push/2026-05-10/outside.take': [
        'error',
        `outside.take is a link to ${lab.base}/outside.take, which was not opened: open the folder ${lab.base}.`,
      ],
      'data/push/2026-05-10/inside.take': [
        'warning',
        'inside.take is a link to data/push/2026-05-11/episode_1.take: what lies there is listed under that name.',
      ],
    });
    expect(lab.opens).toHaveLength(3);
  });

  it('lists the recording that takes a link’s place', async () => {
    const place = path.join(lab.dataset, 'data/push/2026-05-11/episode_3.take');
    await symlink(path.join(lab.base, 'nothing.take'), place);
    const { openPath, roots } = lab.start();
    const { id } = await openPath(lab.dataset);
    const statusOf = async () =>
      (await roots.settled(id)).entries.find((entry) => path.basename(entry.path) === 'episode_3.take')?.status;
    expect(await statusOf()).toBe('error');
    await rm(place);
    await writeFile(place, '4');
    roots.rescan(id);
    expect(await statusOf()).toBe('good');
  });

  it('notices files that come and go', async () => {
    const { openPath, roots } = lab.start();
    const root = await openPath(lab.dataset);
    await roots.settled(root.id);
    await lab.take('data/push/2026-05-11/episode_2.take', '4');
    await rm(path.join(lab.dataset, 'data/push/2026-05-10/episode_1.take'));
    await vi.waitFor(
      () =>
        expect(pathsOf(roots.library(root.id))).toEqual([
          'data/push/2026-05-10/episode_2.take',
          'data/push/2026-05-11/episode_1.take',
          'data/push/2026-05-11/episode_2.take',
        ]),
      { timeout: 8000 },
    );
    const removed = lab.events.flatMap((event) => (event.type === 'entries' ? event.removed : []));
    expect(removed).toEqual([`${root.id}/data/push/2026-05-10/episode_1.take`]);
  });

  it('takes two thousand files', async () => {
    const folder = path.join(lab.dataset, 'data/push/2026-06-01');
    await mkdir(folder);
    await Promise.all(Array.from({ length: 2000 }, (_, i) => writeFile(path.join(folder, `e${i}.take`), '2')));
    const { openPath, roots } = lab.start();
    const { entries } = await roots.settled((await openPath(folder)).id);
    expect(entries).toHaveLength(2000);
    expect(lab.events.filter((event) => event.type === 'entries').length).toBeLessThan(200);
  });
});

describe('a long list', () => {
  it('comes in portions that say when they no longer fit together', async () => {
    const lines = Array.from({ length: 1200 }, (_, i) => `e${i} 2 complete`).join('\n');
    await lab.take('bags/long.bag', `bag\n${lines}\n`);
    const { openPath, roots } = lab.start();
    const { id } = await openPath(lab.dataset);
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
    await rm(path.join(lab.dataset, 'bags/long.bag'));
    roots.rescan(id);
    await roots.settled(id);
    expect(roots.page(id, 0).version).not.toBe(pages[0]?.version);
    const told = lab.events.filter((event) => event.type === 'entries');
    expect(Math.max(...told.map((event) => event.entries.length))).toBeLessThanOrEqual(250);
  });
});
