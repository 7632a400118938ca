import { describe, expect, it } from 'vitest';
import { everything, recipe } from '../../test/support/export-plans.ts';
import { RECIPE_SCHEMA, readRecipe } from './recipe.ts';

describe('a recipe', () => {
  it.each([
    [null, 'x.json is no recipe: its "schema" should say "regrasp.recipe/1".'],
    [
      { schema: 'regrasp.recipe/2' },
      'x.json was written by a newer version (regrasp.recipe/2): open it with that one.',
    ],
    [{ schema: RECIPE_SCHEMA, name: 'a', targets: [], taxonomyVersion: 1 }, '"targets" does not fit'],
    [
      { schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp', 'regrasp'], taxonomyVersion: 1 },
      '"targets" does not fit ("regrasp" is there twice)',
    ],
    [
      {
        ...{ schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1 },
        units: { kinds: ['rollout', 'segment', 'rollout'] },
      },
      '"units.kinds" does not fit ("rollout" is there twice)',
    ],
    [{ schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1, wat: 1 }, 'wat'],
    [
      {
        ...{ schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1 },
        rate: { numerator: 240_000, denominator: 1 },
      },
      '"rate" does not fit (asks for more than 1000 frames a second)',
    ],
    [
      { schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1, split: { shares: { train: 0.5 } } },
      'add up to one',
    ],
    [
      { schema: RECIPE_SCHEMA, name: 'a', targets: ['regrasp'], taxonomyVersion: 1, split: { shares: { '../a': 1 } } },
      'is made of small letters, digits and "_"',
    ],
  ])('that cannot be used is told in one sentence: %o', (value, sentence) => {
    expect(readRecipe(value, 'x.json')).toContain(sentence);
  });

  it('reads back as itself', () => {
    const written = recipe(everything);
    expect(readRecipe(JSON.parse(JSON.stringify(written)), 'x.json')).toEqual(written);
  });
});
