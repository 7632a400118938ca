import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../shared/api/library.ts';
import {
  filterEntries,
  firstInTree,
  folderIds,
  type LibraryQuery,
  libraryRows,
  moveInTree,
  rowsOf,
  sortEntries,
} from './tree.ts';

const entry = (task: string, date: string, name: string, more: Partial<LibraryEntry> = {}): LibraryEntry => ({
  id: `r/data/${task}/${date}/${name}`,
  root: 'r',
  path: `data/${task}/${date}/${name}`,
  name,
  task,
  date,
  format: 'react',
  outcome: null,
  instruction: null,
  properties: {},
  sizeBytes: 1,
  modifiedMs: 1,
  status: 'good',
  durationNs: 1e9,
  ticks: 30,
  streams: 5,
  problems: [],
  listsOthers: false,
  ...more,
});
const entries = [
  entry('pour', '2025-03-02', 'episode_10'),
  entry('pour', '2025-03-02', 'episode_2', { status: 'warning', durationNs: 5e9 }),
  entry('pour', '2025-03-10', 'episode_1', { modifiedMs: 9 }),
  entry('insert', '2025-01-01', 'episode_1', { status: 'error', durationNs: null }),
  entry('insert', '2025-01-01', 'episode_1', { id: 'other/x', root: 'other' }),
];
const query = (more: Partial<LibraryQuery> = {}): LibraryQuery => ({
  text: '',
  choices: [],
  onlyProblems: false,
  sort: 'name',
  folded: new Set(),
  root: 'r',
  prefix: '',
  ...more,
});
const shape = (more: Partial<LibraryQuery> = {}) =>
  libraryRows(entries, query(more)).map((row) =>
    row.kind === 'episode' ? `    ${row.entry.name}` : `${' '.repeat(row.level)}${row.label}`,
  );

describe('firstInTree', () => {
  const root = { id: 'r', prefix: '' };

  it('is the first that can be seen as the tree stands: newest date first', () => {
    expect(firstInTree(entries, root)?.path).toBe('data/pour/2025-03-10/episode_1');
    expect(firstInTree([...entries].reverse(), root)?.path).toBe('data/pour/2025-03-10/episode_1');
    expect(firstInTree(entries, { id: 'r', prefix: 'data/pour/2025-03-02' })?.name).toBe('episode_2');
  });

  it('passes over what cannot be opened, unless there is nothing else', () => {
    const link = entry('pour', '2025-03-11', 'link', { status: 'warning', ticks: null });
    expect(firstInTree([...entries, link], root)?.name).toBe('episode_1');
    expect(firstInTree([link], root)).toBe(link);
    expect(firstInTree([], root)).toBeUndefined();
  });

  it('waits for the recordings of a file that only lists them', () => {
    const index = entry('', '', 'info.json', { status: 'pending', ticks: null, listsOthers: true });
    expect(firstInTree([index], root)).toBeUndefined();
    expect(firstInTree([index, ...entries], root)?.name).toBe('episode_1');
    expect(firstInTree([{ ...index, status: 'error' }], root)?.name).toBe('info.json');
  });
});

describe('libraryRows', () => {
  it('stands as task, date (newest first), episode in natural order, of one root', () => {
    expect(shape()).toEqual([
      ' insert',
      '  2025-01-01',
      '    episode_1',
      ' pour',
      '  2025-03-10',
      '    episode_1',
      '  2025-03-02',
      '    episode_2',
      '    episode_10',
    ]);
  });

  it('tells each row its level, place and siblings', () => {
    const rows = libraryRows(entries, query());
    expect(rows.map(({ level, position, siblings }) => [level, position, siblings])).toEqual([
      [1, 1, 2],
      [2, 1, 1],
      [3, 1, 1],
      [1, 2, 2],
      [2, 1, 2],
      [3, 1, 1],
      [2, 2, 2],
      [3, 1, 2],
      [3, 2, 2],
    ]);
    expect(rows[0]).toMatchObject({ episodes: 1, withProblems: 1 });
  });

  it('folds, except while filtering', () => {
    const folded = new Set(['task pour']);
    expect(shape({ folded })).toEqual([' insert', '  2025-01-01', '    episode_1', ' pour']);
    expect(shape({ folded, text: 'POUR _10' })).toEqual([' pour', '  2025-03-02', '    episode_10']);
  });

  it('names the folders of an entry as their rows are named', () => {
    const rows = libraryRows(entries, query());
    const last = rows.at(-1);
    if (last?.kind !== 'episode') throw new Error('the last row is an episode');
    const ids = folderIds(last.entry);
    expect(rows.filter((row) => ids.includes(row.id)).map((row) => row.level)).toEqual([1, 2]);
    expect(last.parent).toBe(ids[1]);
  });

  it('sorts folders by their best episode', () => {
    expect(shape({ sort: 'longest' })[0]).toBe(' pour');
    expect(shape({ sort: 'longest' })[2]).toBe('    episode_2');
    expect(shape({ sort: 'problems' })[0]).toBe(' insert');
    expect(shape({ sort: 'newest' })[1]).toBe('  2025-03-10');
  });

  it('shows only what lies under the opened folder, by whole names', () => {
    expect(sortEntries(entries, query({ prefix: 'data/pour' }))).toHaveLength(3);
    expect(sortEntries(entries, query({ prefix: 'data/pou' }))).toHaveLength(0);
    expect(sortEntries(entries, query({ prefix: 'data/insert/2025-01-01/episode_1' }))).toHaveLength(1);
  });

  it('keeps only episodes with problems when asked', () => {
    expect(filterEntries(entries, query({ onlyProblems: true })).map((found) => found.status)).toEqual([
      'warning',
      'error',
    ]);
  });
});

