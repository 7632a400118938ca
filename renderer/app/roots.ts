import type { LibraryEntry, Root } from '../../shared/api/library.ts';
import { parseAddress } from '../../shared/episode/address.ts';
import { api } from './api.ts';
import { closeEpisode, openEpisode } from './episodes.ts';
import { attempt, notify, sentenceOf } from './notices.ts';
import { useSession } from './session.ts';
import { loadDatasetSettings } from './settings.ts';

/** Opening, choosing and closing datasets. Paths never come from here: a grant stands for what a person chose. */

const LAST_ROOT = 'regrasp.lastRoot';
let isFirstHello = true;

/** Opens what a grant stands for and shows it. A failure becomes a notice. */
export async function openRoot(grant: string): Promise<void> {
  const root = await attempt(() => api.roots.open({ grant }));
  if (!root) return;
  acceptRoot(root);
  await selectRoot(root.id, { openFirst: true });
}

/** What the workstation has open when the event stream begins, or begins again. */
export async function acceptRoots(roots: Root[]): Promise<void> {
  useSession.setState({ roots });
  const { root, open } = useSession.getState();
  const isFirst = isFirstHello;
  isFirstHello = false;
  if (root && roots.some((candidate) => candidate.id === root)) {
    await loadLibrary(root);
    return;
  }
  const last = readLastRoot();
  const chosen = roots.find((candidate) => candidate.id === last) ?? roots[0];
  if (!chosen) return;
  await Promise.all(roots.filter((candidate) => candidate !== chosen).map((candidate) => loadLibrary(candidate.id)));
  await selectRoot(chosen.id, { openFirst: open === null && !(isFirst && (await openAddress(location.hash))) });
}

export function acceptRoot(root: Root): void {
  useSession.setState(({ roots }) => ({
    roots: roots.some((candidate) => candidate.id === root.id)
      ? roots.map((candidate) => (candidate.id === root.id ? root : candidate))
      : [...roots, root],
  }));
}

/** Shows a dataset that is open. `openFirst` also opens what was asked for with it, or its first usable episode. */
export async function selectRoot(id: string, { openFirst = false } = {}): Promise<void> {
  useSession.setState({ root: id });
  writeLastRoot(id);
  const [entries] = await Promise.all([loadLibrary(id), loadDatasetSettings(id)]);
  if (!openFirst || useSession.getState().root !== id) return;
  const root = useSession.getState().roots.find((candidate) => candidate.id === id);
  const first = entries.find((entry) => entry.id === root?.focus) ?? firstUsable(entries);
  if (first) await openEpisode(first.id);
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
  if (useSession.getState().root === null && next) await selectRoot(next.id, { openFirst: true });
}

/** Goes to an address ("#episode=…&t=…") in one of the open datasets; answers whether it could. */
export async function openAddress(text: string): Promise<boolean> {
  const address = parseAddress(text);
  if (!address) return false;
  const { roots, root, entries } = useSession.getState();
  const here = [...roots].sort((a, b) => Number(b.id === root) - Number(a.id === root));
  for (const candidate of here) {
    const id = `${candidate.id}/${address.episode}`;
    // While a scan runs the list may lack an episode that is there: the workstation knows better.
    if (entries.has(id) || (candidate.scanning && here.length === 1)) return openEpisode(id, address.at);
  }
  if (here.length > 0) notify('bad', `No open dataset holds ${address.episode}: open the folder it lies in.`);
  return false;
}

async function loadLibrary(id: string): Promise<LibraryEntry[]> {
  try {
    const library = await api.library.get({ root: id });
    acceptRoot(library.root);
    useSession.setState(({ entries }) => {
      const kept = [...entries].filter(([, entry]) => entry.root !== id);
      return { entries: new Map([...kept, ...library.entries.map((entry) => [entry.id, entry] as const)]) };
    });
    return library.entries;
  } catch (error) {
    notify('bad', sentenceOf(error));
    return [];
  }
}

function firstUsable(entries: readonly LibraryEntry[]): LibraryEntry | undefined {
  return entries.find((entry) => entry.status !== 'error') ?? entries[0];
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
