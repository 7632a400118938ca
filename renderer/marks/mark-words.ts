import type { Marks } from '../../shared/review/marker-faults.ts';
import { codeOf, type Taxonomy } from '../../shared/review/taxonomy.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';

/** How long a range is: "13.20 s"; of a single tick "one tick". */
export function lengthText(times: Float64Array, [first, last]: readonly [number, number]): string {
  return first === last ? 'one tick' : formatTime((times[last] ?? 0) - (times[first] ?? 0));
}

/** A failure in a few words, for choosing among several: "12.40 s, Slips". */
export function failureWords(marks: Marks, id: string, times: Float64Array, taxonomy: Taxonomy | null): string {
  const failure = Object.hasOwn(marks.failures, id) ? marks.failures[id] : undefined;
  if (!failure) return 'a failure that is gone';
  const name =
    failure.code === null ? 'no code yet' : ((taxonomy && codeOf(taxonomy, failure.code)?.title) ?? failure.code);
  return `${formatTime(times[failure.event] ?? 0)}, ${name}`;
}
