import { expect, it } from 'vitest';
import type { LibraryEntry } from '../../shared/api/library.ts';
import { batchEntries, type EntryChange } from './entry-batches.ts';

const entry = (id: string, name = id) => ({ id, name }) as LibraryEntry;

it('applies the first change at once and a storm of others in one go, the last word of each counting', () => {
  const applied: EntryChange[] = [];
  const timers: (() => void)[] = [];
  const accept = batchEntries(
    (change) => applied.push(change),
    (run) => timers.push(run),
  );
  accept({ entries: [entry('a')], removed: [] });
  expect(applied).toEqual([{ entries: [entry('a')], removed: [] }]);
  for (let index = 0; index < 100; index += 1) accept({ entries: [entry('b', `b ${index}`)], removed: [] });
  accept({ entries: [entry('c')], removed: ['a'] });
  accept({ entries: [], removed: ['c'] });
  expect(applied).toHaveLength(1);
  timers.shift()?.();
  expect(applied[1]).toEqual({ entries: [entry('b', 'b 99')], removed: ['a', 'c'] });
  timers.shift()?.();
  expect(applied).toHaveLength(2);
  accept({ entries: [entry('d')], removed: [] });
  expect(applied[2]).toEqual({ entries: [entry('d')], removed: [] });
});
