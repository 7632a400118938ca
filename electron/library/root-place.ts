import { access, constants, lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FileFacts, Source } from '../sources/source.ts';
import { fileFactsOf, isSetAside, sourceFor } from './file-facts.ts';
import { isWithin } from './paths.ts';

export const STORAGE_NAME = '.regrasp';

/** Folders looked into before a folder without any recording is taken for the first format, or for one dataset. */
const PROBE_FOLDERS = 300;
/** Files whose content is asked for before the name has to do. */
const PROBE_FILES = 12;

/** The format of a file by its content; undefined: none. `root` is all that may be read for it. */
export type Recognize = (file: FileFacts, root: string) => Promise<string | undefined>;

export interface PlaceOptions {
  sources: readonly Source[];
  userDataDir: string;
  recognize: Recognize;
}

/**
 * The format of what was opened, and its roots (DESIGN "Root"), never none: the nearest ancestor that already holds a
 * real `.regrasp` folder, else what the format says. A folder above whole datasets stands for those, so that a review
 * is the same from wherever it was opened; one in which recordings lie outside of them, of whatever format, is one root.
 * `userDataDir` is no dataset, even when it bears that name.
 */
export async function placeRoots(
  real: string,
  isFolder: boolean,
  options: PlaceOptions,
): Promise<{ roots: string[]; source: Source }> {
  const source = await formatOf(real, isFolder, options);
  const start = isFolder ? real : path.dirname(real);
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (await holdsStorage(folder, options.userDataDir)) return { roots: [folder], source };
    if (folder === path.dirname(folder)) break;
  }
  const proposed = source.rootOf(real, isFolder);
  const own = isWithin(proposed, real) ? proposed : start;
  if (!isFolder || own !== real) return { roots: [own], source };
  const below = await rootsBelow(real, options);
  return { roots: below.length > 0 ? below : [own], source };
}

async function holdsStorage(folder: string, userDataDir: string): Promise<boolean> {
  const storage = path.join(folder, STORAGE_NAME);
  const stats = await lstat(storage).catch(() => undefined);
  return stats?.isDirectory() === true && path.resolve(userDataDir) !== storage;
}

/** Whole datasets in and below a folder; none where recordings lie outside of them, as those would not be listed then. */
async function rootsBelow(top: string, { sources, userDataDir, recognize }: PlaceOptions): Promise<string[]> {
  const roots: string[] = [];
  const queue = [top];
  for (let looked = 0; queue.length > 0 && looked < PROBE_FOLDERS; looked++) {
    const folder = queue.shift() as string;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const wanted = entries.filter(({ name }) => !isSetAside(name));
    const folders = wanted.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
    const isWhole = folders.some((child) => sources.some((source) => source.rootOf(child, true) === folder));
    if (isWhole || (await holdsStorage(folder, userDataDir))) {
      roots.push(folder);
      continue;
    }
    for (const { name } of wanted.filter((entry) => entry.isFile())) {
      const facts = await fileFactsOf(path.join(folder, name));
      if (facts && (await isRecording(facts, top, sources, recognize))) return [];
    }
    queue.push(...folders);
  }
  return roots;
}

/** By content, where a name alone could mean anything. */
async function isRecording(
  facts: FileFacts,
  root: string,
  sources: readonly Source[],
  recognize: Recognize,
): Promise<boolean> {
  const possible = sources.filter((source) => source.mightBe(facts));
  if (possible.length === 0 || possible.some(({ takesUnknown }) => takesUnknown)) return possible.length > 0;
  return (await recognize(facts, root).catch(() => undefined)) !== undefined;
}

async function formatOf(real: string, isFolder: boolean, { sources, recognize }: PlaceOptions): Promise<Source> {
  const byPlace = sources.find((source) => source.rootOf(real, isFolder) !== (isFolder ? real : path.dirname(real)));
  const fallback = byPlace ?? sources.find(({ takesUnknown }) => takesUnknown) ?? sources[0];
  if (!fallback) throw new Error('The workstation was built without any format.');
  if (!isFolder) {
    const facts = await fileFactsOf(real);
    const named = facts && sourceFor(sources, facts);
    if (!facts || !named) return fallback;
    return (await recognized(facts, path.dirname(real), sources, recognize)) ?? named;
  }
  const queue = [real];
  let named: Source | undefined;
  let unknown: Source | undefined;
  let asked = 0;
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
      if (!facts || !source) continue;
      named ??= source;
      const found = await recognized(facts, real, sources, recognize);
      if (found && !found.takesUnknown) return found;
      unknown ??= found;
      if (++asked >= PROBE_FILES) return unknown ?? named;
    }
  }
  return unknown ?? named ?? fallback;
}

/** Where only one format could have a file by its name, its content is not asked for: that would take time for nothing. */
async function recognized(
  facts: FileFacts,
  root: string,
  sources: readonly Source[],
  recognize: Recognize,
): Promise<Source | undefined> {
  const possible = sources.filter((source) => source.mightBe(facts));
  if (possible.length === 1 && possible[0]?.takesUnknown) return possible[0];
  // A file of a dataset may need what lies beside it in the dataset to be known.
  const proposed = possible[0]?.rootOf(facts.path, false);
  const within = proposed !== undefined && isWithin(proposed, facts.path) && isWithin(proposed, root) ? proposed : root;
  const id = await recognize(facts, within).catch(() => undefined);
  return sources.find((source) => source.id === id);
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
