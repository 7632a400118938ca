import { access, constants, lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Source } from '../sources/source.ts';
import { fileFactsOf, isSetAside, sourceFor } from './file-facts.ts';
import { isWithin } from './paths.ts';

export const STORAGE_NAME = '.regrasp';

/** Folders looked into before a folder without any recording is taken for the first format. */
const PROBE_FOLDERS = 300;

/**
 * The format of what was opened, and its root (DESIGN "Root"): the nearest ancestor that already holds a real
 * `.regrasp` folder, else what the format says. `userDataDir` is no dataset, even when it bears that name.
 */
export async function placeRoot(
  real: string,
  isFolder: boolean,
  sources: readonly Source[],
  userDataDir: string,
): Promise<{ root: string; source: Source }> {
  const source = await formatOf(real, isFolder, sources);
  const start = isFolder ? real : path.dirname(real);
  for (let folder = start; ; folder = path.dirname(folder)) {
    const storage = path.join(folder, STORAGE_NAME);
    const stats = await lstat(storage).catch(() => undefined);
    if (stats?.isDirectory() && path.resolve(userDataDir) !== storage) return { root: folder, source };
    if (folder === path.dirname(folder)) break;
  }
  const proposed = source.rootOf(real, isFolder);
  return { root: isWithin(proposed, real) ? proposed : start, source };
}

async function formatOf(real: string, isFolder: boolean, sources: readonly Source[]): Promise<Source> {
  const fallback = sources[0];
  if (!fallback) throw new Error('The workstation was built without any format.');
  if (!isFolder) {
    const facts = await fileFactsOf(real);
    return (facts && sourceFor(sources, facts)) ?? fallback;
  }
  const queue = [real];
  for (let looked = 0; queue.length > 0 && looked < PROBE_FOLDERS; looked++) {
    const folder = queue.shift() as string;
    const names = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of names) {
      if (isSetAside(entry.name)) continue;
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) queue.push(full);
      if (!entry.isFile()) continue;
      const facts = await fileFactsOf(full);
      const source = facts && sourceFor(sources, facts);
      if (source) return source;
    }
  }
  return fallback;
}

export interface Storage {
  folder: string;
  kind: 'beside' | 'user';
  reason: string | null;
}

/** Where what people say about a root is kept. Creates nothing: the first thing said does. */
export async function placeStorage(root: string, rootId: string, userDataDir: string): Promise<Storage> {
  const beside = path.join(root, STORAGE_NAME);
  const stats = await lstat(beside).catch(() => undefined);
  const instead = (reason: string): Storage => ({
    folder: path.join(userDataDir, 'roots', rootId),
    kind: 'user',
    reason,
  });
  if (stats?.isSymbolicLink()) {
    return instead(`${beside} is a link and was not followed, so reviews are kept in your user folder.`);
  }
  if (stats && !stats.isDirectory()) {
    return instead(`${beside} is not a folder, so reviews are kept in your user folder.`);
  }
  const writable = await access(stats ? beside : root, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return instead(`${root} is read-only, so reviews are kept in your user folder.`);
  return { folder: beside, kind: 'beside', reason: null };
}
