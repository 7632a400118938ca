import { setImmediate } from 'node:timers/promises';

const collator = new Intl.Collator('en', { numeric: true });
/** Names put in order in one go: a few milliseconds. */
const RUN = 1000;

/** In numeric-aware order (demo_10 after demo_9), without holding the thread up for long folders. */
export async function sortNames<T>(items: readonly T[], nameOf: (item: T) => string): Promise<T[]> {
  const compare = (a: T, b: T) => collator.compare(nameOf(a), nameOf(b));
  if (items.length <= RUN) return [...items].sort(compare);
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += RUN) {
    runs.push(items.slice(from, from + RUN).sort(compare));
    await setImmediate();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const [a, b] = [runs[i] as T[], runs[i + 1]];
      merged.push(b ? await merge(a, b, compare) : a);
    }
    runs = merged;
  }
  return runs[0] as T[];
}

async function merge<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const takeFirst = j >= b.length || (i < a.length && compare(a[i] as T, b[j] as T) <= 0);
    merged.push((takeFirst ? a[i++] : b[j++]) as T);
    if (merged.length % (4 * RUN) === 0) await setImmediate();
  }
  return merged;
}
