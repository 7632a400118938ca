import type { LibraryEntry } from '../../shared/api/library.ts';
import { inWords } from '../app/format.ts';

/**
 * What a library can be filtered by, built from what is there: format, task, date, outcome and every property. Pure; what is
 * worked out of an entry is kept with it, since entries are replaced and never changed.
 */

/** "format", "task", "date", "outcome", or "property:<name>". */
export type FacetName = string;

export interface Choice {
  facet: FacetName;
  value: string;
}

export interface Facet {
  name: FacetName;
  /** For people: "Format", "Operator". */
  label: string;
  /** Most frequent first, dates newest first. */
  values: { value: string; label: string; count: number }[];
}

const PROPERTY = 'property:';
const BUILT_IN = ['format', 'task', 'date', 'outcome'] as const;
const LABELS: Record<string, string> = { format: 'Format', task: 'Task', date: 'Date', outcome: 'Outcome' };
/** A property that nearly every recording has another value of is a measurement: it is found by searching. */
const MOST_VALUES = 60;

const texts = new WeakMap<LibraryEntry, string>();

/** Everything of an entry that words are looked for in, in small letters. */
function searchTextOf(entry: LibraryEntry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const { path, name, task, date, format, outcome, instruction, properties } = entry;
  const said = Object.entries(properties).flatMap(([property, value]) => [property, String(value)]);
  const text = [path, name, task, date, format, outcome ?? '', instruction ?? '', ...said].join('\n').toLowerCase();
  texts.set(entry, text);
  return text;
}

export function wordsOf(text: string): string[] {
  return text.trim().toLowerCase().split(/\s+/).filter(Boolean);
}

/** Whether an entry holds every word, and for every facet that is chosen from one of the chosen values. */
export function matcherOf(text: string, choices: readonly Choice[]): (entry: LibraryEntry) => boolean {
  const words = wordsOf(text);
  const wanted = new Map<FacetName, Set<string>>();
  for (const { facet, value } of choices) wanted.set(facet, (wanted.get(facet) ?? new Set()).add(value));
  const sets = [...wanted];
  return (entry) => {
    for (const [facet, values] of sets) {
      const value = facetValueOf(entry, facet);
      if (value === undefined || !values.has(value)) return false;
    }
    if (words.length === 0) return true;
    const searched = searchTextOf(entry);
    return words.every((word) => searched.includes(word));
  };
}

/** What people call formats, by their ids. */
export type FormatNames = Readonly<Record<string, string>>;

/** Facets with at least two values to choose between, and those that are chosen from. */
export function facetsOf(
  entries: readonly LibraryEntry[],
  choices: readonly Choice[],
  formats: FormatNames = {},
): Facet[] {
  const counts = new Map<FacetName, Map<string, number>>();
  const count = (facet: FacetName, value: string | undefined) => {
    if (value === undefined) return;
    let values = counts.get(facet);
    if (!values) {
      values = new Map();
      counts.set(facet, values);
    }
    values.set(value, (values.get(value) ?? 0) + 1);
  };
  for (const facet of BUILT_IN) counts.set(facet, new Map());
  for (const entry of entries) {
    for (const facet of BUILT_IN) count(facet, facetValueOf(entry, facet));
    for (const name in entry.properties) count(PROPERTY + name, facetValueOf(entry, PROPERTY + name));
  }
  const chosen = new Set(choices.map(({ facet }) => facet));
  return [...counts]
    .filter(([name, { size }]) => chosen.has(name) || (size > 1 && (size <= MOST_VALUES || isBuiltIn(name))))
    .map(([name, values]) => ({
      name,
      label: labelOf(name),
      values: [...values]
        .map(([value, number]) => ({ value, label: valueLabel(name, value, formats), count: number }))
        .sort((a, b) => (name === 'date' ? compare(b.value, a.value) : b.count - a.count || compare(a.value, b.value))),
    }));
}

/**
 * The facets of now, each and its values in the place they had before; what is new comes last, and what is gone stays with
 * a count of 0. For a list that somebody is choosing from.
 */
export function keepPlaces(before: readonly Facet[], now: readonly Facet[]): Facet[] {
  const fresh = new Map(now.map((facet) => [facet.name, facet]));
  const kept = before.map((facet): Facet => {
    const counted = new Map(fresh.get(facet.name)?.values.map((value) => [value.value, value]));
    const values = facet.values.map((known) => counted.get(known.value) ?? { ...known, count: 0 });
    const known = new Set(facet.values.map(({ value }) => value));
    return { ...facet, values: [...values, ...[...counted.values()].filter(({ value }) => !known.has(value))] };
  });
  const names = new Set(before.map(({ name }) => name));
  return [...kept, ...now.filter(({ name }) => !names.has(name))];
}

export function labelOf(facet: FacetName): string {
  if (!facet.startsWith(PROPERTY)) return LABELS[facet] ?? facet;
  return inWords(facet.slice(PROPERTY.length));
}

/** A value for people: a format by its name, and in words where it is empty. */
export function valueLabel(facet: FacetName, value: string, formats: FormatNames = {}): string {
  if (facet === 'format') return formats[value] ?? value;
  if (value !== '') return value;
  return facet === 'outcome' ? 'Not stated' : `No ${labelOf(facet).toLowerCase()}`;
}

export function toggleChoice(choices: readonly Choice[], { facet, value }: Choice): Choice[] {
  const without = choices.filter((each) => each.facet !== facet || each.value !== value);
  return without.length < choices.length ? without : [...choices, { facet, value }];
}

export function isChosen(choices: readonly Choice[], { facet, value }: Choice): boolean {
  return choices.some((each) => each.facet === facet && each.value === value);
}

/** Undefined: the entry has no such property at all. */
function facetValueOf(entry: LibraryEntry, facet: FacetName): string | undefined {
  // Before anybody looked into a file its name is all that is known, and several formats share endings.
  if (facet === 'format') return entry.format || undefined;
  if (facet === 'task') return entry.task;
  if (facet === 'date') return entry.date;
  // What nobody looked into yet has no outcome to count.
  if (facet === 'outcome') return entry.outcome ?? (entry.status === 'pending' ? undefined : '');
  const value = entry.properties[facet.slice(PROPERTY.length)];
  return value === undefined ? undefined : String(value);
}

function isBuiltIn(name: FacetName): boolean {
  return name in LABELS;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
