import type { RecordedAnnotation } from '../../../shared/episode/episode.ts';
import { isRecord, type Json, parseJson } from '../common/json-file.ts';
import { type Hdf5Reader, type Hdf5Tree, SourceFault } from '../source.ts';
import { CATEGORY_SLUGS, categorySlug, OUTCOMES, outcomeSlug, SEVERITY_SLUGS, severitySlug } from './vocabulary.ts';

export const ANNOTATIONS = 'episode_annotations';
/** Whom older files, which named nobody, are shown as. */
export const EPISODE_LEVEL = '(episode-level)';

/** An annotation as it was read, with what it was read from. */
export interface StoredAnnotation {
  annotation: RecordedAnnotation;
  /** Attributes as they stand in the file. */
  attributes: Record<string, unknown>;
  /** Group of a named annotator; null for what older files say of the episode. */
  group: string | null;
  /** Why the taxonomy attribute cannot be read; null where it can, or where there is none. */
  taxonomyFault: string | null;
  taxonomy: Record<string, Json>;
}

const OWN_FIELDS = ['success', 'taxonomy', 'episode_description', 'failure_description', 'failure_category'];
const MAX_TEXT = 20_000;

/** Everything annotators wrote into the file; older vocabularies are upcast here and nowhere else. Nothing is rewritten. */
export async function readAnnotations(path: string, tree: Hdf5Tree, hdf5: Hdf5Reader): Promise<StoredAnnotation[]> {
  const found: StoredAnnotation[] = [];
  for (const [group, { attributes }] of Object.entries(tree.groups)) {
    if (!group.startsWith(`${ANNOTATIONS}/`) || /\/segments(\/|$)/.test(group)) continue;
    // A "/" in an annotator's name made groups in groups; those in between say nothing.
    const isAnnotator = Object.keys(attributes).length > 0 || isLeaf(tree, group);
    if (isAnnotator) found.push(stored(group.slice(ANNOTATIONS.length + 1), group, attributes));
  }
  const level = { ...tree.groups[ANNOTATIONS]?.attributes, ...(await scalarDatasets(path, tree, hdf5)) };
  if (OWN_FIELDS.some((field) => field in level)) found.push(stored(EPISODE_LEVEL, null, level));
  if (found.length > 0) return found;
  const answers = tree.groups['']?.attributes.failure_annotation ?? level.failure_annotation;
  return typeof answers === 'string' ? [questionnaire(answers)] : [];
}

function isLeaf(tree: Hdf5Tree, group: string): boolean {
  return !Object.keys(tree.groups).some(
    (other) => other.startsWith(`${group}/`) && !other.startsWith(`${group}/segments`),
  );
}

/** Older files kept datasets where newer ones have attributes. */
async function scalarDatasets(path: string, tree: Hdf5Tree, hdf5: Hdf5Reader): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, dataset] of Object.entries(tree.datasets)) {
    const key = name.startsWith(`${ANNOTATIONS}/`) ? name.slice(ANNOTATIONS.length + 1) : '';
    if (key === '' || key.includes('/') || dataset.isNull || dataset.fault || dataset.shape.some((size) => size > 64))
      continue;
    try {
      if (dataset.dtype === 'string') {
        const texts = await hdf5.strings(path, name);
        values[key] = dataset.shape.length === 0 ? texts[0] : texts;
      } else values[key] = (await hdf5.numbers(path, name)).data[0] ?? null;
    } catch (error) {
      // One that cannot be read is not recorded.
      if (!(error instanceof SourceFault)) throw error;
    }
  }
  return values;
}

function stored(annotator: string, group: string | null, attributes: Record<string, unknown>): StoredAnnotation {
  const { tree, fault } = parsedTaxonomy(attributes.taxonomy);
  const version = textOf(attributes.taxonomy_schema) || textOf(attributes.schema);
  const isSecond = /_v2/.test(`${textOf(attributes.schema)} ${version}`) || 'outcome' in tree;
  const fields: Fields = {
    outcome: tree.outcome,
    successCategory: tree.success_category,
    // An interim version kept categories of side effects apart.
    categories: tree.failure_category ?? tree.side_effect_category ?? (attributes.failure_category as Json | undefined),
    severity: tree.severity ?? (attributes.severity as Json | undefined),
  };
  return {
    annotation: {
      annotator,
      source: textOf(attributes.source),
      at: timeOf(attributes.timestamp),
      success: typeof attributes.success === 'number' ? attributes.success : null,
      description: textOf(attributes.episode_description ?? attributes.failure_description),
      notes: textOf(attributes.additional_notes),
      taxonomy: version,
      ...judged(fields, typeof attributes.success === 'number' ? attributes.success : null, isSecond),
    },
    attributes,
    group,
    taxonomy: tree,
    taxonomyFault: fault,
  };
}

interface Fields {
  outcome: Json | undefined;
  successCategory: Json | undefined;
  categories: Json | undefined;
  severity: Json | undefined;
}

type Judged = Pick<RecordedAnnotation, 'outcome' | 'categories' | 'severity' | 'unknown'>;

