import type { TickRange } from '../../../shared/time/ranges.ts';

/**
 * A row for each range so that none covers another, in as few rows as there can be; the earlier ones stand higher. Where
 * that takes more than `most` rows, the rest goes where it covers least.
 */
export function rowsOf(ranges: readonly TickRange[], most: number): number[] {
  const order = ranges.map((_, index) => index);
  const at = (index: number) => ranges[index] as TickRange;
  order.sort((a, b) => at(a)[0] - at(b)[0] || at(b)[1] - at(a)[1]);
  const rows = new Array<number>(ranges.length).fill(0);
  /** Where each row is free from. */
  const ends: number[] = [];
  for (const index of order) {
    const [first, last] = at(index);
    let row = ends.findIndex((end) => end < first);
    if (row < 0) row = ends.length < most ? ends.length : ends.indexOf(Math.min(...ends));
    rows[index] = row;
    ends[row] = Math.max(ends[row] ?? -1, last);
  }
  return rows;
}
