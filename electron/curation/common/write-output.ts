import { mkdir, readdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault, reasonOf, sentenceOf, systemCodeOf } from '../../fault.ts';
import { writeAtomically, writeWholeBy } from '../../settings/atomic-write.ts';
import { makeFolders } from '../../settings/make-folders.ts';
import { isLeftBehind } from '../../settings/temporary-name.ts';
import { isFresh, type MadeRoot, type Making } from './made.ts';
import { type OutputPlace, outputBase } from './output-paths.ts';

/** Outputs are for everybody who may read the dataset; the person's umask takes from it. */
const OUTPUT_MODE = 0o666;

/**
 * Writes an output whole or not at all: a crash at any point leaves the old file or the new one. Folders are made. Where
 * a folder on the way is a link that leads out of the root (or out of the folder a person named), nothing is written.
 * Rejects with Fault, one sentence.
 */
export async function writeOutput(place: OutputPlace, file: string, content: string | Uint8Array): Promise<void> {
  await guarded(place, file, () => writeAtomically(file, content, OUTPUT_MODE));
}

/** The same where a writer fills the file by its path: `write` is given a temporary name beside it. */
export function writeOutputBy<T>(
  place: OutputPlace,
  file: string,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  return guarded(place, file, () => writeWholeBy(file, write));
}

/** What every writer of an output does first: its folder is made and looked at, and what an ended run left is removed. */
export async function prepareOutput(place: OutputPlace, file: string): Promise<void> {
  await refuseLinksOut(outputBase(place), file);
  await removeRemains(file);
}

/**
 * Whether an output stands as it would be written (`isFresh`), so that its stage leaves it. What an ended run left beside
 * it (one that was to write it all the same) goes then as well: no writer comes by to remove it.
 */
export async function standsFresh(root: MadeRoot, making: Making): Promise<boolean> {
  const isThere = await isFresh(root, making);
  if (isThere) await removeRemains(making.file);
  return isThere;
}

async function guarded<T>(place: OutputPlace, file: string, write: () => Promise<T>): Promise<T> {
  await prepareOutput(place, file);
  try {
    return await write();
  } catch (error) {
    // Faults and other sentences of the writer stay as they are.
    if (systemCodeOf(error) === '') throw error;
    const reason = reasonOf(error);
    throw new Fault('UNUSABLE', `${file} was not written: ${reason ? `${reason}.` : sentenceOf(error)}`);
  }
}

/** A run that was ended left behind what it had written so far, which may be gigabytes; one that goes on still writes. */
async function removeRemains(file: string): Promise<void> {
  const folder = path.dirname(file);
  const begin = `.${path.basename(file)}.`;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(begin) || !name.endsWith('.tmp')) continue;
    const remains = path.join(folder, name);
    const stats = await stat(remains).catch(() => undefined);
    const isEnded = stats && (isLeftBehind(name) || Date.now() - stats.mtimeMs > ABANDONED_MS);
    if (isEnded) await rm(remains, { force: true }).catch(() => undefined);
  }
}

/** For runs of other machines, and where a process has the number of one that ended. */
const ABANDONED_MS = 10 * 60_000;

/** Makes the folder of `file` one by one, and refuses to go through one that leads out of `base`. */
async function refuseLinksOut(base: string, file: string): Promise<void> {
  const folder = path.dirname(file);
  const below = path.relative(base, folder);
  if (below.startsWith('..') || path.isAbsolute(below))
    throw new Fault('REFUSED', `${file} lies outside of ${base}, so it was not written: choose a folder with --out.`);
  try {
    await makeFolders(base);
    const realBase = await realpath(base);
    let step = base;
    for (const part of ['', ...below.split(path.sep)].filter((each, at) => at === 0 || each !== '')) {
      step = path.join(step, part);
      await mkdir(step).catch((error: unknown) => {
        if (systemCodeOf(error) !== 'EEXIST') throw error;
      });
      if (!(await stat(step)).isDirectory()) throw Object.assign(new Error(step), { code: 'ENOTDIR', path: step });
      const real = await realpath(step);
      if (real !== realBase && !real.startsWith(realBase + path.sep))
        throw new Fault(
          'REFUSED',
          `${step} is a link out of ${base} and was not followed: replace it by a real folder, or choose one with --out.`,
        );
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('UNUSABLE', `${file} was not written: ${sentenceOf(error, folder)}`);
  }
}
