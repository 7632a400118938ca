import { readdir, realpath, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../../fault.ts';
import { isWithin } from '../../library/paths.ts';

/**
 * Where a bundle goes: nothing is written over what is there, nor into the recordings, whatever links lead there. Answers the
 * folder's real path; touches nothing. Rejects with Fault.
 */
export async function checkedPlace(out: string | null, root: string): Promise<string> {
  if (out === null)
    throw new Fault('REFUSED', 'Where the bundle goes is not said: name a folder that is not there yet with --out.');
  const standing = await standingFolder(out);
  const real = path.join(await realpath(standing), path.relative(standing, out));
  if (isWithin(root, real))
    throw new Fault('REFUSED', `${out} lies within the recordings: export to a folder outside of ${root}.`);
  const there = await stat(out).catch(() => undefined);
  if (there && !(there.isDirectory() && (await readdir(out)).length === 0))
    throw new Fault('REFUSED', `${out} is there already: export to another folder, or move that one away.`);
  return real;
}

/** Rejects with Fault where the disk has less room than the plan guesses it needs. */
export async function refuseFull(out: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(await standingFolder(out));
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new Fault(
    'REFUSED',
    `There is no room for the bundle: it needs about ${amount(neededBytes)}, and ${path.dirname(out)} has ${amount(free)} free: free some space, or export to another disk.`,
  );
}

/** The nearest folder on the way to `out` that is there. */
async function standingFolder(out: string): Promise<string> {
  for (let folder = path.resolve(out); ; folder = path.dirname(folder)) {
    const there = await stat(folder).catch(() => undefined);
    if (there?.isDirectory() || folder === path.dirname(folder)) return folder;
  }
}

function amount(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
