import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { systemCodeOf } from '../fault.ts';

/**
 * The text of a small file that people may edit; undefined where there is none. Links are not followed: a dataset from
 * elsewhere could name any file. Rejects with a sentence for what is no plain file or too large.
 *
 * @param what it is: "a list of codes"
 */
export async function readPlainFile(file: string, limitBytes: number, what: string): Promise<string | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new Error(`${file} is no plain file: replace it by one.`);
      if (stats.size > limitBytes) throw new Error(`${file} is too large for ${what}: see what wrote it.`);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ENOTDIR') return undefined;
    if (systemCodeOf(error) === 'ELOOP') throw new Error(`${file} is a link and was not followed: put the file there.`);
    throw error;
  }
}
