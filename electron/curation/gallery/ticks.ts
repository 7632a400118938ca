/**
 * `count` ticks evenly over the share [from, to] of a recording, first and last included, as NumPy's
 * linspace(from · n, to · n, count).astype(int) gives them: truncated, and held within 0…n − 1. Short recordings give the
 * same tick several times; each is shown once.
 */
export function evenTicks(ticks: number, count: number, from: number, to: number): number[] {
  const first = ticks * from;
  const last = ticks * to;
  const step = count > 1 ? (last - first) / (count - 1) : 0;
  const all = Array.from({ length: count }, (_, at) => {
    // NumPy sets the last one to the end itself.
    const place = at === count - 1 && count > 1 ? last : at * step + first;
    return Math.min(ticks - 1, Math.max(0, Math.trunc(place)));
  });
  return all.filter((tick, at) => at === 0 || tick !== all[at - 1]);
}
