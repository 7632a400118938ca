import { expect, it } from 'vitest';
import { firstDifference } from './compatible.ts';

it('names a remedy that a recipe has: streams are chosen, numbers and poses go along', () => {
  const holding = (...names: string[]) => new Map(names.map((name) => [name, 'same']));
  const told = (name: string) =>
    firstDifference({ path: 'a.h5', features: holding('rate', name) }, { path: 'b.h5', features: holding('rate') });
  expect(told('stream cam1')).toBe(
    'a.h5 has the stream cam1 and b.h5 has not: choose the streams in the recipe, or export them apart.',
  );
  expect(told('track board')).toBe('a.h5 has the track board and b.h5 has not: export them apart.');
  expect(
    firstDifference({ path: 'a', features: holding('track x') }, { path: 'b', features: holding('track x') }),
  ).toBeNull();
});
