import { describe, expect, it } from 'vitest';
import { allOf, extended, NOTHING_CHOSEN, stillThere, type TreeSelection, toggled } from './selection.ts';
import type { LibraryRow } from './tree.ts';

const row = (id: string, kind: LibraryRow['kind'], level: number) => ({ id, kind, level }) as LibraryRow;
const rows = [
  row('task', 'task', 1),
  row('monday', 'date', 2),
  row('a', 'episode', 3),
  row('b', 'episode', 3),
  row('tuesday', 'date', 2),
  row('c', 'episode', 3),
];
const ids = (selection: TreeSelection) => [...selection.ids].sort();

describe('choosing episodes in the list', () => {
  it('adds and takes away one, and all that a folder shows', () => {
    const one = toggled(NOTHING_CHOSEN, rows, 'b');
    expect(ids(one)).toEqual(['b']);
    const folder = toggled(one, rows, 'monday');
    expect(ids(folder)).toEqual(['a', 'b']);
    expect(ids(toggled(folder, rows, 'task'))).toEqual(['a', 'b', 'c']);
    expect(ids(toggled(folder, rows, 'monday'))).toEqual([]);
    expect(ids(toggled(one, rows, 'gone'))).toEqual(['b']);
  });

  it('takes a range from the anchor, either way, folders passed over', () => {
    const from = toggled(NOTHING_CHOSEN, rows, 'b');
    const down = extended(from, rows, 'a', 'c');
    expect(ids(down)).toEqual(['b', 'c']);
    expect(ids(extended(down, rows, 'c', 'a'))).toEqual(['a', 'b']);
    expect(ids(extended(NOTHING_CHOSEN, rows, 'a', 'b'))).toEqual(['a', 'b']);
    expect(ids(extended({ ids: new Set(), anchor: 'gone' }, rows, null, 'c'))).toEqual(['c']);
  });

  it('takes all, and lets go of what is not there any more', () => {
    const all = allOf(rows);
    expect(ids(all)).toEqual(['a', 'b', 'c']);
    expect(stillThere(all, () => true)).toBe(all);
    expect(ids(stillThere(all, (id) => id !== 'b'))).toEqual(['a', 'c']);
  });
});
