import { lstat, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { Fault, sentenceOf, systemCodeOf } from '../fault.ts';

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
    if (make) {
      await refuseLink(storageDir);
      await mkdir(folder, { recursive: true });
    }
    const [base, real] = [await realpath(storageDir), await realpath(folder)];
    await refuseLink(storageDir);
    if (real === path.join(base, ...parts)) return folder;
    throw linkFault(folder);
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (!make && systemCodeOf(error) === 'ENOENT') return undefined;
    throw new Fault('UNUSABLE', sentenceOf(error, folder));
  }
}

async function refuseLink(folder: string): Promise<void> {
  const stats = await lstat(folder).catch(() => undefined);
  if (stats?.isSymbolicLink()) throw linkFault(folder);
}

function linkFault(folder: string): Fault {
  return new Fault(
    'REFUSED',
    `${folder} is a link, or lies behind one, and was not followed: replace it by a real folder.`,
  );
}
