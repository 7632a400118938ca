import { mkdirSync } from 'node:fs';
import { access, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sources } from '../../electron/sources/index.ts';
import { createSampleTools } from './sample-tools.ts';

/** Formats that write a sample, by id. */
export const SAMPLED = sources.filter(({ writeSample }) => writeSample).map(({ id }) => id);

/**
 * A folder with a sample of every format, each in a folder named by its id. Written by whoever asks first and shared by
 * the whole run, so it is only to be read.
 */
export async function formatSamples(): Promise<string> {
  const base = process.env.REGRASP_TEST_SAMPLES;
  if (!base) throw new Error('The samples have no folder: the tests run through vitest.config.ts.');
  const folder = path.join(base, 'samples');
  const isThere = (place: string) =>
    access(place).then(
      () => true,
      () => false,
    );
  try {
    mkdirSync(path.join(base, 'being-written'));
  } catch {
    while (!(await isThere(folder))) await wait(200);
    return folder;
  }
  const staged = path.join(base, 'staged');
  const tools = await createSampleTools({ seconds: 2 });
  for (const source of sources) {
    if (!source.writeSample) continue;
    await mkdir(path.join(staged, source.id), { recursive: true });
    await source.writeSample(path.join(staged, source.id), tools);
  }
  await rename(staged, folder);
  return folder;
}
