import { z } from 'zod';
import type { Stage } from '../stage.ts';

const options = z.object({
  date: z.string().optional(),
  expect: z.coerce.number().int().positive().optional(),
  /** Stages by their names, with commas between. */
  skip: z.string().optional(),
});
export type CurateOptions = z.infer<typeof options>;

export const stage: Stage<CurateOptions> = {
  id: 'curate',
  order: 11,
  title: 'Curate a session',
  description:
    'Run every stage of the pipeline over one date, in order: check, compress, preview, contact, detect, gallery, clips, metadata, preflight. It stops with a sentence at an unexpected count or a new failure mode; run again, it goes on where it stopped, and what is there and fresh is not made anew.',
  example: 'regrasp curate ~/recordings --task pushT --date 2026-06-18',
  flags: [
    ['--date <date>', 'the date, YYYY-MM-DD; the same as --only-date'],
    ['--expect <number>', "how many episodes were recorded; default: the recorder's own log, where there is one"],
    ['--skip <stages>', 'stages to leave out, with commas between: compress,preview'],
  ],
  options,
  reads: 'recordings',
  altersSource: true,
  async run(context) {
    const [{ runCurate }, { stages }] = await Promise.all([import('./run.ts'), import('../index.ts')]);
    return runCurate(context, stages);
  },
};
