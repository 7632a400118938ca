import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { Fault, sentenceOf, systemCodeOf } from '../fault.ts';
import { makeFolders } from '../settings/make-folders.ts';

/**
 * A folder of ours below a root's storage, checked to lie there and not behind a link: a dataset from elsewhere could
 * otherwise have us write outside it. Answers undefined when it is not there and `make` is false. Rejects with Fault.
 */
export async function ownFolder(
  storageDir: string,
  parts: readonly string[],
  make: boolean,
): Promise<string | undefined> {
  const folder = path.join(storageDir, ...parts);
  try {
    let step = storageDir;
    for (const part of ['', ...parts]) {
      step = path.join(step, part);
      if ((await lstat(step).catch(() => undefined))?.isSymbolicLink()) throw linkFault(step);
      if (make) await makeFolders(step);
    }
    if ((await realpath(folder)) === path.join(await realpath(storageDir), ...parts)) return folder;
    throw linkFault(folder);
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (!make && systemCodeOf(error) === 'ENOENT') return undefined;
    throw new Fault('UNUSABLE', sentenceOf(error, folder));
  }
}

function linkFault(folder: string): Fault {
  return new Fault(
    'UNUSABLE',
    `${folder} is a link, or lies behind one, and was not followed: replace it by a real folder.`,
  );
}
