import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type ListedRecipe, nameFault } from '../../../shared/api/bundles.ts';
import { type Recipe, readRecipe } from '../../../shared/bundles/recipe.ts';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import { ownFolder } from '../../review/own-folder.ts';
import { writeAtomically } from '../../settings/atomic-write.ts';
import { readPlainFile } from '../../settings/read-plain-file.ts';

const FOLDER = ['recipes'];
const ENDING = '.json';
/** Far beyond any recipe. */
const LIMIT_BYTES = 2 ** 20;
const MOST = 500;

/** The recipes of a dataset, by name. One that cannot be used is told with its sentence. */
export async function listRecipes(storageDir: string): Promise<ListedRecipe[]> {
  const folder = await ownFolder(storageDir, FOLDER, false);
  if (folder === undefined) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new Fault('UNUSABLE', sentenceOf(error, folder));
  });
  const names = entries
    .filter((entry) => entry.name.endsWith(ENDING) && !entry.isDirectory())
    .map((entry) => entry.name.slice(0, -ENDING.length))
    .filter((name) => nameFault(name, 'A recipe') === null)
    .sort((a, b) => a.localeCompare(b, 'en'));
  const listed: ListedRecipe[] = [];
  for (const name of names.slice(0, MOST)) {
    const read = await readOne(folder, name);
    listed.push({ name, fault: typeof read === 'string' ? read : null });
  }
  return listed;
}

/** Rejects with Fault where it is not there or cannot be used. Its name is that of its file, whatever stands in it. */
export async function readStoredRecipe(storageDir: string, name: string): Promise<Recipe> {
  const folder = await ownFolder(storageDir, FOLDER, false);
  const read = folder === undefined ? undefined : await readOne(folder, checkedName(name));
  if (read === undefined) throw new Fault('NOT_FOUND', `There is no recipe ${name} in this dataset any more.`);
  if (typeof read === 'string') throw new Fault('UNUSABLE', read);
  return { ...read, name };
}

/** Under its own name. What cannot be read is never written over, nor is a recipe unless `replace` says so. */
export async function saveRecipe(storageDir: string, recipe: Recipe, replace: boolean): Promise<void> {
  const name = checkedName(recipe.name);
  const folder = (await ownFolder(storageDir, FOLDER, true)) as string;
  const there = await readOne(folder, name);
  if (typeof there === 'string') throw new Fault('REFUSED', `${there} It is left as it is: save under another name.`);
  if (there !== undefined && !replace)
    throw new Fault('REFUSED', `There is a recipe ${name} already: save under another name, or replace it.`);
  const file = path.join(folder, `${name}${ENDING}`);
  await writeAtomically(file, `${JSON.stringify(recipe, null, 2)}\n`).catch((error: unknown) => {
    throw new Fault('UNUSABLE', `The recipe was not saved. ${sentenceOf(error, file)}`);
  });
}

/** Only one that can be read: what another version wrote is left to it. */
export async function deleteRecipe(storageDir: string, name: string): Promise<void> {
  await readStoredRecipe(storageDir, name);
  const folder = (await ownFolder(storageDir, FOLDER, false)) as string;
  const file = path.join(folder, `${name}${ENDING}`);
  await rm(file).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'ENOENT') throw new Fault('UNUSABLE', sentenceOf(error, file));
  });
}

function checkedName(name: string): string {
  const fault = nameFault(name, 'A recipe');
  if (fault !== null) throw new Fault('REFUSED', fault);
  return name;
}

/** Undefined where it is not there; a sentence where it cannot be used. */
async function readOne(folder: string, name: string): Promise<Recipe | string | undefined> {
  const file = path.join(folder, `${name}${ENDING}`);
  let text: string | undefined;
  try {
    text = await readPlainFile(file, LIMIT_BYTES, 'a recipe');
  } catch (error) {
    return sentenceOf(error, file);
  }
  if (text === undefined) return undefined;
  try {
    return readRecipe(JSON.parse(text), file);
  } catch {
    return `${file} is no JSON: correct it, or take it away.`;
  }
}
