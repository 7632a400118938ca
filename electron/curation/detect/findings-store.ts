import { readFile } from 'node:fs/promises';
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
