import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { findingSchema } from '../../../shared/review/finding.ts';
import { systemCodeOf } from '../../fault.ts';
import { ownFolder } from '../../review/own-folder.ts';

const storedSchema = z.looseObject({
  version: z.literal(1),
  fingerprint: z.string(),
  trim: z.looseObject({ first: z.int().nonnegative() }),
  findings: z.array(findingSchema),
});
export type FoundInRecording = z.infer<typeof storedSchema>;

/** What `detect` found in a recording last; null where it did not run, or left something this version does not know. */
export async function readFindings(storageDir: string, fingerprint: string): Promise<FoundInRecording | null> {
  const folder = await ownFolder(storageDir, ['curation', fingerprint], false);
  if (folder === undefined) return null;
  try {
    const parsed = storedSchema.safeParse(JSON.parse(await readFile(path.join(folder, 'findings.json'), 'utf8')));
    return parsed.success && parsed.data.fingerprint === fingerprint ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) !== '') return null;
    throw error;
  }
}
