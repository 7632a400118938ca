import { expect, it } from 'vitest';
import { RECIPE_SCHEMA } from '../../../shared/bundles/recipe.ts';
import { readTaxonomy } from '../../review/index.ts';
import type { PlanContext } from './gather.ts';
import { planExport } from './plan-export.ts';

it('refuses a recipe for codes of another version before any recording is opened', async () => {
  const context = {
    taxonomy: () => readTaxonomy([]),
    open: () => Promise.reject(new Error('A recording was opened.')),
    episodes: [{ id: 'a', path: 'a.h5' }],
  } as unknown as PlanContext;
  const { version } = (await readTaxonomy([])).taxonomy;
  const recipe = { schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: version + 1 };
  await expect(planExport(context, recipe)).rejects.toThrow(
    `was made for codes of version ${version + 1} and those here are of version ${version}: look through`,
  );
});

it('says of recordings that a recipe names and that are not here that they are not', async () => {
  const context = {
    taxonomy: () => readTaxonomy([]),
    episodes: [{ id: 'a', path: 'a.h5', fault: 'It is damaged.' }],
    progress: () => undefined,
    signal: new AbortController().signal,
  } as unknown as PlanContext;
  const { version } = (await readTaxonomy([])).taxonomy;
  const recipe = { schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: version };
  const notes = async (...paths: string[]) =>
    (await planExport(context, { ...recipe, episodes: { paths } })).plan.warnings.join(' ');
  expect(await notes('a.h5')).not.toContain('not among');
  expect(await notes('a.h5', 'gone.h5')).toContain('names gone.h5, which is not among the recordings here');
  expect(await notes('x.h5', 'gone.h5')).toContain('names x.h5 and 1 more, which are not among the recordings here');
});
