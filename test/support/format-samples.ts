import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { sources } from '../../electron/sources/index.ts';
import { createSampleTools } from './sample-tools.ts';
import { writtenOnce } from './written-once.ts';

/** Formats that write a sample, by id. */
export const SAMPLED = sources.filter(({ writeSample }) => writeSample).map(({ id }) => id);

/** A folder with a sample of every format, each in a folder named by its id. Shared by the whole run: only to be read. */
export function formatSamples(): Promise<string> {
  return writtenOnce('samples', async (folder) => {
    const tools = await createSampleTools({ seconds: 2 });
    for (const source of sources) {
      if (!source.writeSample) continue;
      await mkdir(path.join(folder, source.id));
      await source.writeSample(path.join(folder, source.id), tools);
    }
  });
}
