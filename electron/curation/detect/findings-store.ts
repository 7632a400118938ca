import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type StoredFindings, storedFindingsSchema } from '../../../shared/api/findings.ts';
import { Fault, systemCodeOf } from '../../fault.ts';
import { ownFolder } from '../../review/own-folder.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';

const NAME = 'findings.json';
const FOLDER = 'curation';

/** What was detected in a recording last: `<storageDir>/curation/<fingerprint>/findings.json`. Null: nothing that can be used. */
export async function readFindings(storageDir: string, fingerprint: string): Promise<StoredFindings | null> {
  const folder = await ownFolder(storageDir, [FOLDER, fingerprint], false);
  if (folder === undefined) return null;
  const value = await readJson(path.join(folder, NAME));
  const checked = storedFindingsSchema.safeParse(value);
  return checked.success && checked.data.fingerprint === fingerprint ? checked.data : null;
}

/** Of every recording of a root in which something was looked for, in order of path. A file each is read. */
export async function listFindings(storageDir: string): Promise<StoredFindings[]> {
  const folder = await ownFolder(storageDir, [FOLDER], false);
  const names = folder === undefined ? [] : (await readdir(folder)).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const found: StoredFindings[] = [];
  for (const name of names) {
    const stored = await readFindings(storageDir, name).catch(() => null);
    if (stored) found.push(stored);
  }
  // A recording that was replaced leaves findings of its old content under the same path: the newest are of what is there.
  const byPath = new Map<string, StoredFindings>();
  for (const stored of found) {
    const other = byPath.get(stored.path);
    if (!other || other.at < stored.at) byPath.set(stored.path, stored);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Rejects with Fault, and leaves the file alone, where a newer version wrote it. */
export async function writeFindings(storageDir: string, stored: StoredFindings): Promise<void> {
  const folder = (await ownFolder(storageDir, [FOLDER, stored.fingerprint], true)) as string;
  const file = path.join(folder, NAME);
  const version = ((await readJson(file)) as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1)
    throw new Fault('UNUSABLE', `${file} was written by a newer Regrasp and was left alone: update to detect anew.`);
  await writeAtomically(file, `${JSON.stringify(stored)}\n`);
}

/** Null for what is not there or no JSON: it is detected anew. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) !== '') return null;
    throw error;
  }
}
