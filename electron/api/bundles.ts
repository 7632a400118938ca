import { OWN_PLACE } from '../bundles/plan/places.ts';
import { deleteRecipe, listRecipes, readStoredRecipe, saveRecipe } from '../bundles/recipes/recipe-files.ts';
import { procedures } from './implementer.ts';
import type { Services } from './services.ts';

export const bundleProcedures = {
  recipes: procedures.bundles.recipes.handler(async ({ context, input }) => ({
    recipes: await listRecipes(storageOf(context, input.root)),
  })),
  recipe: procedures.bundles.recipe.handler(async ({ context, input }) => ({
    recipe: await readStoredRecipe(storageOf(context, input.root), input.name),
  })),
  saveRecipe: procedures.bundles.saveRecipe.handler(async ({ context, input: { root, recipe, replace } }) => {
    await saveRecipe(storageOf(context, root), recipe, replace);
    return { recipes: await listRecipes(storageOf(context, root)) };
  }),
  deleteRecipe: procedures.bundles.deleteRecipe.handler(async ({ context, input: { root, name } }) => {
    await deleteRecipe(storageOf(context, root), name);
    return { recipes: await listRecipes(storageOf(context, root)) };
  }),
  plan: procedures.bundles.plan.handler(({ context, input, signal }) => context.planExport(input, signal)),
  planning: procedures.bundles.planning.handler(({ context, input: { view } }) => ({
    looked: context.planLooked(view),
  })),
  places: procedures.bundles.places.handler(async ({ context, input: { root, grant } }) => {
    const { choice, places } = await context.memory.exports(root);
    const ids = [...new Set([...(grant === undefined ? [] : [grant]), ...places, OWN_PLACE])];
    return { places: await Promise.all(ids.map((id) => context.bundlePlaces.about(id))), choice };
  }),
  destination: procedures.bundles.destination.handler(({ context, input: { place, folder } }) =>
    context.bundlePlaces.destination(place, folder),
  ),
  remember: procedures.bundles.remember.handler(async ({ context, input: { root, choice } }) => {
    await context.memory.rememberExport(root, choice);
    return {};
  }),
};

function storageOf({ roots }: Services, root: string): string {
  return roots.get(root).storage.folder;
}
