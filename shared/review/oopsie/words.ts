import type { Layer } from '../review.ts';
import type { Taxonomy } from '../taxonomy.ts';

/** What an attribute of an HDF5 group is given: UTF-8 of any length, a float64, an int64. */
export type OopsieValue = { text: string } | { float: number } | { whole: number };

/** What of a person's layer can stand in an Oopsie file. */
export type Said = Pick<
  Layer,
  'outcome' | 'description' | 'notes' | 'properties' | 'failures' | 'recoveries' | 'taskMarks'
>;

/** What the recording and its lab bring to it. */
export interface OopsieContext {
  taxonomy: Taxonomy;
  /** Nanoseconds of each step from the first: ticks of the review are steps of the file. */
  timesNs: Float64Array;
}

/** Attributes of a group as plain values: numbers, texts, lists. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What a file says under one person's name, and the instruction it says to everybody. */
export interface OopsieFound {
  /** Null where there is no such group. */
  group: Attributes | null;
  /** Of `segments` in it; null where there is none. */
  segments: Attributes | null;
  /** Its members by name. */
  children: Readonly<Record<string, Attributes>>;
  /** The same annotation in the words of today, as the format's reader has it. */
  recorded: { outcome: string | null; categories: string[] | null; severity: string | null } | null;
  instruction: string;
}

export const ANNOTATIONS = 'episode_annotations';
export const SCHEMA = 'oopsie_failure_taxonomy_v2';
export const TAXONOMY_SCHEMA = 'oopsiedata_taxonomy_schema_v2';
export const SEGMENTS_SCHEMA = 'oopsie_failure_segments_v0';
/** Everything that was said, exactly, for Regrasp to read back: other readers pass over it. */
export const REVIEW = 'regrasp_review';
export const REVIEW_VERSION = 1;
export const SEGMENT_ID = 'regrasp_id';

/** The format's slugs for how it went; a review that is not scored has none. */
export const SCORED: readonly string[] = ['success', 'success_suboptimal', 'success_side_effect', 'failure'];
/** Of a whole episode the format knows no sudden end; of a part of it it does. */
export const ONLY_OF_SEGMENTS = 'sudden_termination';
const OTHER = 'other';
const CATEGORIES: readonly string[] = [
  ...['reaching', 'grasp', 'manipulation', 'sequencing_semantic', 'collision', 'hardware', 'not_attempted', OTHER],
  ONLY_OF_SEGMENTS,
];
export const SEVERITIES: readonly string[] = ['low', 'medium', 'catastrophic'];

/** The format's category of a code: "other" for one that nobody here knows, null for none. */
export function categoryOf(taxonomy: Taxonomy, code: string | null): string | null {
  if (code === null) return null;
  const category = taxonomy.codes.find((known) => known.code === code)?.category ?? OTHER;
  return CATEGORIES.includes(category) ? category : OTHER;
}

/** Of several segments' categories, what the whole episode's are, in the format's order. */
export function episodeCategories(categories: readonly (string | null)[]): string[] {
  const said = new Set(categories.map((category) => (category === ONLY_OF_SEGMENTS ? OTHER : category)));
  return CATEGORIES.filter((category) => said.has(category));
}

/** A text as a file can hold it: what is no character is replaced, and a zero, which would end it, is left out. */
export function plainText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

const MOST_CHARACTERS = 100;

/**
 * The group a person's annotation stands in, which bears their name; or one sentence why no group can. A "/" would make
 * groups in groups, and names of dots lead elsewhere.
 */
export function annotatorGroup(annotator: string): { name: string } | { fault: string } {
  const name = annotator.normalize('NFC').trim();
  const remedy = 'choose another name in the settings, or with --annotator.';
  if (name === '') return { fault: `nobody's name is known to publish the review under: ${remedy}` };
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  const cannot = (why: string) => ({ fault: `the name ${shown} cannot stand in an Oopsie file (${why}): ${remedy}` });
  if (name.includes('/')) return cannot('"/" separates groups');
  if (name === '.' || name === '..') return cannot('it names another group');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  if (/[\u0000-\u001f\u007f]|\p{Surrogate}/u.test(name)) return cannot('it holds characters that cannot be shown');
  if (name === 'segments' || name === '(episode-level)') return cannot('the format uses it for something else');
  if (name.length > MOST_CHARACTERS) return cannot('it is too long');
  return { name };
}
