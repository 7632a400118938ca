import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { sourceNamed, sources } from '../sources/index.ts';
import type { Source } from '../sources/source.ts';
import { createSampleTools, type SampleToolsOptions } from './format-tools.ts';
import { createRobotScene } from './robot-scene.ts';
import { withSceneFaults } from './scene-faults.ts';

export interface FormatSampleOptions extends SampleToolsOptions {
  /** Id of a format. */
  format: string;
  /** Made when missing; must be empty. */
  directory: string;
  /** Whether a fault of each kind is planted; what and when is told in truth.json. */
  faults?: boolean;
}

/**
 * Writes a small dataset of a format. The folder gets its name once all of it is whole. Rejects with Fault when there is
 * no such format, when it has no sample, or when the folder holds something.
 */
export async function recordFormatSample(options: FormatSampleOptions): Promise<{ source: Source; files: number }> {
  const { format, directory, seconds = 6, seed = 7, faults = false } = options;
  const source = sourceNamed(format);
  if (!source?.writeSample) {
    const known = sources.filter(({ id, writeSample }) => writeSample || id === 'react').map(({ id }) => id);
    throw new Fault('UNUSABLE', `There is no sample of the format "${format}": there are ${known.join(', ')}.`);
  }
  const shortest = faults ? 4 : 2;
  if (!(seconds >= shortest && seconds <= 600))
    throw new Fault(
      'UNUSABLE',
      `A sample${faults ? ' with faults' : ''} lasts ${shortest} to 600 seconds, not ${seconds}.`,
    );
  const present = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (present && present.length > 0) {
    throw new Fault(
      'REFUSED',
      `${directory} already holds other files; a sample needs an empty folder: name another one.`,
    );
  }
  const temporary = `${directory}.partial`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    const planted = faults ? withSceneFaults(createRobotScene(seed, seconds), seconds) : undefined;
    await source.writeSample(temporary, createSampleTools({ ...options, seconds, seed, scene: planted?.scene }));
    if (planted) {
      const truth = { format, seed, seconds, faults: planted.faults };
      await writeFile(path.join(temporary, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
    }
    options.signal?.throwIfAborted();
    const files = (await readdir(temporary, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    if (present) await rmdir(directory);
    await mkdir(path.dirname(directory), { recursive: true });
    await rename(temporary, directory);
    return { source, files: files.length };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
