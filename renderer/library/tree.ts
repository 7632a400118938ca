import type { LibraryEntry } from '../../shared/api/library.ts';
import { type Choice, matcherOf, wordsOf } from './facets.ts';

/** The library as rows: tasks, their dates, files that hold several recordings, recordings. Pure: sorting, filtering and folding in, flat rows out. */
export type SortOrder = 'name' | 'newest' | 'longest' | 'problems';

export interface LibraryQuery {
  /** Words that must all occur in the path, the instruction, the properties … */
  text: string;
  choices: readonly Choice[];
  onlyProblems: boolean;
  sort: SortOrder;
  /** Ids of folder rows that are folded away. While there is a filter nothing is. */
  folded: ReadonlySet<string>;
  /** Only entries of this root and below this path prefix. */
  root: string;
  prefix: string;
}

interface RowPlace {
  id: string;
  /** From 1: aria-level. */
  level: number;
  /** Place among its siblings, from 1, and their number. */
  position: number;
  siblings: number;
  parent: string | null;
}

export interface FolderRow extends RowPlace {
  kind: 'task' | 'date' | 'file';
  label: string;
  episodes: number;
  /** Episodes below with a warning or an error. */
  withProblems: number;
  isOpen: boolean;
}

export interface EpisodeRow extends RowPlace {
  kind: 'episode';
  entry: LibraryEntry;
}

export type LibraryRow = FolderRow | EpisodeRow;

const RANK: Readonly<Record<LibraryEntry['status'], number>> = { error: 0, warning: 1, pending: 2, good: 3 };

const ORDER: Readonly<Record<SortOrder, (a: LibraryEntry, b: LibraryEntry) => number>> = {
  name: () => 0,
  newest: (a, b) => compare(b.date, a.date) || b.modifiedMs - a.modifiedMs,
  longest: (a, b) => (b.durationNs ?? -1) - (a.durationNs ?? -1),
  problems: (a, b) => RANK[a.status] - RANK[b.status],
};

export function hasProblems(entry: LibraryEntry): boolean {
  return entry.status === 'warning' || entry.status === 'error';
}

/** Ids of the folder rows an entry stands under. */
export function folderIds({ task, date, path }: Pick<LibraryEntry, 'task' | 'date' | 'path'>): string[] {
  const file = fileOf(path);
  const ids = [taskRowId(task), dateRowId(task, date)];
  return file === null ? ids : [...ids, fileRowId(task, date, file)];
}

const taskRowId = (task: string) => `task ${task}`;
const dateRowId = (task: string, date: string) => `date ${task} ${date}`;
const fileRowId = (task: string, date: string, file: string) => `file ${task} ${date} ${file}`;

/** The file a recording shares with others; null where it has one of its own, and where that only describes the root itself. */
function fileOf(path: string): string | null {
  const at = path.indexOf('::');
  const file = at < 0 ? null : path.slice(0, at);
  return file !== null && DESCRIPTIONS.includes(file) ? null : file;
}

/** The files that describe a dataset of their own. */
const DESCRIPTIONS: readonly string[] = ['meta/info.json', 'dataset_info.json'];

/** A dataset's folder where its file only describes it, else the file's name. */
function fileLabel(file: string): string {
  const description = DESCRIPTIONS.find((each) => file.endsWith(`/${each}`));
  const described = description === undefined ? file : file.slice(0, -description.length - 1);
  return described.split('/').at(-1) || file;
}

/** Every entry that is listed at all, in the order of the query's sort. Costly: to be done when entries change, not by key. */
export function sortEntries(
  entries: Iterable<LibraryEntry>,
  { root, prefix: below, sort }: Pick<LibraryQuery, 'root' | 'prefix' | 'sort'>,
): LibraryEntry[] {
  const prefix = below === '' || below.endsWith('/') ? below : `${below}/`;
  const found: LibraryEntry[] = [];
  for (const entry of entries) {
    if (entry.root !== root) continue;
    if (entry.path.startsWith(prefix) || entry.path === below || entry.path.startsWith(`${below}::`)) found.push(entry);
  }
  const order = ORDER[sort];
  return found.sort((a, b) => order(a, b) || compare(sortKeyOf(a), sortKeyOf(b)));
}

