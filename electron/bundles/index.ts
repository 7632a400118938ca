import { z } from 'zod';
import type { Stage } from '../curation/stage.ts';

const options = z.object({
  /** What the recipe's file holds. */
  recipe: z.unknown(),
  dryRun: z.boolean().default(false),
});
export type ExportOptions = z.infer<typeof options>;

export const stage: Stage<ExportOptions> = {
  id: 'export',
  order: 20,
  title: 'Export a bundle',
  description:
    'Make a bundle of what a recipe takes: whole rollouts, failures, recoveries, or everything but what was cut; as sessions that open here and as a LeRobot dataset. Nothing is written under the name you give until all of it is there.',
  example: 'regrasp export ~/recordings --recipe bundle.json --out ~/bundles/insert-v3',
  flags: [
    ['--recipe <file>', 'the recipe (JSON)'],
    ['--dry-run', 'only say what would be exported, and what would be left out and why'],
  ],
  jsonFiles: ['recipe'],
  options,
  reads: 'recordings',
  async run(context) {
    const { runExport } = await import('./export/run.ts');
    return runExport(context);
  },
};
