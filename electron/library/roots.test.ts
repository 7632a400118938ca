import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathsOf, StagedLibrary } from './staged-library.ts';

let lab: StagedLibrary;
beforeEach(async () => {
  lab = await StagedLibrary.create();
});
afterEach(() => lab.close());

describe('a root', () => {
  it('is the same whether the dataset, a date or one file was opened', async () => {
    const { openPath } = lab.start();
    const whole = await openPath(lab.dataset);
    const date = await openPath(path.join(lab.dataset, 'data/push/2026-05-10'));
    const file = await openPath(path.join(lab.dataset, 'data/push/2026-05-10/episode_2.take'));
    expect([date.id, file.id]).toEqual([whole.id, whole.id]);
    expect(whole).toMatchObject({ path: lab.dataset, name: 'lab', prefix: '', focus: null, storage: 'beside' });
    expect(date.prefix).toBe('data/push/2026-05-10');
    expect(file.focus).toBe(`${whole.id}/data/push/2026-05-10/episode_2.take`);
  });

  it('is the dataset itself when a folder above it was opened, and each of several', async () => {
    const { openPath, openPaths, roots } = lab.start();
    const itself = await openPath(lab.dataset);
    expect((await openPaths(path.dirname(lab.dataset))).map(({ id }) => id)).toEqual([itself.id]);
    const second = path.join(lab.base, 'second', 'rig');
    await mkdir(path.join(second, 'data/push/2026-05-12'), { recursive: true });
    await writeFile(path.join(second, 'data/push/2026-05-12/episode_1.take'), '4');
    const both = await openPaths(lab.base);
    expect(both.map((root) => root.path)).toEqual([lab.dataset, second].sort());
    expect(pathsOf(await roots.settled((both.find((root) => root.path === second) ?? itself).id))).toEqual([
      'data/push/2026-05-12/episode_1.take',
    ]);
  });

  it('is the folder above when recordings lie there outside of any dataset', async () => {
    await writeFile(path.join(lab.base, 'loose.take'), '4');
    const { openPath, roots } = lab.start();
    const root = await openPath(lab.base);
    expect(root.path).toBe(lab.base);
    expect(pathsOf(await roots.settled(root.id))).toContain('loose.take');
  });

  it('is the nearest ancestor that already holds a real .regrasp folder', async () => {
    await mkdir(path.join(lab.dataset, 'data/push/.regrasp'), { recursive: true });
    const root = await lab.start().openPath(path.join(lab.dataset, 'data/push/2026-05-10'));
    expect(root.path).toBe(path.join(lab.dataset, 'data/push'));
  });

  it('keeps reviews in the user folder when .regrasp is a link, and says so', async () => {
    await mkdir(path.join(lab.base, 'elsewhere'));
    await symlink(path.join(lab.base, 'elsewhere'), path.join(lab.dataset, '.regrasp'));
    const { openPath, roots } = lab.start();
    const root = await openPath(lab.dataset);
    expect(root.storage).toBe('user');
    expect(root.storageReason).toContain('is a link');
    expect(roots.get(root.id).storage.folder.startsWith(lab.userDataDir)).toBe(true);
  });

  it('does not take the person’s own folder for a dataset, even where it is called .regrasp', async () => {
    lab.userDataDir = path.join(lab.base, '.regrasp');
    await mkdir(lab.userDataDir);
    expect((await lab.start().openPath(lab.dataset)).path).toBe(lab.dataset);
  });
});

describe('grants', () => {
  it('outlive a restart, and the same path keeps its grant', async () => {
    const grant = await lab.start().grants.grant(lab.dataset);
    const later = lab.start();
    expect(await later.grants.grant(lab.dataset)).toBe(grant);
    expect((await later.roots.openGrant(grant))[0].path).toBe(lab.dataset);
  });

  it('are all kept when many are made at once', async () => {
    const { grants, roots } = lab.start();
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) await mkdir(path.join(lab.base, name));
    const made = await Promise.all(names.map((name) => grants.grant(path.join(lab.base, name))));
    for (const grant of made) await expect(roots.openGrant(grant)).resolves.toBeTruthy();
  });

  it('are refused when made up, when there is nothing, and for files of no known format', async () => {
    const { grants, roots } = lab.start();
    await expect(roots.openGrant('made-up')).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(grants.grant(path.join(lab.base, 'nothing'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const stranger = path.join(lab.base, 'letter.txt');
    await writeFile(stranger, 'hello');
    await expect(grants.grant(stranger)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('do not follow a folder that was swapped for a link after it was granted', async () => {
    const { grants, roots } = lab.start();
    const grant = await grants.grant(lab.dataset);
    await rename(lab.dataset, path.join(lab.base, 'moved'));
    await mkdir(path.join(lab.base, 'secret'));
    await symlink(path.join(lab.base, 'secret'), lab.dataset);
    await expect(roots.openGrant(grant)).rejects.toMatchObject({ code: 'REFUSED' });
  });
});
