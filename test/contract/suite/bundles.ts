import { safe } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { RECIPE_SCHEMA, type Recipe, readRecipe } from '../../../shared/bundles/recipe.ts';
import { expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** Recipes of a dataset, the plan of one, and where bundles go. */
export function describeBundles(stage: ContractStage): void {
  describe('bundles', () => {
    const recipe = (more: Record<string, unknown> = {}): Recipe =>
      readRecipe(
        { schema: RECIPE_SCHEMA, name: 'all of it', targets: ['regrasp'], taxonomyVersion: 1, ...more },
        'it',
      ) as Recipe;

    it('keeps recipes in the dataset', async () => {
      const { bundles } = stage.door.client;
      const { root } = stage;
      expect(await bundles.recipes({ root })).toEqual({ recipes: [] });
      const kept = { recipes: [{ name: 'all of it', fault: null }] };
      expect(await bundles.saveRecipe({ root, recipe: recipe(), replace: false })).toEqual(kept);
      await expectFault(bundles.saveRecipe({ root, recipe: recipe(), replace: false }), 'REFUSED');
      expect(await bundles.recipe({ root, name: 'all of it' })).toEqual({ recipe: recipe() });
      for (const name of ['../settings', 'none', ''])
        expect((await safe(bundles.recipe({ root, name }))).error, name).toBeTruthy();
      expect(await bundles.deleteRecipe({ root, name: 'all of it' })).toEqual({ recipes: [] });
    });

    it('plans what a recipe takes, writes nothing, and says what stops it', async () => {
      const { bundles } = stage.door.client;
      const asked = { root: stage.root, view: 'suite' };
      const paths = [stage.fixture.good];
      const plan = await bundles.plan({ ...asked, recipe: recipe({ episodes: { paths } }) });
      expect(plan.units).toMatchObject([{ episode: stage.good(), kind: 'rollout', startNs: 0, split: 'train' }]);
      expect(plan.totals).toMatchObject({ recordings: 1, frames: plan.units[0]?.frames });
      expect(plan.totals.bytes).toBeGreaterThan(0);
      expect(plan.leftOut.map(({ path }) => path)).toContain(stage.fixture.notHdf5);
      expect(plan.streams.map(({ id }) => id)).toContain('realsense/cam0/color');
      const all = await bundles.plan({ ...asked, recipe: recipe() });
      expect(all.refusals.map(({ path }) => path)).toContain(stage.fixture.notHdf5);
      await expectFault(bundles.plan({ ...asked, recipe: { schema: 'regrasp.recipe/9' } }), 'REFUSED');
    });

    it('takes no path from a window', async () => {
      const { bundles } = stage.door.client;
      const { places, choice } = await bundles.places({ root: stage.root });
      expect(choice).toBeNull();
      expect(places).toMatchObject([{ id: 'own', fault: null }]);
      const granted = await stage.door.grant(stage.fixture.dataset);
      const [inside] = (await bundles.places({ root: stage.root, grant: granted })).places;
      expect(inside).toMatchObject({ id: granted, freeBytes: null });
      expect(inside?.fault).toContain('lies within the recordings');
      for (const [place, folder] of [
        ['own', '../out'],
        ['own', '/tmp/out'],
        ['/tmp', 'out'],
        [granted, 'out'],
      ] as const) {
        expect((await bundles.destination({ place, folder })).fault, folder).toBeTruthy();
      }
      await bundles.remember({ root: stage.root, choice: { recipe: 'all of it', place: 'own' } });
      expect((await bundles.places({ root: stage.root })).choice).toEqual({ recipe: 'all of it', place: 'own' });
    });
  });
}
