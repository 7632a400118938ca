import { markerFaults } from '../marker-faults.ts';
import type { Layer } from '../review.ts';
import { idOfForeign, NOTHING_SAID, textsOf, writtenReview } from './from-oopsie.ts';
import { type OopsieSaid, reviewText, toOopsie } from './to-oopsie.ts';
import {
  ANNOTATIONS,
  type Attributes,
  type OopsieContext,
  type OopsieFound,
  type OopsieValue,
  REVIEW,
  type Said,
  SCHEMA,
  SEGMENT_ID,
  SEGMENTS_SCHEMA,
  TAXONOMY_SCHEMA,
} from './words.ts';

/** An attribute that is to be another. Null: not there. */
export interface PublishChange {
  /** "/" is the whole file's. */
  group: string;
  attribute: string;
  before: string | null;
  after: string | null;
}

export interface PublishPlan {
  /** By path of the group; null takes an attribute out. */
  attributes: Record<string, Record<string, OopsieValue | null>>;
  /** Groups that are taken out: segments of failures that are not in the review any more. */
  removed: string[];
  /** What of it is not in the file already. Empty: nothing has to be written. */
  changes: PublishChange[];
  /** One sentence each: what stays of an earlier annotation, and what the format has no place for. */
  notes: string[];
}

export interface PublishRequest {
  /** Group of the person. */
  group: string;
  /** Null: the review says nothing, and only the instruction is written. */
  layer: Layer | null;
  found: OopsieFound;
  /** The instruction as it shall be; null leaves it. */
  instruction: string | null;
}

/** Whether anything was said that an Oopsie file has a place for. */
export function saysAnything({ outcome, description, ...maps }: Layer): boolean {
  const { notes, properties, failures, recoveries, taskMarks } = maps;
  const isIn = [notes, properties, failures, recoveries, taskMarks].some((map) => Object.keys(map).length > 0);
  return outcome !== null || description !== null || isIn;
}

/** Why a review cannot be published as it is, one sentence; null where it can. */
export function publishFault({ layer, found, group }: PublishRequest, context: OopsieContext): string | null {
  const { group: stands } = found;
  const source = stands?.source;
  if (stands && typeof source === 'string' && source !== '' && source !== 'human')
    return `the annotation "${group}" in it was written by ${source === 'model' ? 'a model' : `"${source}"`}: publish under another name.`;
  if (layer === null) return null;
  if (layer.outcome?.value === 'not_scored')
    return 'the review says that it is not scored, which the format has no word for: give it an outcome, or leave it unpublished.';
  const [error] = markerFaults(layer, context.timesNs.length, context.taxonomy).filter(
    ({ level }) => level === 'error',
  );
  if (error) return `its marks have to be put right first: ${error.text}`;
  const base = toOopsie(writtenReview(stands) ?? NOTHING_SAID, context);
  if (successAfter(toOopsie(layer, context), base, stands ?? {}) === undefined)
    return 'the review has no outcome yet, and the format takes no annotation without one: choose an outcome.';
  return null;
}

/** What to write, so that the file says what the review does and keeps all that others said. */
export function planPublishing(request: PublishRequest, context: OopsieContext): PublishPlan {
  const { group, layer, found, instruction } = request;
  const plan: PublishPlan = { attributes: {}, removed: [], changes: [], notes: [] };
  if (instruction !== null && instruction !== found.instruction) {
    plan.attributes[''] = { language_instruction: { text: instruction } };
    plan.changes.push({ group: '/', attribute: 'language_instruction', before: found.instruction, after: instruction });
  }
  if (layer === null) return plan;
  const path = `${ANNOTATIONS}/${group}`;
  const said: Said = layer;
  const now = toOopsie(said, context);
  const base = toOopsie(writtenReview(found.group) ?? NOTHING_SAID, context);
  planAnnotation(plan, path, layer, { now, base, found }, context);
  planSegments(plan, path, now, found);
  // Saying only anew when it was said is no reason to write a file.
  const isNew = plan.changes.some((change) => change.group !== '/' && change.attribute !== 'timestamp');
  if (!isNew) {
    plan.changes = plan.changes.filter((change) => change.group === '/');
    for (const at of Object.keys(plan.attributes)) if (at !== '') delete plan.attributes[at];
  }
  plan.notes.push(...notSaid(layer, context), ...leftOut(layer));
  return plan;
}

