import type { QueueEvent } from './queue.ts';

/** What of a queue is shown. Pure; an empty list means that a facet is not chosen from. */
export const FACETS = ['class', 'detector', 'side', 'decision'] as const;
export type Facet = (typeof FACETS)[number];
export type QueueFilter = Readonly<Record<Facet, readonly string[]>>;

export const EVERYTHING: QueueFilter = { class: [], detector: [], side: [], decision: [] };
/** What a remembered view may hold in one entry (shared/api/settings.ts). */
const LONGEST = 200;

/** "undecided", "keep", "cut" or "merge" (part of a joined event). */
export function decisionOf(event: Pick<QueueEvent, 'decision'>): string {
  return event.decision?.verdict.value ?? 'undecided';
}

export function valueIn(event: QueueEvent, facet: Facet): string {
  if (facet === 'class') return event.class;
  if (facet === 'detector') return event.detector;
  return facet === 'side' ? (event.side ?? 'none') : decisionOf(event);
}

/** Whether the event is to be shown, whatever is chosen of the facet `except`. */
export function isShown(event: QueueEvent, filter: QueueFilter, except?: Facet): boolean {
  return FACETS.every((facet) => {
    if (facet === except) return true;
    // Parts of a joined event stand with it: they are shown when asked for.
    if (filter[facet].length === 0) return facet !== 'decision' || decisionOf(event) !== 'merge';
    return filter[facet].includes(valueIn(event, facet));
  });
}

export function toggled(filter: QueueFilter, facet: Facet, value: string): QueueFilter {
  const without = filter[facet].filter((each) => each !== value);
  return { ...filter, [facet]: without.length < filter[facet].length ? without : [...filter[facet], value] };
}

export interface FacetCounts {
  facet: Facet;
  /** What is chosen is listed with 0 where there is none of it. Most frequent first. */
  values: { value: string; count: number }[];
}

/** How many events each value would show, given what is chosen of the other facets. */
export function countsOf(events: readonly QueueEvent[], filter: QueueFilter): FacetCounts[] {
  return FACETS.map((facet) => {
    const counts = new Map(filter[facet].map((value) => [value, 0]));
    for (const event of events) {
      const value = valueIn(event, facet);
      if (isShown(event, filter, facet)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const values = [...counts].map(([value, count]) => ({ value, count }));
    return { facet, values: values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)) };
  });
}

/** As one remembered word: "class:ot_loss side:left"; choices that would make it too long are forgotten. */
export function formatFilter(filter: QueueFilter): string {
  const words = FACETS.flatMap((facet) => filter[facet].map((value) => `${facet}:${value}`));
  let text = '';
  for (const word of words) {
    const longer = text === '' ? word : `${text} ${word}`;
    if (/\s/.test(word) || longer.length > LONGEST) continue;
    text = longer;
  }
  return text;
}

/** What of it this version knows. */
export function readFilter(text: string): QueueFilter {
  const filter: Record<Facet, string[]> = { class: [], detector: [], side: [], decision: [] };
  for (const word of text.split(/\s+/)) {
    const at = word.indexOf(':');
    const facet = FACETS.find((each) => each === word.slice(0, at));
    const value = word.slice(at + 1);
    if (facet && value !== '' && !filter[facet].includes(value)) filter[facet].push(value);
  }
  return filter;
}
