import { z } from 'zod';
import { OUTCOMES } from '../review/review.ts';

/**
 * A saved export: which recordings, what of them, how it is written. It is a function's whole argument: the same recipe
 * over the same recordings and reviews makes the same plan. Kept as JSON that people read and compare; keys that this
 * version does not know are refused, as leaving one out of account could export what somebody meant to leave out.
 */
export const RECIPE_SCHEMA = 'regrasp.recipe/1';

const name = z.string().min(1).max(200);
const seconds = z.number().nonnegative().finite();

/** Every condition that is given has to hold; within one, any of its values does. */
const filterSchema = z.strictObject({
  /** Below the root, with slashes: these recordings and no others. */
  paths: z.array(z.string().min(1).max(4096)).min(1).optional(),
  tasks: z.array(name).optional(),
  /** Inclusive, YYYY-MM-DD. */
  dateFrom: z.iso.date().optional(),
  dateTo: z.iso.date().optional(),
  /** "none": nobody said how it went. */
  outcomes: z.array(z.enum([...OUTCOMES, 'none'])).optional(),
  /** A failure with one of these codes was marked. */
  codes: z.array(name).optional(),
  /** A finding was given this verdict. */
  verdicts: z.array(z.enum(['keep', 'cut'])).optional(),
  /** What people said of it or its files did, by key: any of the values. */
  properties: z.record(name, z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)).optional(),
  /** reviewed: somebody said something of it; submitted: its annotator handed it in. */
  reviewStatus: z.enum(['any', 'reviewed', 'submitted']).optional(),
  /** Of its ticks, that its annotator really had on screen. */
  seenShareAtLeast: z.number().min(0).max(1).optional(),
});
export type RecipeFilter = z.infer<typeof filterSchema>;

