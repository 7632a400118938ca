import type { Library, LibraryEntry } from '../../shared/api/library.ts';
import { api } from './api.ts';
import type { EntryChange } from './entry-batches.ts';
import { useSession } from './session.ts';

/** The entries of every open dataset: whole lists that are asked for, and what is told of them meanwhile and after. */

/** What was told of entries while lists were on their way: those were written down before they arrived here. */
const underway = new Set<EntryChange[]>();

/** What the workstation tells of its lists, in the order told. */
export function applyEntries(change: EntryChange): void {
  for (const told of underway) told.push(change);
  useSession.setState(({ entries }) => {
    const next = new Map(entries);
    put(next, change);
    return { entries: next };
  });
}

/** Asks for the whole list of a dataset and puts it in place of what is known. Answers the list; rejects as the call does. */
export async function loadEntries(id: string): Promise<Library> {
  const told: EntryChange[] = [];
  underway.add(told);
  try {
    const library = await wholeLibrary(id);
    useSession.setState(({ entries }) => {
      const next = new Map([...entries].filter(([, entry]) => entry.root !== id));
      for (const entry of library.entries) next.set(entry.id, entry);
      // An answer may be older than what was told while it was on its way, and nobody tells that again.
      for (const { entries, removed } of told) {
        put(next, { entries: entries.filter((entry) => entry.root === id), removed });
      }
      return { entries: next };
    });
    return library;
  } finally {
    underway.delete(told);
  }
}

function put(entries: Map<string, LibraryEntry>, { entries: changed, removed }: EntryChange): void {
  for (const id of removed) entries.delete(id);
  for (const entry of changed) entries.set(entry.id, entry);
}

/** All portions of a list; from the beginning again when entries moved up meanwhile. */
async function wholeLibrary(root: string): Promise<Library> {
  let page = await api.library.get({ root });
  const { version } = page;
  const entries = [...page.entries];
  while (page.next !== null && page.version === version) {
    page = await api.library.get({ root, from: page.next });
    entries.push(...page.entries);
  }
  return page.version === version ? { root: page.root, entries } : wholeLibrary(root);
}
