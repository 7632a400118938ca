import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Raise it when the sample rig records something new: the next start then makes a new sample. */
const SAMPLE_VERSION = 1;

/**
 * The sample dataset of this person, for a start without a folder. Recorded once, by `record(folder)`, into a folder that
 * takes its name only when it is whole: an interrupted recording is done again.
 */
export async function sampleDataset(userDataDir: string, record: (folder: string) => Promise<void>): Promise<string> {
  const place = path.join(userDataDir, `sample-${SAMPLE_VERSION}`);
  if (existsSync(place)) return place;
  await mkdir(userDataDir, { recursive: true });
  const growing = await mkdtemp(path.join(userDataDir, 'sample-recording-'));
  try {
    await record(growing);
    await rename(growing, place);
  } catch (error) {
    await rm(growing, { recursive: true, force: true });
    // Two first starts at once: the other one was done first.
    if (!existsSync(place)) throw error;
  }
  return place;
}
