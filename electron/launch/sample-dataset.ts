import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Raise it when the sample rig records something new: the next start then makes a new sample. */
const SAMPLE_VERSION = 1;
const GROWING = 'sample-recording-';
/** No recording of a sample takes as long: what is older was killed, and holds hundreds of megabytes. */
const LEFT_BEHIND_MS = 24 * 3600 * 1000;

/**
 * The sample dataset of this person, for a start without a folder. Recorded once, by `record(folder)`, into a folder that
 * takes its name only when it is whole: an interrupted recording is done again.
 */
export async function sampleDataset(userDataDir: string, record: (folder: string) => Promise<void>): Promise<string> {
  const place = path.join(userDataDir, `sample-${SAMPLE_VERSION}`);
  if (existsSync(place)) return place;
  await mkdir(userDataDir, { recursive: true });
  await removeLeftBehind(userDataDir);
  const growing = await mkdtemp(path.join(userDataDir, GROWING));
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

async function removeLeftBehind(userDataDir: string): Promise<void> {
  for (const name of await readdir(userDataDir)) {
    if (!name.startsWith(GROWING)) continue;
    const folder = path.join(userDataDir, name);
    const made = (await stat(folder).catch(() => undefined))?.mtimeMs ?? Date.now();
    // Another user's, or in use: it costs room, and nothing else.
    if (Date.now() - made > LEFT_BEHIND_MS) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
