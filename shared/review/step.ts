import { z } from 'zod';
import { type LayerHistory, stepsOf } from './fold.ts';
import { recordKey, recordOf } from './records.ts';
import {
  type GestureLine,
  type Layer,
  type RecordMap,
  type Review,
  recordMapSchema,
  reviewVersionSchema,
  saidSchema,
  stepsSchema,
} from './review.ts';

/** A record as it is after a step (null: it is gone), and when it was said. */
const recordAfterSchema = z.object({
  map: recordMapSchema,
  id: z.string(),
  value: z.unknown(),
  said: saidSchema.nullable(),
});

/**
 * How a review changed, which is short however much was said before: what was told of it last is taken on from there. What
 * cannot be told so has `change` null, and the review is read anew.
 */
export const reviewStepSchema = z.object({
  fingerprint: z.string(),
  /** Whose layer changed. */
  annotator: z.string(),
  /** Of the review as it is now. */
  version: reviewVersionSchema,
  change: z
    .object({
      /** The step of the same run that it leads from. */
      since: z.int(),
      records: z.array(recordAfterSchema),
      taxonomyVersion: z.int().nullable(),
      lastAt: z.string().nullable(),
      problems: z.array(z.string()),
      ...stepsSchema.shape,
    })
    .nullable(),
});
export type ReviewStep = z.infer<typeof reviewStepSchema>;

/** What a line changed in the layer it was added to, of all that a review tells of one; nothing where there was no line. */
export function changeBy(
  before: LayerHistory,
  after: LayerHistory,
  line: GestureLine | null,
): Omit<NonNullable<ReviewStep['change']>, 'since' | 'problems'> {
  const isMeant = ({ id }: GestureLine) => id === line?.target;
  const meant =
    line === null || line.kind === 'do'
      ? line
      : (before.undoable.findLast(isMeant) ?? before.redoable.findLast(isMeant) ?? line);
  const touched = new Map((meant?.patch ?? []).map(({ map, id }) => [recordKey(map, id), { map, id }]));
  return {
    records: [...touched].map(([key, { map, id }]) => ({
      ...{ map, id, value: recordOf(after.records, map, id), said: after.said.get(key) ?? null },
    })),
    taxonomyVersion: after.taxonomyVersion,
    lastAt: after.last?.at ?? null,
    ...stepsOf(after),
  };
}

/** The review after a step; itself where it is as new already. Null where it has to be read anew. */
export function afterStep(review: Review, { fingerprint, annotator, version, change }: ReviewStep): Review | null {
  if (change === null || review.fingerprint !== fingerprint || review.annotator !== annotator) return null;
  if (review.version.run !== version.run) return null;
  if (review.version.step >= version.step) return review;
  if (review.version.step !== change.since) return null;
  const { since: _, records, taxonomyVersion, lastAt, ...rest } = change;
  const said = { ...review.own.said };
  for (const { map, id, said: when } of records)
    if (when === null) delete said[recordKey(map, id)];
    else said[recordKey(map, id)] = when;
  const own = { ...layerAfter(review.own, records), said, taxonomyVersion, lastAt };
  return { ...review, ...rest, version, own };
}

/** The layer with these records set, or (null) removed. Values are taken as they are. */
export function layerAfter(layer: Layer, changes: readonly { map: RecordMap; id: string; value?: unknown }[]): Layer {
  const after: Record<string, unknown> = { ...layer };
  const copied = new Set<RecordMap>();
  for (const { map, id, value = null } of changes) {
    if (map === 'outcome' || map === 'description' || map === 'submission') {
      after[map] = value;
      continue;
    }
    if (!copied.has(map)) after[map] = { ...layer[map] };
    copied.add(map);
    const records = after[map] as Record<string, unknown>;
    if (value === null) delete records[id];
    else records[id] = value;
  }
  return after as Layer;
}
