import { expect, it } from 'vitest';
import { parseFilters } from './kept-filters.ts';

it('are taken over as far as they are understood', () => {
  const kept = { choices: [{ facet: 'format', value: 'rollout' }], onlyProblems: true, sort: 'newest' };
  expect(parseFilters(JSON.stringify(kept))).toEqual(kept);
  expect(parseFilters('{"choices":[7,{"facet":"x"}],"sort":"by colour"}')).toEqual({
    ...{ choices: [], onlyProblems: false, sort: 'name' },
  });
  expect(parseFilters('{')).toEqual({ choices: [], onlyProblems: false, sort: 'name' });
  expect(parseFilters(null).sort).toBe('name');
});
