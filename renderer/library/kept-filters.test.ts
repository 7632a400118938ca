import { expect, it, vi } from 'vitest';

// The client wants to know where the page came from, which there is none of here.
vi.mock('../app/api.ts', () => ({ api: {} }));
const { parseFilters } = await import('./kept-filters.ts');

it('are taken over as far as they are understood', () => {
  const kept = { choices: [{ facet: 'format', value: 'rollout' }], onlyProblems: true, sort: 'newest' };
  expect(parseFilters(kept)).toEqual(kept);
  expect(parseFilters({ choices: [7, { facet: 'x' }], sort: 'by colour' })).toEqual({
    ...{ choices: [], onlyProblems: false, sort: 'name' },
  });
  expect(parseFilters('{')).toEqual({ choices: [], onlyProblems: false, sort: 'name' });
  expect(parseFilters(null).sort).toBe('name');
});
