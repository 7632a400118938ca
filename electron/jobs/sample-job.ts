import path from 'node:path';
import { z } from 'zod';
import { recordSample, SAMPLE_FILTERS } from '../sample/index.ts';
import type { JobKind } from './job-kind.ts';

const optionsSchema = z.object({
  seed: z
    .int()
    .nonnegative()
    .max(2 ** 31)
    .default(7),
  seconds: z.number().min(2).max(600).optional(),
  filter: z.enum(SAMPLE_FILTERS).optional(),
});
type SampleJobOptions = z.infer<typeof optionsSchema>;

export interface SampleJobParts {
  /** Samples are always recorded below this folder: a window cannot say where. */
  directory: string;
  workerDir: string;
  pluginDir: string;
  /** Grants the finished folder, so that the window can open it. */
  grant(folder: string): Promise<string>;
}

/** "Record a sample dataset": the synthetic rig into a folder of the person's own. */
export function sampleJobKind({ directory, workerDir, pluginDir, grant }: SampleJobParts): JobKind<SampleJobOptions> {
  return {
    kind: 'sample',
    options: optionsSchema,
    title: ({ seed }) => `Record a sample dataset (seed ${seed})`,
    unit: 'ticks',
    resumable: true,
    heavy: true,
    sameAs: (options) => JSON.stringify(options),
    goesOn: true,
    async run({ options, signal, progress, log }) {
      const { seed, seconds, filter } = options;
      const parts = ['sample', seed, seconds === undefined ? undefined : `${seconds}s`, filter];
      const folder = path.join(directory, parts.filter((part) => part !== undefined).join('-'));
      log(`Recording into ${folder}`);
      const summary = await recordSample({
        ...options,
        ...{ directory: folder, workerDir, pluginDir, signal },
        onProgress: (done, total, message) => progress({ done, total, message }),
      });
      const message = summary.recorded ? `Recorded into ${folder}.` : `${folder} already held this sample.`;
      return { message, result: { grant: await grant(folder) } };
    },
  };
}
