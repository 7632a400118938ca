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

/** What of a range no range of a normal list covers, in order. */
export function withoutRanges([from, to]: TickRange, taken: readonly TickRange[]): TickRange[] {
  const left: TickRange[] = [];
  let at = from;
  for (const [first, last] of taken) {
    if (last < at) continue;
    if (first > to) break;
    if (first > at) left.push([at, first - 1]);
    at = last + 1;
  }
  if (at <= to) left.push([at, to]);
  return left;
}

/** Whether two ranges share a tick. */
export function overlap(a: TickRange, b: TickRange): boolean {
  return a[0] <= b[1] && b[0] <= a[1];
}

/** How many ticks of a range a normal list covers. */
export function coveredTicks([from, to]: TickRange, ranges: readonly TickRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + Math.max(0, Math.min(to, last) - Math.max(from, first) + 1), 0);
}
