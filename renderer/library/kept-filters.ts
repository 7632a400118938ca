import { useCallback, useEffect, useState } from 'react';
import type { Choice } from './facets.ts';
import type { SortOrder } from './tree.ts';

/** How a dataset's list is filtered and sorted: a person's own, kept in this browser, by dataset. */
export interface KeptFilters {
  choices: readonly Choice[];
  onlyProblems: boolean;
  sort: SortOrder;
}

const NOTHING: KeptFilters = { choices: [], onlyProblems: false, sort: 'name' };
const SORTS: readonly string[] = ['name', 'newest', 'longest', 'problems'] satisfies SortOrder[];
const MOST_CHOICES = 50;

export function useKeptFilters(
  root: string | null,
): KeptFilters & { change(next: Partial<{ choices: Choice[]; onlyProblems: boolean; sort: SortOrder }>): void } {
  const [state, setState] = useState(() => ({ root, filters: readKept(root) }));
  // Another dataset has filters of its own, at once: never a frame of its list under those of the one before.
  const filters = state.root === root ? state.filters : readKept(root);
  useEffect(() => {
    if (state.root !== root) setState({ root, filters: readKept(root) });
  }, [state.root, root]);
  const change = useCallback(
    (next: Partial<KeptFilters>) =>
      setState((before) => {
        const changed = { ...(before.root === root ? before.filters : readKept(root)), ...next };
        keep(root, changed);
        return { root, filters: changed };
      }),
    [root],
  );
  return { ...filters, change };
}

/** What is kept as text, as far as this version understands it. */
export function parseFilters(text: string | null): KeptFilters {
  try {
    const kept: unknown = JSON.parse(text ?? '{}');
    if (typeof kept !== 'object' || kept === null) return NOTHING;
    const { choices, onlyProblems, sort } = kept as Record<string, unknown>;
    return {
      choices: Array.isArray(choices) ? choices.filter(isChoice).slice(0, MOST_CHOICES) : [],
      onlyProblems: onlyProblems === true,
      sort: typeof sort === 'string' && SORTS.includes(sort) ? (sort as SortOrder) : 'name',
    };
  } catch {
    return NOTHING;
  }
}

function isChoice(value: unknown): value is Choice {
  const choice = value as Partial<Choice> | null;
  return typeof choice === 'object' && typeof choice?.facet === 'string' && typeof choice.value === 'string';
}

function readKept(root: string | null): KeptFilters {
  if (root === null) return NOTHING;
  try {
    return parseFilters(localStorage.getItem(keyOf(root)));
  } catch {
    return NOTHING;
  }
}

function keep(root: string | null, filters: KeptFilters): void {
  if (root === null) return;
  try {
    localStorage.setItem(keyOf(root), JSON.stringify(filters));
  } catch {
    // No storage: the filters last as long as the page.
  }
}

function keyOf(root: string): string {
  return `regrasp.filters.${root}`;
}
