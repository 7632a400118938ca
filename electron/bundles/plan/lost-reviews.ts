import { readdir } from 'node:fs/promises';
import { ownFolder } from '../../review/own-folder.ts';

/**
 * One sentence for reviews of recordings that are not there as they were reviewed: changed since, moved elsewhere or gone; null
 * where there are none, or no telling.
 *
 * @param fingerprints of every recording of the dataset
 */
export async function lostReviews(storageDir: string, fingerprints: ReadonlySet<string>): Promise<string | null> {
  const lost: string[] = [];
  try {
    const folder = await ownFolder(storageDir, ['reviews'], false);
    if (folder === undefined) return null;
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory() || !/^[0-9a-f]{64}$/.test(entry.name) || fingerprints.has(entry.name)) continue;
      const own = await ownFolder(storageDir, ['reviews', entry.name], false);
      const names = own === undefined ? [] : await readdir(own);
      if (names.some((name) => name.endsWith('.jsonl'))) lost.push(entry.name);
    }
  } catch {
    // What cannot be read was told when it was opened.
    return null;
  }
  const [first] = lost.sort();
  if (first === undefined) return null;
  const [what, are] =
    lost.length === 1
      ? ['A review', 'is of a recording that has changed since or lies']
      : [`${lost.length} reviews`, 'are of recordings that have changed since or lie'];
  const more = lost.length === 1 ? '' : ' and others';
  return `${what} (.regrasp/reviews/${first.slice(0, 12)}…${more}) ${are} elsewhere: what was said there is not exported. Restore the recording as it was, or review it anew.`;
}
