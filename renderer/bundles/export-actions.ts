import { EXPORT_JOB, type ListedRecipe } from '../../shared/api/bundles.ts';
import { api } from '../app/api.ts';
import { bridge } from '../app/bridge.ts';
import { openEpisode } from '../app/episodes.ts';
import { attempt, notify, sentenceOf } from '../app/notices.ts';
import { openRoot } from '../app/roots.ts';
import { useSession } from '../app/session.ts';
import { showDialog, useView } from '../app/view-state.ts';
import { showNextUndecided } from '../findings/findings-actions.ts';
import { type Draft, faultsOf, folderFor, newDraft } from './draft.ts';
import { NO_EXPORT, useExport } from './export-state.ts';

const state = () => useExport.getState();
/** A person has stopped changing it. */
const REST_MS = 250;
/** How often a plan that takes longer is asked how far it is. */
const LOOK_MS = 500;
/** Other windows have plans of their own. */
const VIEW = `export-${Math.random().toString(36).slice(2)}`;

/** Opens the dialog as it was left, else with the recipe used last in this dataset; with a recording, a recipe of it alone. */
export async function showExport(root: string, path?: string): Promise<void> {
  showDialog('export');
  const isSame = state().root === root && state().draft !== null;
  if (!isSame) useExport.setState({ ...NO_EXPORT, root });
  if (isSame && path === undefined) {
    planSoon(0);
    return;
  }
  try {
    const [{ recipes }, { places, choice }] = await Promise.all([
      api.bundles.recipes({ root }),
      api.bundles.places({ root }),
    ]);
    if (state().root !== root) return;
    const place = places.find(({ id, fault }) => id === choice?.place && fault === null) ?? places[0];
    useExport.setState({ recipes, places, ...(isSame ? {} : { place: place?.id ?? 'own' }) });
    const last = recipes.find(({ name, fault }) => name === choice?.recipe && fault === null);
    if (path === undefined && last) await chooseRecipe(last.name);
    else await beginRecipe(path === undefined ? undefined : [path]);
  } catch (error) {
    useExport.setState({ fault: sentenceOf(error) });
  }
}

export async function chooseRecipe(name: string): Promise<void> {
  const { root } = state();
  if (root === null) return;
  try {
    const { recipe } = await api.bundles.recipe({ root, name });
    if (state().root === root) take(recipe, name);
  } catch (error) {
    useExport.setState({ fault: sentenceOf(error) });
  }
}

/** A new recipe, of these recordings alone where some are named. */
export async function beginRecipe(paths?: readonly string[]): Promise<void> {
  const { root } = state();
  if (root === null) return;
  try {
    const { taxonomy } = await api.taxonomy.get({ root });
    const free = freeName(paths ? (nameOf(paths[0] ?? '') ?? 'recording') : 'rollouts');
    const draft = newDraft(free, taxonomy.version, paths);
    if (paths) draft.units.kinds = ['rollout', 'failure', 'recovery'];
    if (state().root === root) take(draft, null);
  } catch (error) {
    useExport.setState({ fault: sentenceOf(error) });
  }
}

/** "data/a/episode_003.h5" is episode_003. */
function nameOf(path: string): string | undefined {
  return /[\p{L}\p{N}_][\p{L}\p{N} _.,()+-]*$/u.exec(path.replace(/\.[a-z0-9]+$/i, ''))?.[0];
}

function freeName(wanted: string): string {
  const taken = new Set(state().recipes.map(({ name }) => name));
  for (let at = 1; ; at++) {
    const name = at === 1 ? wanted : `${wanted} ${at}`;
    if (!taken.has(name)) return name;
  }
}

function take(draft: Draft, chosen: string | null): void {
  useExport.setState({ draft, chosen, isChanged: false, plan: null, fault: null, job: null, tab: 'units' });
  followName();
  planSoon(0);
}

/** Changes the recipe in hand; its plan follows. */
export function changeDraft(change: Partial<Draft>): void {
  const { draft } = state();
  if (!draft) return;
  useExport.setState({ draft: { ...draft, ...change }, isChanged: true, fault: null });
  followName();
  if (Object.keys(change).some((key) => key !== 'name' && key !== 'description')) planSoon(REST_MS);
}

function followName(): void {
  const { draft, isFolderOwn, root } = state();
  const name = useSession.getState().roots.find(({ id }) => id === root)?.name ?? 'bundle';
  if (draft && !isFolderOwn) useExport.setState({ folder: folderFor(name, draft.name) });
}

let timer: ReturnType<typeof setTimeout> | undefined;
let asked = 0;

