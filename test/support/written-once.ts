import { mkdirSync } from 'node:fs';
import { access, rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * A folder that is written once for the whole run, by whoever asks first, and shared by all who ask after: only to be read.
 * Rejects in everybody where the writer failed.
 */
export async function writtenOnce(name: string, write: (folder: string) => Promise<void>): Promise<string> {
  const base = process.env.REGRASP_TEST_SAMPLES;
  if (!base) throw new Error('The samples have no folder: the tests run through vitest.config.ts.');
  const folder = path.join(base, name);
  const [staged, failed] = [path.join(base, `${name}-staged`), path.join(base, `${name}-failed`)];
  const isThere = (place: string) =>
    access(place).then(
      () => true,
      () => false,
    );
  try {
    mkdirSync(path.join(base, `${name}-being-written`));
  } catch {
    while (!(await isThere(folder))) {
      if (await isThere(failed)) throw new Error(`${name} could not be written: see the first test that asked for it.`);
      await wait(200);
    }
    return folder;
  }
  try {
    mkdirSync(staged);
    await write(staged);
  } catch (error) {
    mkdirSync(failed);
    throw error;
  }
  await rename(staged, folder);
  return folder;
}
