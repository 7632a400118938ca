import { z } from 'zod';
import { EXPORT_JOB } from '../../shared/api/bundles.ts';
import type { StageRequest, StageSinks } from '../curation/run-stage.ts';
import type { StageEnd } from '../curation/stage.ts';
import { Fault } from '../fault.ts';
import type { JobKind } from './job-kind.ts';

const optionsSchema = z.object({
  root: z.string().min(1).max(200),
  recipe: z.looseObject({ name: z.string().min(1).max(200) }),
  /** Id of a place for bundles. */
  place: z.string().min(1).max(200),
  /** Name of the folder that is made there. */
  folder: z.string().min(1).max(200),
});
type ExportJobOptions = z.infer<typeof optionsSchema>;

export interface ExportJobParts {
  outOf(place: string, folder: string): Promise<string>;
  run(request: StageRequest, sinks: StageSinks): Promise<StageEnd>;
  /** Grants the finished bundle, so that the window can open it. */
  grant(folder: string): Promise<string>;
}

/** "Export a bundle" from the menu: the stage of that name, into a folder of a place a person chose. */
export function exportJobKind({ outOf, run, grant }: ExportJobParts): JobKind<ExportJobOptions> {
  return {
    kind: EXPORT_JOB,
    options: optionsSchema,
    title: ({ recipe, folder }) => `Export ${recipe.name} to ${folder}`,
    unit: 'frames',
    // Videos that were finished are not made again.
    resumable: true,
    heavy: true,
    goesOn: true,
    cancelled: 'Cancelled: nothing was exported.',
    sameAs: (options) => JSON.stringify(options),
    async run({ options: { root, recipe, place, folder }, signal, progress, fail, log }) {
      const out = await outOf(place, folder);
      log(`Exporting to ${out}`);
      const { message, result, lines } = await run({ root, out, options: { recipe } }, { signal, progress, fail, log });
      for (const line of lines ?? []) log(line);
      if (typeof result?.out !== 'string') throw new Fault('REFUSED', message);
      return { message, result: { ...result, grant: await grant(result.out) } };
    },
  };
}
