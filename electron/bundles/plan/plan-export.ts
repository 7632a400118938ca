import { type Plan, planOf } from '../../../shared/bundles/plan.ts';
import { type Recipe, readRecipe } from '../../../shared/bundles/recipe.ts';
import type { Taxonomy } from '../../../shared/review/taxonomy.ts';
import { Fault } from '../../fault.ts';
import { type Gathered, gather, type PlanContext, type Unusable } from './gather.ts';
import { lostReviews } from './lost-reviews.ts';

/** A plan with what it was made of: everything that writing needs, and nothing written. */
export interface ExportPlan {
  readonly recipe: Recipe;
  readonly plan: Plan;
  readonly taxonomy: Taxonomy;
  /** Recordings that the plan was made over, in order of path. */
  readonly gathered: readonly Gathered[];
  readonly unusable: readonly Unusable[];
  /** How many recordings names, task and date left out, so that they were not opened. */
  readonly notOpened: number;
  /** Why nothing can be exported as things are, a sentence each: the plan's refusals, and recordings that cannot be read. */
  readonly refused: readonly string[];
}

/**
 * Gathers the recordings of a root and plans what a recipe takes of them; opens and reads, and writes nothing. Rejects with
 * Fault for something that is no recipe or one for other codes, with the signal's reason once it is not wanted any more.
 */
export async function planExport(context: PlanContext, given: unknown): Promise<ExportPlan> {
  const recipe = readRecipe(given, 'The recipe');
  if (typeof recipe === 'string') throw new Fault('REFUSED', recipe);
  const { taxonomy } = await context.taxonomy();
  if (recipe.taxonomyVersion !== taxonomy.version)
    throw new Fault(
      'REFUSED',
      `The recipe was made for codes of version ${recipe.taxonomyVersion} and those here are of version ${taxonomy.version}: look through its codes, then put "taxonomyVersion": ${taxonomy.version} into it.`,
    );
  const { gathered, unusable, notOpened } = await gather(context, recipe.episodes);
  const plan = planOf(
    gathered.map(({ candidate }) => candidate),
    recipe,
    taxonomy,
  );
  // Where some were not opened it cannot be told which reviews are of those.
  const isWhole = notOpened.length === 0 && unusable.length === 0;
  const prints = new Set(gathered.map(({ candidate }) => candidate.fingerprint));
  const lost = isWhole ? await lostReviews(context.root.storageDir, prints) : null;
  const broken = unusable.map(({ episode, reason }) => `${episode.path}: ${reason}`);
  return {
    ...{ recipe, taxonomy, gathered, unusable },
    plan: {
      ...plan,
      warnings: [...plan.warnings, ...absent(recipe, context.episodes), ...(lost === null ? [] : [lost])],
    },
    notOpened: notOpened.length,
    refused: [...plan.refusals.map(({ text }) => text), ...(recipe.onFault === 'refuse' ? broken : [])],
  };
}

/** Recordings that a recipe names and that are not there: renamed, moved away, or of another dataset. */
function absent({ episodes: { paths = [] } }: Recipe, episodes: PlanContext['episodes']): string[] {
  const there = new Set(episodes.map(({ path }) => path));
  const [first, ...others] = paths.filter((path) => !there.has(path));
  if (first === undefined) return [];
  const what = others.length === 0 ? `${first}, which is` : `${first} and ${others.length} more, which are`;
  return [
    `The recipe names ${what} not among the recordings here: nothing of ${others.length === 0 ? 'it' : 'them'} is exported.`,
  ];
}
