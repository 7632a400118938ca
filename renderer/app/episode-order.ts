/**
 * The order in which episodes stand in the library right now (sorted, filtered), told by the library, so that "next
 * episode" goes where a person sees it go.
 */
let order: readonly string[] = [];

export function setShownOrder(ids: readonly string[]): void {
  order = ids;
}

export function shownOrder(): readonly string[] {
  return order;
}

/** The neighbour in a list; from nowhere, or from an id that is not listed, the first (or last) one. Undefined at the ends. */
export function neighbourOf(ids: readonly string[], id: string | null, by: 1 | -1): string | undefined {
  const at = id === null ? -1 : ids.indexOf(id);
  if (at === -1) return by === 1 ? ids[0] : ids.at(-1);
  return ids[at + by];
}
