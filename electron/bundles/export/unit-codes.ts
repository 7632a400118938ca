import type { Layer } from '../../../shared/review/review.ts';
import type { TickRange } from '../../../shared/time/ranges.ts';

/** Codes of the failures whose window touches a unit: each once, in alphabetical order. */
export function codesWithin(labels: Layer | null, [first, last]: TickRange): string[] {
  const codes = Object.values(labels?.failures ?? {})
    .filter(({ window }) => window[0] <= last && first <= window[1])
    .flatMap(({ code }) => (code === null ? [] : [code]));
  return [...new Set(codes)].sort();
}
