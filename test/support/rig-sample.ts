import { recordSample } from '../../electron/sample/index.ts';
import { builtWorkerDir, pluginDir } from './built-worker.ts';
import { writtenOnce } from './written-once.ts';

/** How the shared sample was asked for: in pictures of 256 × 192, which cost a sixth of full ones. */
export const RIG_SAMPLE = { seconds: 2, seed: 5, shrink: 2.5 } as const;

/** The rig's own sample of two seconds, recorded once for the whole run: only to be read, or copied. */
export function rigSample(): Promise<string> {
  return writtenOnce('rig', async (directory) => {
    await recordSample({ ...RIG_SAMPLE, directory, workerDir: await builtWorkerDir(), pluginDir });
  });
}