interface Sides {
  now: OopsieSaid;
  /** What Regrasp wrote last time. */
  base: OopsieSaid;
  found: OopsieFound;
}

function planAnnotation(plan: PublishPlan, path: string, layer: Layer, sides: Sides, context: OopsieContext): void {
  const { now, base, found } = sides;
  const stands = found.group ?? {};
  const kept: string[] = [];
  /** What is not said now stays as another tool has it; what Regrasp said itself, and does not any more, goes. */
  const merged = <T>(word: string, mine: T | undefined, before: T | undefined, there: T | undefined): T | undefined => {
    if (mine !== undefined || there === undefined) return mine;
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(there)) return undefined;
    kept.push(word);
    return there;
  };
  const texts = textsOf(found);
  const tree = taxonomyOf(stands);
  const success = successAfter(now, base, stands);
  const recorded = found.recorded ?? { outcome: null, categories: null, severity: null };
  const outcome = merged('outcome', now.outcome, base.outcome, recorded.outcome ?? undefined);
  const categories = merged('failure_category', now.categories, base.categories, recorded.categories ?? undefined);
  const severity = merged('severity', now.severity, base.severity, recorded.severity ?? undefined);
  const description = merged('episode_description', now.description, base.description, texts.description);
  const notes = merged('additional_notes', now.notes, base.notes, texts.notes);
  // Words of older versions are said in today's.
  const { success_category: _, side_effect_category: __, ...others } = tree;
  const taxonomy = {
    ...(outcome === undefined ? {} : { outcome }),
    ...(categories === undefined ? {} : { failure_category: categories }),
    ...(severity === undefined ? {} : { severity }),
    ...Object.fromEntries(
      Object.entries(others).filter(([key]) => !['outcome', 'failure_category', 'severity'].includes(key)),
    ),
  };
  const text = (value: string | undefined) => (value === undefined ? null : { text: value });
  set(plan, path, stands, {
    schema: { text: SCHEMA },
    taxonomy_schema: { text: TAXONOMY_SCHEMA },
    source: { text: 'human' },
    success: success === undefined ? null : { float: success },
    taxonomy: Object.keys(taxonomy).length === 0 ? null : { text: JSON.stringify(taxonomy) },
    episode_description: text(description),
    additional_notes: text(notes),
    failure_description: null,
    [REVIEW]: { text: reviewText(layer, context.taxonomy.version) },
    timestamp: { text: layer.lastAt ?? new Date(0).toISOString() },
  });
  if (kept.length > 0)
    plan.notes.push(`The review says nothing of ${kept.join(', ')}: what stands in the file under this name stays.`);
}

/** What `success` will be; the file's stays as long as nobody says otherwise. */
function successAfter(now: OopsieSaid, base: OopsieSaid, { success }: Attributes): number | undefined {
  if (now.success !== undefined || typeof success !== 'number') return now.success;
  return success === base.success ? undefined : success;
}