/** Makes the plan anew; the one in the making is over then. */
export function planSoon(afterMs: number): void {
  clearTimeout(timer);
  const mine = ++asked;
  const { draft, root } = state();
  if (!draft || root === null) return;
  if (faultsOf(draft).size > 0) {
    useExport.setState({ isPlanning: false, planFault: null });
    return;
  }
  useExport.setState({ isPlanning: true, looked: null });
  timer = setTimeout(async () => {
    const watch = setInterval(async () => {
      const answer = await api.bundles.planning({ view: VIEW }).catch(() => null);
      if (mine === asked && answer && state().isPlanning) useExport.setState({ looked: answer.looked });
    }, LOOK_MS);
    try {
      const plan = await api.bundles.plan({ root, recipe: draft, view: VIEW });
      if (mine === asked) useExport.setState({ plan, planFault: null, isPlanning: false });
    } catch (error) {
      if (mine === asked) useExport.setState({ plan: null, planFault: sentenceOf(error), isPlanning: false });
    } finally {
      clearInterval(watch);
    }
  }, afterMs);
}

export async function saveDraft(): Promise<void> {
  const { root, draft, chosen } = state();
  if (root === null || !draft) return;
  try {
    const { recipes } = await api.bundles.saveRecipe({ root, recipe: draft, replace: draft.name === chosen });
    useExport.setState({ recipes, chosen: draft.name, isChanged: false, fault: null });
    notify('good', `The recipe ${draft.name} is saved in the dataset.`);
  } catch (error) {
    useExport.setState({ fault: sentenceOf(error) });
  }
}

export async function deleteChosen(): Promise<void> {
  const { root, chosen } = state();
  if (root === null || chosen === null) return;
  try {
    const { recipes } = await api.bundles.deleteRecipe({ root, name: chosen });
    // What was in it stays in hand, as a recipe that is not saved.
    useExport.setState({ recipes, chosen: null, isChanged: true, fault: null });
    notify('good', `The recipe ${chosen} is deleted.`);
  } catch (error) {
    useExport.setState({ fault: sentenceOf(error) });
  }
}

/** Where the desktop shell can ask for a folder. */
export async function choosePlace(): Promise<void> {
  const { root } = state();
  if (root === null) return;
  const grant = await attempt(() => bridge.chooseFolder('bundles'));
  if (grant === undefined) return;
  const answer = await attempt(() => api.bundles.places({ root, grant }));
  if (answer) useExport.setState({ places: answer.places, place: grant, fault: null });
}

/** Looks whether a bundle can go there once a person has stopped typing; answers the way to give it up. */
export function followDestination(place: string, folder: string): () => void {
  let isOver = false;
  const wait = setTimeout(async () => {
    const fault = await api.bundles.destination({ place, folder }).then(({ fault }) => fault, sentenceOf);
    if (!isOver) useExport.setState({ folderFault: fault });
  }, REST_MS);
  return () => {
    isOver = true;
    clearTimeout(wait);
  };
}

export async function startExport(): Promise<void> {
  const { root, draft, place, folder, chosen, isChanged } = state();
  if (root === null || !draft) return;
  useExport.setState({ fault: null });
  try {
    const job = await api.jobs.start({ kind: EXPORT_JOB, options: { root, recipe: draft, place, folder } });
    useExport.setState({ job: job.id });
    const recipe = isChanged ? null : chosen;
    await api.bundles.remember({ root, choice: { recipe, place } });
  } catch (error) {
    useExport.setState({ fault: sentenceOf(error) });
  }
}

/** Back to the recipe, after an export or instead of one that failed. */
export function leaveJob(): void {
  useExport.setState({ job: null, fault: null });
  planSoon(0);
}

/** Shows a moment of the plan; the dialog is kept as it is. */
export async function openMoment(episode: string, ticks: readonly [number, number] | null): Promise<void> {
  showDialog(null);
  useView.setState({ screen: 'episode' });
  const { root } = state();
  notify('info', 'The export is kept as it was.', {
    label: 'Back to the export',
    run: () => {
      if (root !== null) void showExport(root);
    },
  });
  await openEpisode(episode, ticks ? { from: ticks[0], to: ticks[1] } : undefined);
}

/** The queue, at a finding that nobody decided on. */
export async function openUndecided(episode: string, tick: number | null): Promise<void> {
  await openMoment(episode, tick === null ? null : [tick, tick]);
  showNextUndecided();
}

/** The finished bundle becomes a dataset that is open. */
export async function openBundle(grant: string): Promise<void> {
  showDialog(null);
  useView.setState({ screen: 'episode' });
  await openRoot(grant);
}

/** Recipes that can be taken, and those that cannot with their sentence. */
export function usableFirst(recipes: readonly ListedRecipe[]): ListedRecipe[] {
  return [...recipes].sort((a, b) => Number(a.fault !== null) - Number(b.fault !== null));
}
