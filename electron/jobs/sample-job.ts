import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { JobKind } from './job-kind.ts';

const optionsSchema = z.object({
  seed: z
    .int()
    .nonnegative()
    .max(2 ** 31)
    .default(7),
  seconds: z.number().min(2).max(600).optional(),
  filter: z.enum(['blosc', 'blosc-bitshuffle', 'gzip', 'none']).optional(),
});
type SampleJobOptions = z.infer<typeof optionsSchema>;

export interface SampleJobParts {
  /** Samples are always recorded below this folder: a window cannot say where. */
  directory: string;
  workerDir: string;
  /** Grants the finished folder, so that the window can open it. */
  grant(folder: string): Promise<string>;
}

/** "Record a sample dataset": the synthetic rig into a folder of the person's own. */
export function sampleJobKind({ directory, workerDir, grant }: SampleJobParts): JobKind<SampleJobOptions> {
  return {
    kind: 'sample',
    options: optionsSchema,
    title: ({ seed }) => `Record a sample dataset (seed ${seed})`,
    unit: 'ticks',
    resumable: true,
    heavy: true,
    async run({ options, signal, progress, log }) {
      const { seed, seconds, filter } = options;
      const name = ['sample', seed, seconds && `${seconds}s`, filter].filter((part) => part !== undefined).join('-');
      const folder = path.join(directory, name);
      await mkdir(folder, { recursive: true });
      log(`Recording into ${folder}`);
      const { recordSample } = await import('../sample/index.ts');
      await recordSample(folder, {
        ...options,
        workerDir,
        signal,
        onProgress: (done: number, total: number, message: string) => progress({ done, total, message }),
      });
      return { message: `Recorded into ${folder}.`, result: { grant: await grant(folder) } };
    },
  };
}
