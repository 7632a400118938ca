import type { Stage } from './stage.ts';

/** Each folder beside this file whose index.ts exports `stage` is one. What a stage needs to run it loads when it runs. */
const found = import.meta.glob<Stage<never>>(['./*/index.ts', '../bundles/index.ts'], { eager: true, import: 'stage' });

/** Every stage of the pipeline, in its order. */
export const stages: readonly Stage<never>[] = Object.values(found).sort((a, b) => a.order - b.order);

export function stageNamed(id: string): Stage<never> | undefined {
  return stages.find((stage) => stage.id === id);
}
