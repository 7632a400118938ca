import path from 'node:path';
import { EXIT } from './output.ts';
import type { CliContext } from './program.ts';

export interface SampleOptions {
  seed: number;
  seconds?: number;
  filter?: 'blosc' | 'blosc-bitshuffle' | 'gzip' | 'none';
}

const PROGRESS_EVERY_MS = 500;

/** Records the synthetic rig into a folder. */
export async function sample(context: CliContext, folder: string, options: SampleOptions): Promise<number> {
  const { recordSample } = await import('../sample/index.ts');
  const target = path.resolve(folder);
  let shownAt = 0;
  await recordSample(target, {
    ...options,
    workerDir: context.builtDir,
    signal: context.signal,
    onProgress: (done: number, total: number, message: string) => {
      if (Date.now() - shownAt < PROGRESS_EVERY_MS && done < total) return;
      shownAt = Date.now();
      context.output.err(`${Math.floor((100 * done) / Math.max(1, total))} %  ${message}\n`);
    },
  });
  await context.output.out(`${target}\n`);
  return EXIT.fine;
}
