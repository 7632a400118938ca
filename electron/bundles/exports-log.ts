import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ownFolder } from '../review/own-folder.ts';

const NAME = 'exports.jsonl';

/** A bundle that was made of a root's recordings. */
export interface NotedExport {
  readonly at: string;
  readonly name: string;
  readonly out: string;
  readonly units: number;
  readonly bytes: number;
}

/** A line an export in `<storageDir>/bundles/exports.jsonl`: what was made of the recordings, wherever it went since. */
export async function noteExport(storageDir: string, made: NotedExport): Promise<void> {
  const folder = (await ownFolder(storageDir, ['bundles'], true)) as string;
  await appendFile(path.join(folder, NAME), `${JSON.stringify(made)}\n`, { mode: 0o600, flush: true });
}

/** How many bundles were made; 0 where nothing is noted or it cannot be read. */
export async function countExports(storageDir: string): Promise<number> {
  try {
    const folder = await ownFolder(storageDir, ['bundles'], false);
    if (folder === undefined) return 0;
    const text = await readFile(path.join(folder, NAME), 'utf8');
    return text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}')).length;
  } catch {
    return 0;
  }
}
