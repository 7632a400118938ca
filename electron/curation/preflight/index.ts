import { z } from 'zod';
import type { Stage } from '../stage.ts';

const options = z.object({});
export type PreflightOptions = z.infer<typeof options>;

export const stage: Stage<PreflightOptions> = {
  id: 'preflight',
  order: 10,
  title: 'Check before publishing',
  description:
    'Compute every box that must be ticked before a dataset is published: each with its evidence, and the command that mends it. Exit code 1 while a box is open.',
  example: 'regrasp preflight ~/recordings --json',
  flags: [],
  options,
  reads: 'recordings',
  async run(context) {
    const { runPreflight } = await import('./run.ts');
    return runPreflight(context);
  },
};