/** Entries that pass the filter, in the order they come. */
export function filterEntries(
  entries: readonly LibraryEntry[],
  { text, choices, onlyProblems }: Pick<LibraryQuery, 'text' | 'choices' | 'onlyProblems'>,
): LibraryEntry[] {
  if (text.trim() === '' && choices.length === 0 && !onlyProblems) return [...entries];
  const matches = matcherOf(text, choices);
  return entries.filter((entry) => (!onlyProblems || hasProblems(entry)) && matches(entry));
}

/** Sorted, filtered and folded at once. */
export function libraryRows(entries: Iterable<LibraryEntry>, query: LibraryQuery): LibraryRow[] {
  return rowsOf(filterEntries(sortEntries(entries, query), query), query);
}

/**
 * Rows as they stand on screen, top to bottom, of entries that are sorted and filtered. Folders come in the order of their
 * best episode under the sort. Where a task has no dates there is no row for them.
 */
export function rowsOf(
  inOrder: readonly LibraryEntry[],
  query: Pick<LibraryQuery, 'text' | 'choices' | 'onlyProblems' | 'sort' | 'folded'>,
): LibraryRow[] {
  const isFiltered = wordsOf(query.text).length > 0 || query.choices.length > 0 || query.onlyProblems;
  const byName = query.sort === 'name';
  const rows: LibraryRow[] = [];
  const isOpen = (id: string) => isFiltered || !query.folded.has(id);
  const pushFolder = (kind: FolderRow['kind'], id: string, label: string, below: Group, place: Place) => {
    rows.push({ ...folder(kind, id, label, below, isOpen(id)), ...place });
    return isOpen(id);
  };
  const pushEpisodes = (entries: Group, level: number, parent: string, before: number, siblings: number) => {
    entries.forEach((entry, index) => {
      rows.push({ kind: 'episode', id: entry.id, entry, level, position: before + index + 1, siblings, parent });
    });
  };
  /** Files of several recordings as folders, then recordings of a file of their own. */
  const pushFiles = (task: string, date: string, entries: Group, level: number, parent: string) => {
    const files = groupBy(entries, (entry) => fileOf(entry.path) ?? '');
    const alone = files.get('') ?? [];
    files.delete('');
    const siblings = files.size + alone.length;
    let position = 0;
    for (const [file, inside] of files) {
      position += 1;
      const id = fileRowId(task, date, file);
      if (!pushFolder('file', id, fileLabel(file), inside, { level, position, siblings, parent })) continue;
      pushEpisodes(inside, level + 1, id, 0, inside.length);
    }
    pushEpisodes(alone, level, parent, position, siblings);
  };

  const tasks = groupBy(inOrder, (entry) => entry.task);
  const taskNames = sortedNames([...tasks.keys()], byName, false);
  taskNames.forEach((task, taskIndex) => {
    const ofTask = tasks.get(task) ?? [];
    const taskId = taskRowId(task);
    const place = { level: 1, position: taskIndex + 1, siblings: taskNames.length, parent: null };
    if (!pushFolder('task', taskId, task || 'No task', ofTask, place)) return;
    const dates = groupBy(ofTask, (entry) => entry.date);
    if (dates.size === 1 && dates.has('')) {
      pushFiles(task, '', ofTask, 2, taskId);
      return;
    }
    const dateNames = sortedNames([...dates.keys()], byName, true);
    dateNames.forEach((date, dateIndex) => {
      const ofDate = dates.get(date) ?? [];
      const dateId = dateRowId(task, date);
      const at = { level: 2, position: dateIndex + 1, siblings: dateNames.length, parent: taskId };
      if (pushFolder('date', dateId, date || 'No date', ofDate, at)) pushFiles(task, date, ofDate, 3, dateId);
    });
  });
  return rows;
}

