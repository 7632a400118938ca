import { link, lstat, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';

const CANNOT_BE_OPENED = new Set(['truncated', 'not-hdf5', 'unreadable']);

/** Whether the file itself cannot be opened, or holds other numbers of pictures than of ticks; else it stays where it is. */
export function belongsInQuarantine(problems: readonly Problem[]): boolean {
  return problems.some(
    ({ severity, code, stream }) =>
      severity === 'error' && (code === 'count-mismatch' || (CANNOT_BE_OPENED.has(code) && stream === undefined)),
  );
}

/** What a file was when it was looked into. */
export interface LookedAt {
  size: number;
  mtimeMs: number;
  ino: number;
}

export async function lookAt(file: string): Promise<LookedAt | null> {
  const stats = await stat(file).catch(() => null);
  return stats && { size: stats.size, mtimeMs: stats.mtimeMs, ino: stats.ino };
}

/**
 * Renames a file to `<name>.corrupt`, which nothing of the pipeline takes for a recording. Whoever holds it open has let
 * go of it before. Never overwrites. Rejects with Fault; the file is then where it was. Answers the new path.
 */
export async function quarantine(file: string, looked: LookedAt | null): Promise<string> {
  const name = path.basename(file);
  const target = `${file}.corrupt`;
  const now = await lstat(file).catch((error: unknown) => {
    throw new Fault('UNUSABLE', sentenceOf(error, file));
  });
  if (now.isSymbolicLink())
    throw new Fault('REFUSED', `${name} is a link and was not renamed: rename what it leads to.`);
  if (!looked || now.ino !== looked.ino || now.size !== looked.size || now.mtimeMs !== looked.mtimeMs)
    throw new Fault(
      'REFUSED',
      `${name} was changed while it was checked and keeps its name: is it still being recorded?`,
    );
  const inTheWay = () =>
    new Fault('REFUSED', `${name} keeps its name, because ${path.basename(target)} is in the way: move that file.`);
  try {
    // A second name first: unlike a rename it fails where there is such a file.
    await link(file, target);
    await unlink(file);
    return target;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'EEXIST') throw inTheWay();
    if (!NO_LINKS.has(code)) throw new Fault('UNUSABLE', `${name} keeps its name. ${sentenceOf(error)}`);
  }
  // Disks without second names: the name is taken first, then replaced by the file.
  try {
    await writeFile(target, '', { flag: 'wx' });
  } catch (error) {
    throw systemCodeOf(error) === 'EEXIST'
      ? inTheWay()
      : new Fault('UNUSABLE', `${name} keeps its name. ${sentenceOf(error)}`);
  }
  try {
    await rename(file, target);
    return target;
  } catch (error) {
    await rm(target, { force: true });
    throw new Fault('UNUSABLE', `${name} keeps its name. ${sentenceOf(error)}`);
  }
}

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);
