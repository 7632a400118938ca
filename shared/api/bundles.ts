import { z } from 'zod';
import { UNIT_KINDS } from '../bundles/recipe.ts';

/** An export from the menu: recipes that lie in the dataset, the plan of one, where bundles go, and the job that makes one. */

/** A recipe's file in `.regrasp/recipes`, by its name without ".json". */
export const listedRecipeSchema = z.object({
  name: z.string(),
  /** One sentence where it cannot be used (damaged, or of a newer version); it is left as it is then. */
  fault: z.string().nullable(),
});
export type ListedRecipe = z.infer<typeof listedRecipeSchema>;

/** Names of files that every system takes: what a recipe or the folder of a bundle may be called. Null, or a sentence. */
export function nameFault(name: string, what: string): string | null {
  if (name.trim() === '') return `${what} needs a name.`;
  if (name.length > 100) return `The name of ${what.toLowerCase()} has more than 100 letters: shorten it.`;
  if (!/^[\p{L}\p{N}_][\p{L}\p{M}\p{N} _.,()+-]*$/u.test(name) || /[. ]$/.test(name))
    return 'A name is made of letters, digits, spaces and _ . , ( ) + -, begins with a letter or digit and ends in no dot or space.';
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name))
    return `Windows keeps the name ${name} for itself: take another.`;
  return null;
}

const ticksSchema = z.tuple([z.int(), z.int()]).readonly();

export const plannedUnitSchema = z.object({
  /** Id to open its recording by. */
  episode: z.string(),
  path: z.string(),
  kind: z.enum(UNIT_KINDS),
  /** Of its recording, inclusive. */
  ticks: ticksSchema,
  startNs: z.number(),
  seconds: z.number(),
  frames: z.int(),
  /** An estimate, over all targets. */
  bytes: z.number(),
  split: z.string(),
  /** What a person said of it: "failure", "GRASP_SLIP", "recovered"; empty where nobody did. */
  labels: z.array(z.string()),
  annotator: z.string().nullable(),
  /** A camera to show it by, with the size of its pictures; null where it has none. */
  picture: z.object({ stream: z.string(), width: z.int(), height: z.int(), isVideo: z.boolean() }).nullable(),
});
export type PlannedUnitRow = z.infer<typeof plannedUnitSchema>;

export const exportPlanSchema = z.object({
  units: z.array(plannedUnitSchema),
  /** Without ticks: the whole recording. `reason` follows "left out:". */
  leftOut: z.array(
    z.object({
      episode: z.string(),
      path: z.string(),
      kind: z.enum(UNIT_KINDS).nullable(),
      ticks: ticksSchema.nullable(),
      reason: z.string(),
    }),
  ),
  /** Why nothing can be exported as things are. "undecided": the queue of findings is for it. */
  refusals: z.array(
    z.object({
      episode: z.string(),
      path: z.string(),
      tick: z.int().nullable(),
      kind: z.enum(['undecided', 'fault']),
      text: z.string(),
    }),
  ),
  warnings: z.array(z.string()),
  totals: z.object({
    recordings: z.int(),
    ticks: z.int(),
    frames: z.int(),
    seconds: z.number(),
    bytes: z.number(),
  }),
  /** What the recordings that were looked at hold, for the form: a stream by its id, and in how many of them. */
  streams: z.array(z.object({ id: z.string(), name: z.string(), kind: z.string(), recordings: z.int() })),
});
export type ExportPlan = z.infer<typeof exportPlanSchema>;

/** Where bundles may go: a folder that a person chose, or the one the workstation has for it ("own"). */
export const bundlePlaceSchema = z.object({
  /** "own", or the grant of a folder. */
  id: z.string(),
  path: z.string(),
  freeBytes: z.number().nullable(),
  /** One sentence where nothing can be written there. */
  fault: z.string().nullable(),
});
export type BundlePlace = z.infer<typeof bundlePlaceSchema>;

/** What a window remembers of the last export of a dataset. */
export const exportChoiceSchema = z.object({
  recipe: z.string().max(200).nullable(),
  place: z.string().max(200),
});
export type ExportChoice = z.infer<typeof exportChoiceSchema>;

/** The job that makes a bundle. Options: the root, the recipe, the id of a place and the name of a folder that is to be made there. */
export const EXPORT_JOB = 'export';

/** What a finished job says in its `result`. */
export const exportResultSchema = z.object({
  out: z.string(),
  /** To open it by. */
  grant: z.string(),
  units: z.int(),
  bytes: z.number(),
  files: z.int(),
  framesCompared: z.int(),
});