type Group = readonly LibraryEntry[];
type Place = Pick<FolderRow, 'level' | 'position' | 'siblings' | 'parent'>;

const sortKeys = new WeakMap<LibraryEntry, string>();

/** By name, then by path, numbers by their value; worked out once, for a collator is too slow for ten thousand. */
function sortKeyOf(entry: LibraryEntry): string {
  let key = sortKeys.get(entry);
  if (key === undefined) {
    key = naturalKey(`${entry.name}\n${entry.path}`);
    sortKeys.set(entry, key);
  }
  return key;
}

const DIGITS = 20;

function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The episode of a dataset that stands first as its tree is first shown and can be seen; else the first one. What was
 * not looked into yet counts as usable.
 */
export function firstInTree(
  entries: Iterable<LibraryEntry>,
  root: { id: string; prefix: string },
): LibraryEntry | undefined {
  const query: LibraryQuery = {
    ...{ text: '', choices: [], onlyProblems: false, sort: 'name', folded: new Set() },
    ...{ root: root.id, prefix: root.prefix },
  };
  const inOrder = libraryRows(entries, query).flatMap((row) => (row.kind === 'episode' ? [row.entry] : []));
  // What only lists others gives way to them in a moment.
  const recordings = inOrder.filter(({ status, listsOthers }) => status !== 'pending' || !listsOthers);
  const usable = ({ status, ticks }: LibraryEntry) => status === 'pending' || (status !== 'error' && ticks !== null);
  return recordings.find(usable) ?? recordings[0];
}

/** Where a key takes the active row, and what it folds. Undefined when the key means nothing here. */
export function moveInTree(
  rows: readonly LibraryRow[],
  activeId: string | null,
  key: string,
): { active: string; fold?: { id: string; isOpen: boolean } } | undefined {
  const at = rows.findIndex((row) => row.id === activeId);
  const row = rows[at];
  const to = (index: number) => {
    const target = rows[Math.min(rows.length - 1, Math.max(0, index))];
    return target ? { active: target.id } : undefined;
  };
  if (key === 'Home') return to(0);
  if (key === 'End') return to(rows.length - 1);
  if (!row) return key === 'ArrowDown' || key === 'ArrowUp' ? to(0) : undefined;
  if (key === 'ArrowDown') return to(at + 1);
  if (key === 'ArrowUp') return to(at - 1);
  if (key === 'ArrowRight') {
    if (row.kind === 'episode') return { active: row.id };
    return row.isOpen ? to(at + 1) : { active: row.id, fold: { id: row.id, isOpen: true } };
  }
  if (key === 'ArrowLeft') {
    if (row.kind !== 'episode' && row.isOpen) return { active: row.id, fold: { id: row.id, isOpen: false } };
    return { active: row.parent ?? row.id };
  }
  return undefined;
}

function folder(kind: FolderRow['kind'], id: string, label: string, entries: readonly LibraryEntry[], isOpen: boolean) {
  return { kind, id, label, episodes: entries.length, withProblems: entries.filter(hasProblems).length, isOpen };
}

function groupBy(entries: readonly LibraryEntry[], keyOf: (entry: LibraryEntry) => string) {
  const groups = new Map<string, LibraryEntry[]>();
  for (const entry of entries) {
    const group = groups.get(keyOf(entry));
    if (group) group.push(entry);
    else groups.set(keyOf(entry), [entry]);
  }
  return groups;
}

/** By name when sorted so (dates newest first), else as the sorted episodes brought them. */
function sortedNames(names: string[], byName: boolean, newestFirst: boolean): string[] {
  if (!byName) return names;
  const keyed = names.map((name) => [naturalKey(name), name] as const);
  keyed.sort(([a], [b]) => (newestFirst ? compare(b, a) : compare(a, b)));
  return keyed.map(([, name]) => name);
}
