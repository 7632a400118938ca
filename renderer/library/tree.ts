import type { LibraryEntry } from '../../shared/api/library.ts';

/** The library as rows: tasks, their dates, their episodes. Pure: sorting, filtering and folding in, flat rows out. */
export type SortOrder = 'name' | 'newest' | 'longest' | 'problems';

export interface LibraryQuery {
  /** Words that must all occur in the path. */
  text: string;
  onlyProblems: boolean;
  sort: SortOrder;
  /** Ids of task and date rows that are folded away. While there is a filter nothing is. */
  folded: ReadonlySet<string>;
  /** Only entries of this root and below this path prefix. */
  root: string;
  prefix: string;
}

interface RowPlace {
  id: string;
  /** 1 task, 2 date, 3 episode: aria-level. */
  level: 1 | 2 | 3;
  /** Place among its siblings, from 1, and their number. */
  position: number;
  siblings: number;
  parent: string | null;
}

export interface FolderRow extends RowPlace {
  kind: 'task' | 'date';
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

const NAMES = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const RANK: Readonly<Record<LibraryEntry['status'], number>> = { error: 0, warning: 1, pending: 2, good: 3 };

const ORDER: Readonly<Record<SortOrder, (a: LibraryEntry, b: LibraryEntry) => number>> = {
  name: () => 0,
  newest: (a, b) => NAMES.compare(b.date, a.date) || b.modifiedMs - a.modifiedMs,
  longest: (a, b) => (b.durationNs ?? -1) - (a.durationNs ?? -1),
  problems: (a, b) => RANK[a.status] - RANK[b.status],
};

export function hasProblems(entry: LibraryEntry): boolean {
  return entry.status === 'warning' || entry.status === 'error';
}

/** Ids of the folder rows an entry stands under. */
export function folderIds({ task, date }: Pick<LibraryEntry, 'task' | 'date'>): string[] {
  return [taskRowId(task), dateRowId(task, date)];
}

const taskRowId = (task: string) => `task ${task}`;
const dateRowId = (task: string, date: string) => `date ${task} ${date}`;

/** Entries that pass the filter, in no particular order. */
export function filterEntries(entries: Iterable<LibraryEntry>, query: LibraryQuery): LibraryEntry[] {
  const words = wordsOf(query.text);
  const prefix = query.prefix === '' || query.prefix.endsWith('/') ? query.prefix : `${query.prefix}/`;
  const found: LibraryEntry[] = [];
  for (const entry of entries) {
    if (entry.root !== query.root) continue;
    if (!entry.path.startsWith(prefix) && entry.path !== query.prefix) continue;
    if (query.onlyProblems && !hasProblems(entry)) continue;
    const text = `${entry.path} ${entry.task} ${entry.date}`.toLowerCase();
    if (words.every((word) => text.includes(word))) found.push(entry);
  }
  return found;
}

/** Rows as they stand on screen, top to bottom. Folders come in the order of their best episode under the sort. */
export function libraryRows(entries: Iterable<LibraryEntry>, query: LibraryQuery): LibraryRow[] {
  const inOrder = filterEntries(entries, query).sort(
    (a, b) => ORDER[query.sort](a, b) || NAMES.compare(a.name, b.name) || NAMES.compare(a.path, b.path),
  );
  const isFiltered = wordsOf(query.text).length > 0 || query.onlyProblems;
  const tasks = groupBy(inOrder, (entry) => entry.task);
  const byName = query.sort === 'name';
  const rows: LibraryRow[] = [];
  const taskNames = sortedNames([...tasks.keys()], byName, false);
  taskNames.forEach((task, taskIndex) => {
    const ofTask = tasks.get(task) ?? [];
    const taskId = taskRowId(task);
    const isTaskOpen = isFiltered || !query.folded.has(taskId);
    rows.push({
      ...folder('task', taskId, task || 'No task', ofTask, isTaskOpen),
      level: 1,
      position: taskIndex + 1,
      siblings: taskNames.length,
      parent: null,
    });
    if (!isTaskOpen) return;
    const dates = groupBy(ofTask, (entry) => entry.date);
    const dateNames = sortedNames([...dates.keys()], byName, true);
    dateNames.forEach((date, dateIndex) => {
      const ofDate = dates.get(date) ?? [];
      const dateId = dateRowId(task, date);
      const isDateOpen = isFiltered || !query.folded.has(dateId);
      rows.push({
        ...folder('date', dateId, date || 'No date', ofDate, isDateOpen),
        level: 2,
        position: dateIndex + 1,
        siblings: dateNames.length,
        parent: taskId,
      });
      if (!isDateOpen) return;
      ofDate.forEach((entry, index) => {
        rows.push({
          kind: 'episode',
          id: entry.id,
          entry,
          level: 3,
          position: index + 1,
          siblings: ofDate.length,
          parent: dateId,
        });
      });
    });
  });
  return rows;
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
    ...{ text: '', onlyProblems: false, sort: 'name', folded: new Set() },
    ...{ root: root.id, prefix: root.prefix },
  };
  const inOrder = libraryRows(entries, query).flatMap((row) => (row.kind === 'episode' ? [row.entry] : []));
  const usable = ({ status, ticks }: LibraryEntry) => status === 'pending' || (status !== 'error' && ticks !== null);
  return inOrder.find(usable) ?? inOrder[0];
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
  return names.sort((a, b) => (newestFirst ? NAMES.compare(b, a) : NAMES.compare(a, b)));
}

function wordsOf(text: string): string[] {
  return text.trim().toLowerCase().split(/\s+/).filter(Boolean);
}
