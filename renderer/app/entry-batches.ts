import type { LibraryEntry } from '../../shared/api/library.ts';

/** A scan tells of entries many times a second; a list of ten thousand is made anew a few times a second at most. */
const EVERY_MS = 250;

export interface EntryChange {
  entries: readonly LibraryEntry[];
  removed: readonly string[];
}

/** Applies the first change at once and what follows together, `EVERY_MS` later. */
export function batchEntries(
  apply: (change: EntryChange) => void,
  schedule: (run: () => void, ms: number) => void = (run, ms) => void setTimeout(run, ms),
): (change: EntryChange) => void {
  let waiting: Map<string, LibraryEntry | null> | undefined;
  const flush = () => {
    const changes = waiting;
    waiting = undefined;
    if (!changes || changes.size === 0) return;
    waiting = new Map();
    schedule(flush, EVERY_MS);
    apply({
      entries: [...changes.values()].filter((entry) => entry !== null),
      removed: [...changes].filter(([, entry]) => entry === null).map(([id]) => id),
    });
  };
  return (change) => {
    const isFirst = waiting === undefined;
    waiting ??= new Map();
    for (const id of change.removed) waiting.set(id, null);
    for (const entry of change.entries) waiting.set(entry.id, entry);
    if (isFirst) flush();
  };
}