export const UNIT_KINDS = ['rollout', 'failure', 'recovery', 'segment'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

/** More than any recording has; encoders refuse what is far beyond, once everything was read. */
const MOST_FRAMES_A_SECOND = 1000;

const rateSchema = z.union([
  z.literal('native'),
  z.strictObject({ numerator: z.int().positive().max(240_000), denominator: z.int().positive().max(10_000) }),
]);
/** The recording's own ticks, or frames at k × denominator / numerator seconds. */
export type RecipeRate = z.infer<typeof rateSchema>;

const recipeFields = z.strictObject({
  schema: z.literal(RECIPE_SCHEMA),
  name,
  description: z.string().max(20_000).default(''),
  /** What others may do with the bundle, as hubs name licences: "cc-by-4.0", "apache-2.0". */
  license: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,59}$/, 'is made of small letters, digits, "." and "-"')
    .default('unknown'),
  episodes: filterSchema.default({}),
  /**
   * Whose word counts, first where several spoke. Empty: of the one person who said something of a recording; one of
   * which several did is refused until somebody is named.
   */
  annotators: z.array(name).default([]),
  units: z
    .strictObject({
      kinds: z.array(z.enum(UNIT_KINDS)).min(1),
      /** Segments (everything but what is cut) that are shorter are left out. */
      segmentAtLeastSeconds: seconds.default(1),
    })
    .default({ kinds: ['rollout'], segmentAtLeastSeconds: 1 }),
  exclude: z
    .strictObject({
      /** What becomes of a finding nobody decided on: the export is refused, or it counts as cut, or as kept. */
      undecided: z.enum(['refuse', 'exclude', 'include']).default('refuse'),
      /** Classes that count as cut unless a person kept them: a layer of data quality that never gets into a bundle. */
      classes: z.array(name).default([]),
      /** What a cut does to a rollout, failure or recovery that it touches: never is it exported with it. */
      touched: z.enum(['leave out', 'refuse']).default('leave out'),
    })
    .default({ undecided: 'refuse', classes: [], touched: 'leave out' }),
  streams: z
    .strictObject({
      /** Ids; empty: every stream that can be read. */
      ids: z.array(name).default([]),
      /** Pictures are made no larger, keeping their shape; null: as stored. */
      widthAtMostPx: z.int().min(16).max(8192).nullable().default(null),
    })
    .default({ ids: [], widthAtMostPx: null }),
  rate: rateSchema.default('native'),
  targets: z.array(z.enum(['regrasp', 'lerobot-v3.0', 'lerobot-v2.1'])).min(1),
  video: z
    .strictObject({
      /** copy: packets as they are, with the lead-in their key frame asks for. */
      way: z.enum(['encode', 'copy']).default('encode'),
      crf: z.int().min(0).max(51).default(18),
      keyframeEvery: z.int().min(1).max(30).default(2),
      preset: z.enum(['ultrafast', 'veryfast', 'fast', 'medium', 'slow']).default('veryfast'),
    })
    .default({ way: 'encode', crf: 18, keyframeEvery: 2, preset: 'veryfast' }),
  taxonomyVersion: z.int().positive(),
  split: z
    .strictObject({
      /** Shares by name; they add up to one. */
      shares: z
        .record(
          z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, 'is made of small letters, digits and "_"'),
          z.number().positive(),
        )
        .refine((shares) => Math.abs(Object.values(shares).reduce((sum, share) => sum + share, 0) - 1) < 1e-9, {
          message: 'add up to one',
        }),
      seed: z.string().max(200).default(''),
      /** Recordings that agree in it stay together; null: each by itself. */
      togetherBy: name.nullable().default(null),
    })
    .default({ shares: { train: 1 }, seed: '', togetherBy: null }),
  /** A recording that cannot be exported: it is left out and told, or nothing is exported. */
  onFault: z.enum(['skip', 'refuse']).default('refuse'),
});
export const recipeSchema = recipeFields.superRefine(({ video, rate, streams, targets, units }, context) => {
  // Every unit would be in the bundle twice, and a target would be written over itself.
  for (const [path, given] of [
    [['targets'], targets],
    [['units', 'kinds'], units.kinds],
  ] as const) {
    const twice = given.find((one, at) => given.indexOf(one as never) !== at);
    if (twice !== undefined)
      context.addIssue({ code: 'custom', path: [...path], message: `"${twice}" is there twice` });
  }
  if (rate !== 'native' && rate.numerator > MOST_FRAMES_A_SECOND * rate.denominator) {
    const message = `asks for more than ${MOST_FRAMES_A_SECOND} frames a second`;
    context.addIssue({ code: 'custom', path: ['rate'], message });
  }
  if (video.way !== 'copy') return;
  const cannot =
    rate !== 'native'
      ? 'packets can be copied at the recording\'s own rate alone: say "native", or encode'
      : streams.widthAtMostPx !== null
        ? 'copied packets keep their size: take "widthAtMostPx" out, or encode'
        : targets.includes('lerobot-v2.1')
          ? 'lerobot-v2.1 has no place for frames that lead copied packets in: take it out, or encode'
          : null;
  if (cannot !== null) context.addIssue({ code: 'custom', path: ['video', 'way'], message: cannot });
});
export type Recipe = z.infer<typeof recipeSchema>;

/** A recipe from what a file holds, or one sentence about what is wrong with it and where. */
export function readRecipe(value: unknown, where: string): Recipe | string {
  const schema = (value as { schema?: unknown } | null)?.schema;
  const version = typeof schema === 'string' ? /^regrasp\.recipe\/(\d+)$/.exec(schema)?.[1] : undefined;
  if (version === undefined) return `${where} is no recipe: its "schema" should say "${RECIPE_SCHEMA}".`;
  if (version !== '1') return `${where} was written by a newer version (${schema}): open it with that one.`;
  const read = recipeSchema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const at = issue?.path.length ? `"${issue.path.join('.')}"` : 'the recipe';
  // A key that a map does not take says why in an issue of its own.
  const why = issue?.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue?.message;
  return `${where} cannot be used: ${at} does not fit (${why}). Correct it there.`;
}
