import { flagSchema, handFindingSchema, type Verdict, verdictSchema } from './finding.ts';
import { failureSchema, recoverySchema, taskMarkSchema } from './markers.ts';
import { type Change, descriptionSchema, noteSchema, outcomeSchema, propertySchema, type RecordMap } from './review.ts';
import { submissionSchema } from './submission.ts';

/** What one layer holds: values by map and id. Order of ids means nothing. */
export type Records = ReadonlyMap<RecordMap, ReadonlyMap<string, unknown>>;

/** Id of the one record of a map that has only one. */
export const EPISODE_RECORD = 'episode';
const OF_THE_EPISODE: ReadonlySet<RecordMap> = new Set(['outcome', 'description', 'submission']);

const VALUE_SCHEMAS = {
  outcome: outcomeSchema,
  description: descriptionSchema,
  notes: noteSchema,
  properties: propertySchema,
  failures: failureSchema,
  recoveries: recoverySchema,
  taskMarks: taskMarkSchema,
  verdicts: verdictSchema,
  findings: handFindingSchema,
  flags: flagSchema,
  submission: submissionSchema,
} as const;

export const EMPTY_RECORDS: Records = new Map();

/** Names a record among all of a layer. */
export function recordKey(map: RecordMap, id: string): string {
  return `${map}/${id}`;
}

export function recordOf(records: Records, map: RecordMap, id: string): unknown {
  return records.get(map)?.get(id) ?? null;
}

/** The change with its value checked against its map and stripped of unknown keys; a sentence when it does not fit. */
export function checkChange(change: Change): Change | string {
  const { map, id } = change;
  // An id becomes a key of a plain object in the answer, where this one would be taken for the object's parent.
  if (id === '__proto__') return `"${id}" cannot be the id of a record.`;
  if (OF_THE_EPISODE.has(map) && id !== EPISODE_RECORD)
    return `The ${map} is of the whole episode: its id is "episode", not "${id}".`;
  if (change.value === null || change.value === undefined) return { map, id, value: null };
  const checked = VALUE_SCHEMAS[map].safeParse(change.value);
  if (map === 'verdicts' && (checked.data as Verdict | undefined)?.mergedInto === id)
    return 'An event cannot be merged into itself.';
  if (checked.success) return { map, id, value: checked.data };
  const issue = checked.error.issues[0];
  return `The value of ${map}/${id} does not fit (${[...(issue?.path ?? []), issue?.message].join(': ')}).`;
}

/** Records after the changes, in their order. The given records stay as they are. */
export function applyChanges(records: Records, changes: readonly Change[]): Records {
  const maps = new Map<RecordMap, Map<string, unknown>>();
  for (const { map, id, value } of changes) {
    let values = maps.get(map);
    if (!values) {
      values = new Map(records.get(map));
      maps.set(map, values);
    }
    if (value === null || value === undefined) values.delete(id);
    else values.set(id, value);
  }
  return new Map([...records, ...maps]);
}

/** One change a record, the last one winning, without those that change nothing. */
export function effectiveChanges(records: Records, patch: readonly Change[]): Change[] {
  const last = new Map(patch.map((change) => [recordKey(change.map, change.id), change]));
  return [...last.values()]
    .map(({ map, id, value }) => ({ map, id, value: value ?? null }))
    .filter(({ map, id, value }) => !sameValue(recordOf(records, map, id), value));
}

/** The changes that take the records as they are after `patch` back to what they are now. */
export function inverseOf(records: Records, patch: readonly Change[]): Change[] {
  return effectiveChanges(records, patch).map(({ map, id }) => ({ map, id, value: recordOf(records, map, id) }));
}

/** The changes that lead from `before` to `after`, looking only at the records that `touched` names. */
export function differenceBetween(before: Records, after: Records, touched: readonly Change[]): Change[] {
  const keys = new Map(touched.map(({ map, id }) => [recordKey(map, id), { map, id }]));
  return [...keys.values()]
    .map(({ map, id }) => ({ map, id, value: recordOf(after, map, id) }))
    .filter(({ map, id, value }) => !sameValue(recordOf(before, map, id), value));
}

/** Equality of JSON values; the order of keys means nothing. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keysOf = (value: object) =>
    Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
  const keys = keysOf(a);
  if (keys.length !== keysOf(b).length) return false;
  return keys.every((key) => sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
