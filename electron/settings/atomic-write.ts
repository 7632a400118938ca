import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCodeOf } from '../fault.ts';
import { makeFolders } from './make-folders.ts';
import { temporaryBeside } from './temporary-name.ts';

/** Errors another program causes by holding the file for a moment (indexers and virus scanners on Windows). */
const MOMENTARY = new Set(['EPERM', 'EBUSY', 'EACCES']);
const RENAME_ATTEMPTS = process.platform === 'win32' ? 6 : 1;

/**
 * Replaces a file so that a crash at any point leaves either the old or the new content, on disk and not only in a
 * cache. A link at `file` is replaced, never followed. What people decide is theirs alone to read unless `mode` says more.
 */
export async function writeAtomically(file: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const folder = path.dirname(file);
  await makeFolders(folder);
  const temporary = temporaryBeside(file);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameWithRetry(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/**
 * The same for a file that a writer fills by its path: `write` is given a temporary name beside `file`, which becomes
 * `file` once it is whole and on disk. Where `write` rejects, nothing is left under either name.
 */
export async function writeWholeBy<T>(file: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const folder = path.dirname(file);
  await makeFolders(folder);
  const temporary = temporaryBeside(file);
  try {
    const result = await write(temporary);
    const handle = await open(temporary, 'r+');
    await handle.sync().finally(() => handle.close());
    await renameWithRetry(temporary, file);
    await syncFolder(folder);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export async function renameWithRetry(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (attempt >= RENAME_ATTEMPTS || !MOMENTARY.has(systemCodeOf(error))) throw error;
      await wait(20 * 2 ** attempt);
    }
  }
}

/** Makes the rename itself durable; where folders cannot be opened (Windows) the system does it by itself. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
