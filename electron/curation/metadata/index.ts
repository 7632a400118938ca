import { z } from 'zod';
import type { Stage } from '../stage.ts';

const options = z.object({ writeCaveats: z.boolean().default(false), docsDone: z.boolean().default(false) });
export type MetadataOptions = z.infer<typeof options>;

export const stage: Stage<MetadataOptions> = {
  id: 'metadata',
  order: 8,
  title: 'Update metadata',
  description:
    'Edit tasks.json in place (dates, episode counts, notes of each date with active sensors and what was flagged), the counters of README.md between their markers, and tell which documents are due and why. Notes that a person wrote are left as they are.',
  example: 'regrasp metadata ~/recordings --only-date 2026-06-18',
  flags: [
    ['--write-caveats', 'append the drafted entry to docs/caveats.md'],
    ['--docs-done', 'the documents describe the data as it is now: nothing is due until it changes again'],
  ],
  options,
  reads: 'recordings',
  async run(context) {
    const { runMetadata } = await import('./run.ts');
    return runMetadata(context);
  },
};