function taxonomyOf({ taxonomy }: Attributes): Record<string, unknown> {
  if (typeof taxonomy !== 'string') return {};
  try {
    const tree: unknown = JSON.parse(taxonomy);
    return typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? (tree as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Segments are numbered without a gap; those of other tools keep their numbers. */
function planSegments(plan: PublishPlan, path: string, { segments }: OopsieSaid, found: OopsieFound): void {
  const { children } = found;
  const idOf = (child: string) => {
    const id = children[child]?.[SEGMENT_ID];
    return typeof id === 'string' && id !== '' ? id : null;
  };
  const childOf = new Map(Object.keys(children).map((child) => [idOf(child) ?? idOfForeign(child), child]));
  const wanted = new Set(segments.map(({ id }) => id));
  const foreign = Object.keys(children).filter((child) => idOf(child) === null && !wanted.has(idOfForeign(child)));
  const count = foreign.length + segments.length;
  const taken = new Set(foreign);
  const places = new Map<string, string>();
  for (const { id } of segments) {
    const child = childOf.get(id);
    if (child === undefined || !/^\d{3,}$/.test(child) || Number(child) >= count) continue;
    places.set(id, child);
    taken.add(child);
  }
  let next = 0;
  for (const { id } of segments) {
    if (places.has(id)) continue;
    while (taken.has(numbered(next))) next++;
    places.set(id, numbered(next));
    taken.add(numbered(next));
  }
  const above = `${path}/segments`;
  if (count === 0) {
    if (found.segments === null) return;
    plan.removed.push(above);
    plan.changes.push({ group: above, attribute: '', before: 'segments', after: null });
    return;
  }
  set(plan, above, found.segments ?? {}, { schema: { text: SEGMENTS_SCHEMA }, count: { whole: count } });
  for (const { id, values } of segments) {
    const child = places.get(id) as string;
    const stands = children[child] ?? {};
    // What stood here was of another failure, so all of it goes; else what this one had and has no more.
    const isOther = child in children && childOf.get(id) !== child;
    const gone = Object.keys(stands).filter((name) => !(name in values) && (isOther || OWN_OF_SEGMENTS.has(name)));
    set(plan, `${above}/${child}`, stands, { ...values, ...Object.fromEntries(gone.map((name) => [name, null])) });
  }
  for (const child of Object.keys(children)) {
    if (taken.has(child)) continue;
    plan.removed.push(`${above}/${child}`);
    plan.changes.push({ group: `${above}/${child}`, attribute: '', before: 'a segment', after: null });
  }
}

/** What a failure may have and lose again. */
const OWN_OF_SEGMENTS = new Set(['regrasp_code', 'regrasp_hand_off_timestep', 'regrasp_recoveries']);

function numbered(number: number): string {
  return String(number).padStart(3, '0');
}

/** All that Regrasp says of a group is written, so that its types are right; only what is another is told. */
function set(plan: PublishPlan, group: string, stands: Attributes, values: Record<string, OopsieValue | null>): void {
  const attributes = plan.attributes[group] ?? {};
  plan.attributes[group] = attributes;
  for (const [attribute, value] of Object.entries(values)) {
    if (value === null && !(attribute in stands)) continue;
    attributes[attribute] = value;
    const before = attribute in stands ? shown(stands[attribute]) : null;
    const after = value === null ? null : shown(Object.values(value)[0]);
    if (before !== after) plan.changes.push({ group, attribute, before, after });
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What is still asked for: it can be published without, and be said later. */
function notSaid(layer: Layer, { timesNs, taxonomy }: OopsieContext): string[] {
  const missing = markerFaults(layer, timesNs.length, taxonomy).filter(({ level }) => level === 'missing');
  const texts = [...new Set(missing.map(({ text }) => text))];
  return texts.length === 0 ? [] : [`Not said yet: ${texts.join(' ')}`];
}

/** What a review holds beside it. */
function leftOut(layer: Layer): string[] {
  const parts = (
    [
      ['verdicts', 'verdicts on findings'],
      ['findings', 'findings of your own'],
      ['flags', 'flags'],
    ] as const
  ).flatMap(([map, words]) => {
    const count = Object.keys(layer[map]).length;
    return count === 0 ? [] : [`${words} (${count})`];
  });
  const notes =
    parts.length === 0 ? [] : [`Not written, for they are about data and not about the policy: ${parts.join(', ')}.`];
  const hasOwn = [layer.properties, layer.taskMarks, layer.recoveries].some((map) => Object.keys(map).length > 0);
  if (hasOwn)
    notes.push(
      `Recoveries, hand-offs, steps of the task and properties have no place of their own in the format: they stand in attributes whose names begin with "regrasp_", which its own tools pass over.`,
    );
  return notes;
}
