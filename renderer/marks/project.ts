import { create } from 'zustand';
import { DEFAULT_WINDOW, type WindowSeconds } from '../../shared/review/markers.ts';
import type { RootTaxonomy, Taxonomy } from '../../shared/review/taxonomy.ts';
import { api } from '../app/api.ts';
import { sentenceOf } from '../app/notices.ts';
import { useSession } from '../app/session.ts';

/** What the project that records here agreed on: how much is cut out around a failure, and the words failures are named by. */
export function failureWindow(): WindowSeconds {
  return useSession.getState().datasetSettings?.failureWindowSeconds ?? DEFAULT_WINDOW;
}

/** How long a person takes to press a key after they saw something; 0 where the project allows for nothing. */
export function reactionMs(): number {
  return useSession.getState().datasetSettings?.reactionTimeMs ?? 0;
}

interface TaxonomyState {
  /** Root these are of. */
  root: string | null;
  read: RootTaxonomy | null;
  fault: string | null;
}

export const useTaxonomy = create<TaxonomyState>(() => ({ root: null, read: null, fault: null }));

/** The codes of the open dataset; null until they are read. */
export function taxonomy(): Taxonomy | null {
  return useTaxonomy.getState().read?.taxonomy ?? null;
}

/** Reads the codes of the root that is open, anew each time: a lab edits its file by hand. What was read stands meanwhile. */
export async function readTaxonomy(): Promise<void> {
  const root = useSession.getState().open?.episode.root;
  if (root === undefined) return;
  if (useTaxonomy.getState().root !== root) useTaxonomy.setState({ root, read: null, fault: null });
  try {
    const read = await api.taxonomy.get({ root });
    if (useTaxonomy.getState().root === root) useTaxonomy.setState({ read, fault: null });
  } catch (error) {
    if (useTaxonomy.getState().root === root) useTaxonomy.setState({ fault: sentenceOf(error) });
  }
}

/** Codes are at hand as soon as a recording of a root is open. Answers the way to stop. */
export function followTaxonomy(): () => void {
  const follow = () => {
    const root = useSession.getState().open?.episode.root;
    if (root !== undefined && root !== useTaxonomy.getState().root) void readTaxonomy();
  };
  follow();
  return useSession.subscribe(follow);
}
