import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LibraryFilters } from '../../shared/api/settings.ts';
import { api } from '../app/api.ts';
import type { SortOrder } from './tree.ts';

/**
 * How a dataset's list is filtered and sorted: a person's own. Kept in this browser, where it is at hand before the list is
 * drawn, and by the workstation for a browser that knows nothing of this address yet.
 */

const NOTHING: LibraryFilters = { choices: [], onlyProblems: false, sort: 'name' };
const SORTS: readonly string[] = ['name', 'newest', 'longest', 'problems'] satisfies SortOrder[];
const MOST_CHOICES = 50;

export function useKeptFilters(root: string | null): LibraryFilters & { change(next: Partial<LibraryFilters>): void } {
  const [state, setState] = useState(() => ({ root, filters: readKept(root) }));
  // Another dataset has filters of its own, at once: never a frame of its list under those of the one before.
  const filters = state.root === root ? state.filters : readKept(root);
  const current = useRef(filters);
  useLayoutEffect(() => {
    current.current = filters;
    if (state.root !== root) setState({ root, filters });
  });
  useEffect(() => {
    if (root === null || readText(root) !== null) return;
    const before = current.current;
    api.memory.filters({ root }).then(
      ({ filters: remembered }) => {
        // What was chosen meanwhile stands, and so does another dataset.
        if (remembered && current.current === before) setState({ root, filters: parseFilters(remembered) });
      },
      () => undefined,
    );
  }, [root]);
  const change = useCallback(
    (next: Partial<LibraryFilters>) => {
      const changed = { ...current.current, ...next };
      current.current = changed;
      setState({ root, filters: changed });
      keep(root, changed);
    },
    [root],
  );
  return { ...filters, change };
}

/** What was kept, as far as this version understands it. */
export function parseFilters(kept: unknown): LibraryFilters {
  if (typeof kept !== 'object' || kept === null) return NOTHING;
  const { choices, onlyProblems, sort } = kept as Record<string, unknown>;
  return {
    choices: Array.isArray(choices) ? choices.filter(isChoice).slice(0, MOST_CHOICES) : [],
    onlyProblems: onlyProblems === true,
    sort: typeof sort === 'string' && SORTS.includes(sort) ? (sort as SortOrder) : 'name',
  };
}

function isChoice(value: unknown): value is LibraryFilters['choices'][number] {
  const choice = value as Partial<LibraryFilters['choices'][number]> | null;
  return typeof choice === 'object' && typeof choice?.facet === 'string' && typeof choice.value === 'string';
}

function readKept(root: string | null): LibraryFilters {
  try {
    return parseFilters(JSON.parse((root === null ? null : readText(root)) ?? '{}'));
  } catch {
    return NOTHING;
  }
}

function keep(root: string | null, filters: LibraryFilters): void {
  if (root === null) return;
  try {
    localStorage.setItem(keyOf(root), JSON.stringify(filters));
  } catch {
    // No storage: the workstation has it.
  }
  void api.memory.filters({ root, filters }).catch(() => undefined);
}

/** Null where nothing was ever kept for this address, or nothing can be. */
function readText(root: string): string | null {
  try {
    return localStorage.getItem(keyOf(root));
  } catch {
    return null;
  }
}

function keyOf(root: string): string {
  return `regrasp.filters.${root}`;
}
