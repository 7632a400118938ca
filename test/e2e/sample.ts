import { constants, cpSync } from 'node:fs';
import path from 'node:path';
import { recordSample } from '../../electron/sample/index.ts';
import { builtWorkerDir, pluginDir } from '../support/built-worker.ts';
import { writtenOnce } from '../support/written-once.ts';

export const EPISODES = {
  faulty: 'data/board_insertion/2026-07-02/episode_000.h5',
  clean: 'data/board_insertion/2026-07-02/episode_001.h5',
} as const;

/** Of a camera's or a GelSight's picture in it. */
export const PICTURE = { widthPx: 256, heightPx: 192 } as const;

/** A sample of four seconds, recorded once for all journeys, in pictures that cost a sixth of full ones. Read-only. */
export function sampleDataset(): Promise<string> {
  return writtenOnce('sample-of-journeys', async (directory) => {
    await recordSample({ seconds: 4, shrink: 2.5, directory, workerDir: await builtWorkerDir(), pluginDir });
  });
}

/**
 * A dataset of one journey's own, whose files and `.regrasp` it may change.
 * `broken` takes the folder of broken recordings along.
 */
export async function copyOfSample(folder: string, { broken = false } = {}): Promise<string> {
  const from = await sampleDataset();
  const to = path.join(folder, 'lab');
  cpSync(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => broken || path.relative(from, source) !== path.join('data', 'broken'),
  });
  return to;
}
