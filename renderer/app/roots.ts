import { safe } from '@orpc/client';
import type { Root } from '../../shared/api/library.ts';
import { parseAddress } from '../../shared/episode/address.ts';
import { firstInTree } from '../library/tree.ts';
import { api } from './api.ts';
import { loadEntries } from './entry-list.ts';
import { closeEpisode, openEpisode } from './episodes.ts';
import { attempt, notify, sentenceOf } from './notices.ts';
import { useSession } from './session.ts';
import { loadDatasetSettings } from './settings.ts';

/** Opening, choosing and closing datasets. Paths never come from here: a grant stands for what a person chose. */

const LAST_ROOT = 'regrasp.lastRoot';
let isFirstHello = true;
/** Dataset on screen whose first episode had not been found when it was to be opened. */
let rootWithoutFirst: string | null = null;

/** Opens what a grant stands for and shows it. A failure becomes a notice. */
export async function openRoot(grant: string): Promise<void> {
  const root = await attempt(() => api.roots.open({ grant }));
  if (!root) return;
  acceptRoot(root);
  await showRoot(root.id);
}

/** What the workstation has open when the event stream begins, or begins again. */
export async function acceptRoots(roots: Root[]): Promise<void> {
  useSession.setState({ roots });
  const { root: shown } = useSession.getState();
  if (shown && roots.some((candidate) => candidate.id === shown)) {
    await loadLibrary(shown);
    return;
  }
  const last = readLastRoot();
  const chosen = roots.find((candidate) => candidate.id === last) ?? roots[0];
  if (!chosen) return;
  // The address of the page may lie in any of them.
  await Promise.all(roots.filter((candidate) => candidate !== chosen).map((candidate) => loadLibrary(candidate.id)));
  await selectRoot(chosen.id);
  if (!isNothingOpen()) return;
  const isFirst = isFirstHello;
  isFirstHello = false;
  const address = isFirst ? parseAddress(location.hash) : null;
  if (address && !(await openAddress(location.hash)) && isNothingOpen()) {
    // Another episode in its place would be taken for the one that was asked for.
    const message = notThere(address.episode);
    useSession.setState({ openFault: { episode: `${chosen.id}/${address.episode}`, message, described: undefined } });
  }
  if (isNothingOpen()) await openFirst(chosen.id);
}

export function acceptRoot(root: Root): void {
  useSession.setState(({ roots }) => ({
    roots: roots.some((candidate) => candidate.id === root.id)
      ? roots.map((candidate) => (candidate.id === root.id ? root : candidate))
      : [...roots, root],
  }));
}

/** Shows a dataset that is open, and its first episode. */
export async function showRoot(id: string): Promise<void> {
  await selectRoot(id);
  await openFirst(id);
}

async function selectRoot(id: string): Promise<void> {
  useSession.setState({ root: id });
  writeLastRoot(id);
  await Promise.all([loadLibrary(id), loadDatasetSettings(id)]);
}

/** Opens what was asked for with the dataset, else its first usable episode; while a scan runs, as soon as there is one. */
async function openFirst(id: string): Promise<void> {
  const { roots, root, entries } = useSession.getState();
  const chosen = roots.find((candidate) => candidate.id === id);
  if (!chosen || root !== id) return;
  const inside = [...entries.values()].filter((entry) => entry.root === id && entry.path.startsWith(chosen.prefix));
  const first = inside.find((entry) => entry.id === chosen.focus) ?? firstInTree(inside, chosen);
  rootWithoutFirst = first ? null : id;
  if (first) await openEpisode(first.id);
}

/** To be called when entries have come: opens the first one where openFirst found none. */
export function openAwaitedFirst(): void {
  if (rootWithoutFirst !== null && isNothingOpen()) void openFirst(rootWithoutFirst);
}

export async function closeRoot(id: string): Promise<void> {
  if ((await attempt(() => api.roots.close({ root: id }))) === undefined) return;
  const { open, openFault } = useSession.getState();
  if (open?.episode.root === id || openFault?.episode.startsWith(`${id}/`)) closeEpisode();
  useSession.setState((session) => ({
    roots: session.roots.filter((root) => root.id !== id),
    entries: new Map([...session.entries].filter(([, entry]) => entry.root !== id)),
    root: session.root === id ? null : session.root,
    datasetSettings: session.root === id ? null : session.datasetSettings,
  }));
  const next = useSession.getState().roots[0];
  if (useSession.getState().root === null && next) await showRoot(next.id);
}

/**
 * Goes to an address ("#episode=…&t=…") in one of the open datasets; answers whether it could. One that leads nowhere costs
 * a sentence and never the episode on screen.
 */
export async function openAddress(text: string): Promise<boolean> {
  const address = parseAddress(text);
  if (!address) return false;
  const { roots, root, entries, open, opening } = useSession.getState();
  const here = [...roots].sort((a, b) => Number(b.id === root) - Number(a.id === root));
  const idIn = (candidate: Root) => `${candidate.id}/${address.episode}`;
  const listed = here.find((candidate) => entries.has(idIn(candidate)));
  if (listed) return openEpisode(idIn(listed), address.at);
  try {
    for (const candidate of here) {
      const id = idIn(candidate);
      // Its list may still be on its way here, as right after the page was loaded.
      const isWholeHere = !candidate.scanning && [...entries.values()].some((entry) => entry.root === candidate.id);
      if (isWholeHere || !(await isThere(id))) continue;
      const now = useSession.getState();
      // Something else was asked for meanwhile.
      if (now.open !== open || now.opening !== opening) return false;
      return await openEpisode(id, address.at);
    }
  } catch (error) {
    notify('bad', sentenceOf(error));
    return false;
  }
  if (here.length > 0) notify('bad', notThere(address.episode));
  return false;
}

const notThere = (episode: string) => `No open dataset holds ${episode}: open the folder it lies in.`;

/**
 * Whether there is an episode the list lacks while a scan runs. The workstation looks at the disk for it, so nobody has to
 * wait for the end of the scan. Rejects when it does not answer.
 */
async function isThere(id: string): Promise<boolean> {
  const { error, isDefined } = await safe(api.episodes.open({ episode: id }));
  if (!error) return true;
  // What is there and cannot be opened says why itself.
  if (isDefined) return error.code === 'UNUSABLE';
  throw error;
}

async function loadLibrary(id: string): Promise<void> {
  try {
    const { root } = await loadEntries(id);
    acceptRoot(root);
  } catch (error) {
    notify('bad', sentenceOf(error));
  }
}

function isNothingOpen(): boolean {
  const { open, opening, openFault } = useSession.getState();
  return open === null && opening === null && openFault === null;
}

function readLastRoot(): string | null {
  try {
    return localStorage.getItem(LAST_ROOT);
  } catch {
    return null;
  }
}

function writeLastRoot(id: string): void {
  try {
    localStorage.setItem(LAST_ROOT, id);
  } catch {
    // Without storage the first dataset is shown next time.
  }
}
