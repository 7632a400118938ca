/** Inclusive ranges of ticks, [from, to]. A list is normal when sorted, disjoint and not touching. */
export type TickRange = readonly [from: number, to: number];

/** Sorts and joins ranges that overlap or touch. */
export function normalizeRanges(ranges: readonly TickRange[]): TickRange[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined[joined.length - 1];
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** How many ticks a normal list covers. */
export function countTicks(ranges: readonly TickRange[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}
