import type { EpisodeRow, LibraryRow } from './tree.ts';

/** Episodes of the list that are chosen together, by id; `anchor` is where a range of them begins. */
export interface TreeSelection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const NOTHING_CHOSEN: TreeSelection = { ids: new Set(), anchor: null };

/** One more or one less; of a folder all episodes that are shown below it, or none of them where all were chosen. */
export function toggled(selection: TreeSelection, rows: readonly LibraryRow[], id: string): TreeSelection {
  const meant = episodesOf(rows, id);
  const ids = new Set(selection.ids);
  const areAll = meant.length > 0 && meant.every((each) => ids.has(each));
  for (const each of meant)
    if (areAll) ids.delete(each);
    else ids.add(each);
  return { ids, anchor: id };
}

/** From the anchor (else the row that was active) to a row, both included: what was chosen otherwise is let go. */
export function extended(
  selection: TreeSelection,
  rows: readonly LibraryRow[],
  from: string | null,
  to: string,
): TreeSelection {
  const anchor = selection.anchor !== null && rows.some(({ id }) => id === selection.anchor) ? selection.anchor : from;
  const at = (id: string | null) => rows.findIndex((row) => row.id === id);
  const ends = [at(anchor) < 0 ? at(to) : at(anchor), at(to)] as const;
  const between = rows.slice(Math.min(...ends), Math.max(...ends) + 1);
  return { ids: new Set(between.filter(isEpisode).map(({ id }) => id)), anchor: anchor ?? to };
}

export function allOf(rows: readonly LibraryRow[]): TreeSelection {
  return { ids: new Set(rows.filter(isEpisode).map(({ id }) => id)), anchor: null };
}

/** Without those that are not there any more; the same object where none went. */
export function stillThere(selection: TreeSelection, isThere: (id: string) => boolean): TreeSelection {
  const ids = [...selection.ids].filter(isThere);
  return ids.length === selection.ids.size ? selection : { ...selection, ids: new Set(ids) };
}

function episodesOf(rows: readonly LibraryRow[], id: string): string[] {
  const at = rows.findIndex((row) => row.id === id);
  const row = rows[at];
  if (!row) return [];
  if (row.kind === 'episode') return [id];
  const end = rows.findIndex((each, index) => index > at && each.level <= row.level);
  return rows
    .slice(at + 1, end < 0 ? undefined : end)
    .filter(isEpisode)
    .map((each) => each.id);
}

function isEpisode(row: LibraryRow): row is EpisodeRow {
  return row.kind === 'episode';
}
