import { rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StagedLibrary } from './staged-library.ts';

let lab: StagedLibrary;
beforeEach(async () => {
  lab = await StagedLibrary.create();
});
afterEach(() => lab.close());

describe('an episode', () => {
  const below = 'data/push/2026-05-10/episode_1.take';

  it('opens once, and anew after its file changed', async () => {
    const { openPath, roots, episodes } = lab.start();
    const root = await openPath(lab.dataset);
    await roots.settled(root.id);
    lab.opens = [];
    const [first, same] = await Promise.all([
      episodes.open(`${root.id}/${below}`),
      episodes.open(`${root.id}/${below}`),
    ]);
    expect(same).toBe(first);
    expect(lab.opens).toEqual([below]);
    await lab.take(below, '50');
    await episodes.look();
    expect(lab.events.at(-1)).toMatchObject({ type: 'episode-changed', episode: first.id });
    expect(lab.forgotten).toEqual([first.id]);
    const second = await episodes.open(first.id);
    expect(second.revision).not.toBe(first.revision);
    expect(second.opened.clocks.get('ticks')).toHaveLength(50);
  });

  it('is called gone only when it stays away, for programs replace files by renaming', async () => {
    const { openPath, episodes } = lab.start();
    const root = await openPath(lab.dataset);
    const { id } = await episodes.open(`${root.id}/${below}`);
    await rm(path.join(lab.dataset, below));
    await episodes.look();
    expect(lab.events.filter((event) => event.type === 'episode-changed')).toEqual([]);
    await episodes.look();
    expect(lab.events.at(-1)).toMatchObject({ type: 'episode-changed', episode: id, revision: 'gone' });
    await expect(episodes.open(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is refused outside what was granted, by every disguise', async () => {
    await writeFile(path.join(lab.base, 'outside.take'), '9');
    await symlink(path.join(lab.base, 'outside.take'), path.join(lab.dataset, 'data/push/2026-05-10/link.take'));
    await symlink('../2026-05-11', path.join(lab.dataset, 'data/push/2026-05-10/other'));
    const { openPath, episodes } = lab.start();
    const { id } = await openPath(path.join(lab.dataset, 'data/push/2026-05-10'));
    await expect(episodes.open(`${id}/${below}`)).resolves.toMatchObject({ path: path.join(lab.dataset, below) });
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
    const { openPath, episodes } = lab.start();
    for (const n of [3, 4, 5]) await lab.take(`data/push/2026-05-10/episode_${n}.take`, '1');
    const { id } = await openPath(lab.dataset);
    const ids = [1, 2, 3, 4, 5].map((n) => `${id}/data/push/2026-05-10/episode_${n}.take`) as [string, ...string[]];
    for (const episode of ids.slice(0, 4)) await episodes.open(episode);
    await episodes.open(ids[0]);
    await episodes.open(ids[4] as string);
    expect(lab.forgotten).toEqual([ids[1]]);
  });
});
