import { expect, it } from 'vitest';
import type { LibraryEntry } from '../../shared/api/library.ts';
import { type Choice, facetsOf, keepPlaces, matcherOf, toggleChoice } from './facets.ts';

const entry = (id: string, more: Partial<LibraryEntry>): LibraryEntry =>
  ({
    ...{ id, path: id, name: id, task: 'pour', date: '', format: 'react', status: 'good' },
    ...{ outcome: null, instruction: null, properties: {}, ...more },
  }) as LibraryEntry;
const entries = [
  entry('a', { format: 'rollout', outcome: 'success', properties: { operator: 'Diana', return: 1.5 } }),
  entry('b', { format: 'rollout', outcome: 'failure', properties: { operator: 'Ben', return: 2.5 } }),
  entry('c', { format: 'lerobot', instruction: 'Fold the TOWEL', properties: { operator: 'Diana' } }),
  entry('d', { format: 'lerobot', status: 'pending' }),
];
const found = (text: string, choices: Choice[] = []) => entries.filter(matcherOf(text, choices)).map(({ id }) => id);

it('searches instruction and properties as well as names, every word', () => {
  expect(found('towel')).toEqual(['c']);
  expect(found('diana roll')).toEqual(['a']);
  expect(found('')).toHaveLength(4);
});

it('takes any of one facet and all of several', () => {
  const rollouts = { facet: 'format', value: 'rollout' };
  const diana = { facet: 'property:operator', value: 'Diana' };
  expect(found('', [rollouts, { facet: 'format', value: 'lerobot' }])).toHaveLength(4);
  expect(found('', [rollouts, diana])).toEqual(['a']);
  expect(found('', [{ facet: 'outcome', value: '' }])).toEqual(['c']);
});

it('offers what is there and has a choice in it', () => {
  const facets = facetsOf(entries, []);
  expect(facets.map(({ label }) => label)).toEqual(['Format', 'Outcome', 'Operator', 'Return']);
  expect(facets[1]?.values).toEqual([
    { value: '', label: 'Not stated', count: 1 },
    { value: 'failure', label: 'failure', count: 1 },
    { value: 'success', label: 'success', count: 1 },
  ]);
  expect(facets[2]?.values[0]).toMatchObject({ value: 'Diana', count: 2 });
  const measured = Array.from({ length: 100 }, (_, at) => entry(`m${at}`, { properties: { return: at / 3 } }));
  expect(facetsOf(measured, [])).toEqual([]);
});

it('calls formats by their names', () => {
  const [format] = facetsOf(entries, [], { rollout: 'Rollout artifacts' });
  expect(format?.values.map(({ value, label }) => [value, label])).toEqual([
    ['lerobot', 'lerobot'],
    ['rollout', 'Rollout artifacts'],
  ]);
});

it('toggles a choice', () => {
  const choice = { facet: 'format', value: 'rollout' };
  expect(toggleChoice([], choice)).toEqual([choice]);
  expect(toggleChoice([choice], choice)).toEqual([]);
});

it('does not say a format that nobody has looked for', () => {
  const unread = entry('e', { format: '', status: 'pending' });
  const [format] = facetsOf([...entries, unread], []);
  expect(format?.values.map(({ value }) => value)).toEqual(['lerobot', 'rollout']);
});

it('keeps every value where it stands while a list grows and shrinks', () => {
  const names = (facets: ReturnType<typeof facetsOf>) =>
    facets.map(({ label, values }) => `${label}: ${values.map(({ value, count }) => `${value} ${count}`).join(', ')}`);
  const before = facetsOf(entries.slice(0, 3), []);
  expect(names(before)).toEqual([
    'Format: rollout 2, lerobot 1',
    'Outcome:  1, failure 1, success 1',
    'Operator: Diana 2, Ben 1',
    'Return: 1.5 1, 2.5 1',
  ]);
  const more = [2, 3, 4].map((at) =>
    entry(`r${at}`, { format: 'react', task: 'fold', properties: { operator: 'Cleo' } }),
  );
  const grown = keepPlaces(before, facetsOf([...entries.slice(1, 3), ...more], []));
  expect(names(grown)).toEqual([
    'Format: rollout 1, lerobot 1, react 3',
    'Outcome:  4, failure 1, success 0',
    'Operator: Diana 1, Ben 1, Cleo 3',
    // One value is no choice, but it was one when the menu was opened.
    'Return: 1.5 0, 2.5 0',
    'Task: fold 3, pour 2',
  ]);
});