/** Words as slugs of today. What no version knows is kept as it stands and listed. Absent stays apart from empty. */
function judged(
  { outcome, successCategory, categories, severity }: Fields,
  success: number | null,
  isSecond: boolean,
): Judged {
  const unknown: string[] = [];
  const known = (word: string, slug: string | undefined): string => {
    if (slug === undefined && word !== '') unknown.push(word);
    return slug ?? word;
  };
  const words = categories === undefined || categories === null ? null : listOf(categories);
  return {
    outcome: outcomeOf(),
    // The second taxonomy writes slugs alone: prose in it is a word it does not know.
    categories: words?.map((word) => known(word, isSecond ? slugIn(CATEGORY_SLUGS, word) : categorySlug(word))) ?? null,
    severity:
      typeof severity === 'string'
        ? known(severity, isSecond ? slugIn(SEVERITY_SLUGS, severity) : severitySlug(severity))
        : null,
    unknown,
  };

  function outcomeOf(): string | null {
    if (typeof outcome === 'string') return outcome === '' ? null : known(outcome, slugIn(OUTCOMES, outcome));
    if (isSecond) return null;
    if (success !== null && success < 0.5) return 'failure';
    if (typeof successCategory === 'string' && successCategory !== '') {
      return known(successCategory, outcomeSlug(successCategory));
    }
    return success === null ? null : 'success';
  }
}

function slugIn(slugs: readonly string[], word: string): string | undefined {
  return slugs.includes(word) ? word : undefined;
}

/** A list, a JSON list in a text, or one word; "" is an empty list. */
function listOf(value: Json): string[] {
  if (Array.isArray(value)) return value.map((each) => String(each)).slice(0, 64);
  if (typeof value !== 'string' || value.trim() === '') return [];
  if (value.trim().startsWith('[')) {
    try {
      const list = parseJson(value, '');
      if (Array.isArray(list)) return listOf(list);
    } catch {
      // Then it is a word that starts with a bracket.
    }
  }
  return [value];
}

function parsedTaxonomy(value: unknown): { tree: Record<string, Json>; fault: string | null } {
  if (value === undefined || value === null) return { tree: {}, fault: null };
  try {
    const tree = typeof value === 'string' ? parseJson(value, 'taxonomy') : null;
    return isRecord(tree) ? { tree, fault: null } : { tree: {}, fault: 'is no JSON object' };
  } catch {
    return { tree: {}, fault: 'is no readable JSON' };
  }
}

/** Answers of the old questionnaire, as far as they are one of its own. */
function questionnaire(text: string): StoredAnnotation {
  let answers: Record<string, Json> = {};
  try {
    const tree = parseJson(text, 'failure_annotation');
    if (isRecord(tree)) answers = tree;
  } catch {
    // Shown as it stands.
  }
  const said = String(answers.binary_success ?? answers.success ?? '');
  const success = /^(success|yes|true|1)/i.test(said) ? 1 : /^(fail|no|false|0)/i.test(said) ? 0 : null;
  const fields: Fields = {
    outcome: undefined,
    successCategory: answers.success_category,
    categories: answers.failure_category,
    severity: answers.severity,
  };
  const isReadable = Object.keys(answers).length > 0;
  return {
    annotation: {
      annotator: EPISODE_LEVEL,
      source: textOf(answers.source),
      at: timeOf(answers.timestamp ?? answers.annotated_at),
      success,
      description: textOf(answers.failure_description) || (isReadable ? '' : text.slice(0, MAX_TEXT)),
      notes: textOf(answers.additional_notes),
      taxonomy: 'failure_annotation',
      ...judged(fields, success, false),
    },
    attributes: { ...(success === null ? {} : { success }) },
    group: null,
    taxonomy: {},
    taxonomyFault: null,
  };
}

/** ISO-8601 as written; a recorder's stub holds Unix seconds instead. */
function timeOf(value: unknown): string | null {
  if (typeof value === 'string') return value.slice(0, 64) || null;
  if (typeof value !== 'number' || !(Math.abs(value) < 8.64e12)) return null;
  return new Date(value * 1000).toISOString();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}

/** Told apart because only what people wrote may say how an episode went. */
export function isByPerson({ source }: RecordedAnnotation): boolean {
  return source === '' || source === 'human';
}

/** How the episode went by its people's account, else its models'; null where nobody says or they disagree. */
export function outcomeOf(annotations: readonly RecordedAnnotation[]): { outcome: string | null; disagree: boolean } {
  const said = annotations.flatMap((annotation) => {
    const { outcome, success } = annotation;
    const word = outcome ?? (success === null ? null : success < 0.5 ? 'failure' : 'success');
    return word === null ? [] : [{ word, byPerson: isByPerson(annotation) }];
  });
  const people = said.filter(({ byPerson }) => byPerson);
  const words = new Set((people.length > 0 ? people : said).map(({ word }) => word));
  if (words.size <= 1) return { outcome: [...words][0] ?? null, disagree: false };
  const coarse = new Set([...words].map((word) => (word.startsWith('success') ? 'success' : word)));
  const [only] = coarse;
  return coarse.size === 1 ? { outcome: only as string, disagree: false } : { outcome: null, disagree: true };
}
