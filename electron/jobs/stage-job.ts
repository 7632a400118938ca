import { z } from 'zod';
import { STAGE_JOB } from '../../shared/api/jobs.ts';
import type { StageRequest, StageSinks } from '../curation/run-stage.ts';
import type { Stage, StageEnd } from '../curation/stage.ts';
import { Fault } from '../fault.ts';
import type { JobKind } from './job-kind.ts';

const optionsSchema = z.object({
  stage: z.string().max(100),
  root: z.string().min(1).max(200),
  only: z.string().max(4096).optional(),
  task: z.string().max(1000).optional(),
  date: z.string().max(100).optional(),
  options: z.record(z.string(), z.unknown()).default({}),
});
type StageJobOptions = z.infer<typeof optionsSchema>;

export interface StageJobParts {
  stageNamed(id: string): Stage<never> | undefined;
  run(stage: Stage<never>, request: StageRequest, sinks: StageSinks): Promise<StageEnd>;
}

/** A stage of the curation pipeline as a job. Outputs go to the standard paths: only the terminal names folders. */
export function stageJobKind({ stageNamed, run }: StageJobParts): JobKind<StageJobOptions> {
  const stageOf = (id: string) => {
    const stage = stageNamed(id);
    if (!stage) throw new Fault('NOT_FOUND', `There is no stage "${id}".`);
    return stage;
  };
  return {
    kind: STAGE_JOB,
    options: optionsSchema,
    // Ids begin with their root's, which says nothing to a person.
    title: ({ stage, only, date }) =>
      [stageOf(stage).title, only?.slice(only.indexOf('/') + 1) ?? date].filter(Boolean).join(': '),
    unit: 'recordings',
    // What is there and fresh is not made again.
    resumable: true,
    heavy: true,
    sameAs: (options) => JSON.stringify(options),
    async run({ options: { stage, ...request }, signal, progress, fail, log }) {
      const { message, result, lines } = await run(stageOf(stage), request, { signal, progress, fail, log });
      for (const line of lines ?? []) log(line);
      return result ? { message, result } : { message };
    },
  };
}
