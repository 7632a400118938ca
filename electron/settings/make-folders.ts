import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { systemCodeOf } from '../fault.ts';

/**
 * Makes a folder and those it lies in, where they are not there. As `mkdir` with `recursive`, which says of a read-only
 * disk that the folder is not there: this rejects with what the system said.
 */
export async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = systemCodeOf(error);
    const parent = path.dirname(folder);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || parent === folder) throw error;
    await makeFolders(parent);
    // Another may have made it meanwhile.
    await mkdir(folder).catch((again: unknown) => {
      if (systemCodeOf(again) !== 'EEXIST') throw again;
    });
  }
}
