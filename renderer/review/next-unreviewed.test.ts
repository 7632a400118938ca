import { expect, it } from 'vitest';
import type { LibraryEntry } from '../../shared/api/library.ts';
import { firstUnreviewed, type Told } from './next-unreviewed.ts';

it('finds the next episode without an outcome, past the broken ones and round the end, asking each place once', async () => {
  const entry = (date: string, listsOthers = false) => ({ task: 'lift', date, listsOthers }) as LibraryEntry;
  const entries = new Map([
    ['a', entry('1')],
    ['b', entry('1')],
    ['c', entry('2')],
    ['list', entry('2', true)],
    ['d', entry('2')],
  ]);
  const asked: string[] = [];
  const said = (episode: string, outcome: unknown, fault: string | null = null): Told => ({
    ...{ episode, fault },
    review: { own: { outcome } },
  });
  const told = async (_task: string, date: string): Promise<Told[]> => {
    asked.push(date);
    return date === '1'
      ? [said('a', null), said('b', { value: 'success' })]
      : [said('c', null, 'Cut short.'), { episode: 'd', fault: null, review: null }];
  };
  const order = ['a', 'b', 'c', 'list', 'd'];
  expect(await firstUnreviewed(order, 'a', entries, told)).toBe('d');
  expect(asked).toEqual(['1', '2']);
  expect(await firstUnreviewed(order, 'd', entries, told)).toBe('a');
  expect(await firstUnreviewed(['b', 'c'], 'b', entries, told)).toBeNull();
  expect(await firstUnreviewed(order, null, entries, told)).toBe('a');
});
