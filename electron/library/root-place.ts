import { access, constants, lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Source } from '../sources/source.ts';
import { fileFactsOf, isSetAside, sourceFor } from './file-facts.ts';
import { isWithin } from './paths.ts';

export const STORAGE_NAME = '.regrasp';

/** Folders looked into before a folder without any recording is taken for the first format, or for one dataset. */
const PROBE_FOLDERS = 300;

/**
 * The format of what was opened, and its roots (DESIGN "Root"), never none: the nearest ancestor that already holds a
 * real `.regrasp` folder, else what the format says. A folder above whole datasets stands for those, so that a review
 * is the same from wherever it was opened. `userDataDir` is no dataset, even when it bears that name.
 */
export async function placeRoots(
  real: string,
  isFolder: boolean,
  sources: readonly Source[],
  userDataDir: string,
): Promise<{ roots: string[]; source: Source }> {
  const source = await formatOf(real, isFolder, sources);
  const start = isFolder ? real : path.dirname(real);
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (await holdsStorage(folder, userDataDir)) return { roots: [folder], source };
    if (folder === path.dirname(folder)) break;
  }
  const proposed = source.rootOf(real, isFolder);
  const own = isWithin(proposed, real) ? proposed : start;
  if (!isFolder || own !== real) return { roots: [own], source };
  const below = await rootsBelow(real, source, userDataDir);
  return { roots: below.length > 0 ? below : [own], source };
}

async function holdsStorage(folder: string, userDataDir: string): Promise<boolean> {
  const storage = path.join(folder, STORAGE_NAME);
  const stats = await lstat(storage).catch(() => undefined);
  return stats?.isDirectory() === true && path.resolve(userDataDir) !== storage;
}

/** Whole datasets in and below a folder; none where recordings lie outside of them, as those would not be listed then. */
async function rootsBelow(top: string, source: Source, userDataDir: string): Promise<string[]> {
  const roots: string[] = [];
  const queue = [top];
  for (let looked = 0; queue.length > 0 && looked < PROBE_FOLDERS; looked++) {
    const folder = queue.shift() as string;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const wanted = entries.filter(({ name }) => !isSetAside(name));
    const folders = wanted.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
    if ((await holdsStorage(folder, userDataDir)) || folders.some((child) => source.rootOf(child, true) === folder)) {
      roots.push(folder);
      continue;
    }
    for (const { name } of wanted.filter((entry) => entry.isFile())) {
      const facts = await fileFactsOf(path.join(folder, name));
      if (facts && source.mightBe(facts)) return [];
    }
    queue.push(...folders);
  }
  return roots;
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
