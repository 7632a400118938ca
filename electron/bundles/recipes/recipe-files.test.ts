import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RECIPE_SCHEMA, type Recipe, readRecipe } from '../../../shared/bundles/recipe.ts';
import { deleteRecipe, listRecipes, readStoredRecipe, saveRecipe } from './recipe-files.ts';

const recipe = (name: string): Recipe =>
  readRecipe({ schema: RECIPE_SCHEMA, name, targets: ['regrasp'], taxonomyVersion: 1 }, 'it') as Recipe;

describe('recipes of a dataset', () => {
  let base: string;
  let storage: string;
  const folder = () => path.join(storage, 'recipes');
  beforeEach(() => {
    base = mkdtempSync(path.join(os.tmpdir(), 'regrasp recipes '));
    storage = path.join(base, '.regrasp');
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('are kept by name, read back as they were, replaced on request and deleted', async () => {
    expect(await listRecipes(storage)).toEqual([]);
    await saveRecipe(storage, recipe('grasp slips'), false);
    await saveRecipe(storage, recipe('Äste'), false);
    expect((await listRecipes(storage)).map(({ name }) => name)).toEqual(['Äste', 'grasp slips']);
    expect(await readStoredRecipe(storage, 'grasp slips')).toEqual(recipe('grasp slips'));
    const changed = { ...recipe('grasp slips'), description: 'of May' };
    await expect(saveRecipe(storage, changed, false)).rejects.toThrow('There is a recipe grasp slips already');
    await saveRecipe(storage, changed, true);
    expect((await readStoredRecipe(storage, 'grasp slips')).description).toBe('of May');
    await deleteRecipe(storage, 'grasp slips');
    await expect(readStoredRecipe(storage, 'grasp slips')).rejects.toThrow('no recipe grasp slips');
    expect(readdirSync(folder())).toEqual(['Äste.json']);
  });

  it.each(['', ' ', '../up', 'a/b', 'a\\b', '.hidden', 'nul', 'CON.x', 'dot.', 'a\0b', 'x'.repeat(101)])(
    'are called nothing that a file cannot be: %j',
    async (name) => {
      await expect(saveRecipe(storage, { ...recipe('a'), name }, true)).rejects.toMatchObject({ code: 'REFUSED' });
      await expect(readStoredRecipe(storage, name)).rejects.toThrow();
      await expect(deleteRecipe(storage, name)).rejects.toThrow();
      expect(existsSync(folder()) ? readdirSync(folder()) : []).toEqual([]);
    },
  );

  it('that cannot be used are told and left as they are', async () => {
    await saveRecipe(storage, recipe('good'), false);
    const newer = JSON.stringify({ schema: 'regrasp.recipe/9', name: 'newer' });
    writeFileSync(path.join(folder(), 'newer.json'), newer);
    writeFileSync(path.join(folder(), 'broken.json'), '{');
    writeFileSync(path.join(base, 'secret.json'), JSON.stringify(recipe('secret')));
    symlinkSync(path.join(base, 'secret.json'), path.join(folder(), 'linked.json'));
    const listed = new Map((await listRecipes(storage)).map(({ name, fault }) => [name, fault]));
    expect(listed.get('good')).toBeNull();
    expect(listed.get('newer')).toContain('newer version (regrasp.recipe/9)');
    expect(listed.get('broken')).toContain('is no JSON');
    expect(listed.get('linked')).toContain('is a link and was not followed');
    for (const name of ['newer', 'broken', 'linked']) {
      await expect(saveRecipe(storage, recipe(name), true)).rejects.toThrow('left as it is');
      await expect(deleteRecipe(storage, name)).rejects.toMatchObject({ code: 'UNUSABLE' });
    }
    expect(readFileSync(path.join(folder(), 'newer.json'), 'utf8')).toBe(newer);
    expect(readFileSync(path.join(folder(), 'broken.json'), 'utf8')).toBe('{');
  });

  it('are not looked for behind a link', async () => {
    mkdirSync(storage);
    mkdirSync(path.join(base, 'elsewhere'));
    symlinkSync(path.join(base, 'elsewhere'), folder());
    await expect(listRecipes(storage)).rejects.toThrow('is a link');
    await expect(saveRecipe(storage, recipe('a'), false)).rejects.toThrow('is a link');
    expect(readdirSync(path.join(base, 'elsewhere'))).toEqual([]);
  });
});