describe('recordings inside one file', () => {
  const inside = (file: string, number: number, more: Partial<LibraryEntry> = {}) =>
    entry('lift', '', `demo_${number}`, {
      ...{ id: `r/${file}::demo_${number}`, path: `${file}::demo_${number}`, ...more },
    });
  const all = [inside('a/low_dim.hdf5', 10), inside('a/low_dim.hdf5', 9), inside('b/meta/info.json', 1)];

  it('stand under their file, in numeric order, without a row for a date there is none of', () => {
    const rows = libraryRows(all, query());
    expect(rows.map((row) => [row.level, row.kind === 'episode' ? row.entry.name : row.label])).toEqual([
      [1, 'lift'],
      [2, 'b'],
      [3, 'demo_1'],
      [2, 'low_dim.hdf5'],
      [3, 'demo_9'],
      [3, 'demo_10'],
    ]);
    expect(folderIds(all[0] as LibraryEntry)).toContain(rows[3]?.id);
    expect(rows[5]?.parent).toBe(rows[3]?.id);
    expect(libraryRows(all, query({ folded: new Set([rows[1]?.id ?? '']) }))).toHaveLength(5);
  });

  it('stand under their task alone where the file describes the dataset that was opened', () => {
    const version = libraryRows([inside('rig/1.0.0/dataset_info.json', 1)], query());
    expect(version.flatMap((row) => (row.kind === 'file' ? [row.label] : []))).toEqual(['1.0.0']);
    const [task, first] = libraryRows([inside('meta/info.json', 1)], query());
    expect(first).toMatchObject({ kind: 'episode', level: 2, parent: task?.id });
  });

  it('are listed alone where their file was opened', () => {
    expect(sortEntries(all, query({ prefix: 'a/low_dim.hdf5' }))).toHaveLength(2);
  });
});

describe('ten thousand entries', () => {
  it('are sorted and read once: a key that is typed reads neither order nor words of an entry anew', () => {
    let reads = 0;
    const many = Array.from({ length: 10_000 }, (_, number) => {
      const made = entry(`task ${number % 40}`, '2026-01-01', `episode_${String(number).padStart(6, '0')}`);
      Object.defineProperty(made, 'instruction', {
        get: () => {
          reads += 1;
          return `pick the ${number % 7 === 0 ? 'red' : 'blue'} block`;
        },
      });
      return made;
    });
    const sorted = sortEntries(many, query());
    expect(filterEntries(sorted, query({ text: 'red' }))).toHaveLength(1429);
    expect(reads).toBe(10_000);
    for (const text of ['r', 're', 'red', 'red block']) {
      const found = filterEntries(sorted, query({ text }));
      const rows = rowsOf(found, query({ text }));
      expect(rows.length).toBeGreaterThan(found.length);
    }
    expect(sortEntries(many, query())).toEqual(sorted);
    expect(reads).toBe(10_000);
  });
});

describe('moveInTree', () => {
  const rows = libraryRows(entries, query());
  const ids = rows.map((row) => row.id);

  it('walks with the arrows and stops at the ends', () => {
    expect(moveInTree(rows, null, 'ArrowDown')?.active).toBe(ids[0]);
    expect(moveInTree(rows, ids[0] ?? '', 'ArrowDown')?.active).toBe(ids[1]);
    expect(moveInTree(rows, ids[0] ?? '', 'ArrowUp')?.active).toBe(ids[0]);
    expect(moveInTree(rows, ids[3] ?? '', 'End')?.active).toBe(ids[8]);
    expect(moveInTree([], null, 'ArrowDown')).toBeUndefined();
  });

  it('folds and climbs with left, unfolds and descends with right', () => {
    expect(moveInTree(rows, 'task pour', 'ArrowLeft')).toEqual({
      active: 'task pour',
      fold: { id: 'task pour', isOpen: false },
    });
    expect(moveInTree(rows, ids[2] ?? '', 'ArrowLeft')?.active).toBe(ids[1]);
    expect(moveInTree(rows, 'task pour', 'ArrowRight')?.active).toBe(ids[4]);
    const folded = libraryRows(entries, query({ folded: new Set(['task pour']) }));
    expect(moveInTree(folded, 'task pour', 'ArrowRight')).toEqual({
      active: 'task pour',
      fold: { id: 'task pour', isOpen: true },
    });
    expect(moveInTree(folded, 'task pour', 'ArrowLeft')).toEqual({ active: 'task pour' });
  });

  it('leaves other keys alone', () => {
    expect(moveInTree(rows, ids[0] ?? '', 'KeyA')).toBeUndefined();
  });
});
