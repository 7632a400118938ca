import { createSampleTools as createTools } from '../../electron/sample/format-tools.ts';
import type { SampleTools } from '../../electron/sources/sample-tools.ts';
import { builtWorkerDir, pluginDir } from './built-worker.ts';

/** The product's own sample tools, with workers built for the test. Default 2 seconds, seed 7. */
export async function createSampleTools(options: { seed?: number; seconds?: number } = {}): Promise<SampleTools> {
  return createTools({ workerDir: await builtWorkerDir(), pluginDir, seconds: 2, ...options });
}
