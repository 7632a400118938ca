import { z } from 'zod';
import type { PlannedUnitRow, ExportPlan as ShownPlan } from '../../../shared/api/bundles.ts';
import { type Candidate, labelsOf } from '../../../shared/bundles/candidate.ts';
import type { PlannedUnit } from '../../../shared/bundles/plan.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import { nameWithin } from '../../../shared/episode/name-within.ts';
import type { Layer, Review } from '../../../shared/review/review.ts';
import type { Stage, StageContext } from '../../curation/stage.ts';
import type { KnownRecordings } from './known-recordings.ts';
import { planExport } from './plan-export.ts';

export interface WindowPlanParts {
  /**
   * What was said of a recording, as the person at this install may see it: in a blind project the plan is refused where
   * others' words would be in it, until one's own are submitted.
   */
  review(storageDir: string, fingerprint: string): Promise<Review>;
  known: KnownRecordings;
}

/** The plan of an export as a window shows it: run as a stage is, over the same recordings, and no command. */
export function planning(parts: WindowPlanParts): Stage<{ recipe?: unknown }> {
  return {
    ...{ id: 'plan', order: 0, title: 'Plan an export', description: '', example: '', flags: [], reads: 'recordings' },
    options: z.object({ recipe: z.unknown() }),
    async run(context) {
      return { message: '', result: { plan: await shownPlan(context, parts) } };
    },
  };
}

async function shownPlan(
  context: StageContext<{ recipe?: unknown }>,
  { review, known }: WindowPlanParts,
): Promise<ShownPlan> {
  const { recipe, plan, gathered, unusable } = await planExport(
    { ...context, review: (_, fingerprint) => review(context.root.storageDir, fingerprint), known },
    context.options.recipe,
  );
  const candidates = new Map(gathered.map(({ candidate }) => [candidate.episode, candidate]));
  const looked = new Set([...gathered, ...unusable].map(({ episode }) => episode.id));
  const faulty = unusable.map(({ episode, reason }) => ({ episode: episode.id, path: episode.path, reason }));
  const whole = { kind: null, ticks: null };
  return {
    units: plan.units.map((unit) => rowOf(unit, candidates.get(unit.episode) as Candidate, recipe)),
    leftOut: [
      ...plan.leftOut,
      ...(recipe.onFault === 'skip' ? faulty.map((one) => ({ ...one, ...whole })) : []),
      ...context.episodes
        .filter(({ id }) => !looked.has(id))
        .map(({ id, path }) => ({ episode: id, path, ...whole, reason: 'it is not asked for by name, task or date' })),
    ],
    refusals: [
      ...plan.refusals.map((one) => ({ ...one, path: candidates.get(one.episode)?.path ?? one.episode })),
      ...(recipe.onFault === 'refuse'
        ? faulty.map(({ reason, ...one }) => ({
            ...{ ...one, tick: null, kind: 'fault' as const },
            text: `${one.path}: ${reason}`,
          }))
        : []),
    ],
    warnings: [...plan.warnings],
    totals: plan.totals,
    streams: streamsOf([...candidates.values()]),
  };
}

function rowOf(unit: PlannedUnit, candidate: Candidate, { annotators }: Recipe): PlannedUnitRow {
  const { episode, path, kind, ticks, frames, bytes, split, annotator } = unit;
  const labels = labelsOf(candidate, annotators);
  const startNs = candidate.times[ticks[0]] as number;
  const endNs = candidate.times[ticks[1]] as number;
  return {
    ...{ episode, path, kind, ticks, frames, bytes, split, annotator, startNs },
    seconds: (endNs - startNs + candidate.medianPeriodNs) / 1e9,
    picture: pictureOf(candidate),
    labels: typeof labels === 'string' || labels === null ? [] : labelWords(unit, labels),
  };
}

/** What the unit itself is said to be: of a slice its code, of a recovery who steered and how it ended. */
function labelWords({ failure, recovery }: PlannedUnit, labels: Layer): string[] {
  const words: (string | null | undefined)[] = [labels.outcome?.value];
  if (failure !== null) words.push(labels.failures[failure]?.code);
  if (recovery !== null) words.push(labels.recoveries[recovery]?.controlMode, labels.recoveries[recovery]?.outcome);
  return words.filter((word): word is string => typeof word === 'string' && word !== '');
}

/** The middle camera, else the first that works. */
function pictureOf({ holds }: Candidate): PlannedUnitRow['picture'] {
  const cameras = holds.streams.filter(({ kind, fault }) => kind === 'color' && fault === null);
  const camera = cameras.find(({ position }) => position === 'middle') ?? cameras[0];
  if (!camera) return null;
  const { id, width, height, encoding } = camera;
  return { stream: id, width, height, isVideo: encoding === 'video' };
}

function streamsOf(candidates: readonly Candidate[]): ShownPlan['streams'] {
  const streams = new Map<string, ShownPlan['streams'][number]>();
  for (const { holds } of candidates)
    for (const { id: own, name, kind } of holds.streams) {
      if (kind === 'depth') continue;
      // One choice for all recordings of a file that calls theirs by the recording.
      const id = nameWithin(holds.path, own);
      streams.set(id, { id, name, kind, recordings: (streams.get(id)?.recordings ?? 0) + 1 });
    }
  return [...streams.values()];
}
