import type { Marks } from '../../shared/review/marker-faults.ts';
import { codeOf, type Taxonomy } from '../../shared/review/taxonomy.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';

/** When a tick was recorded: "12.40 s"; of one that the recording does not have, as a mark of a longer one has it, that. */
export function timeText(times: Float64Array, tick: number): string {
  const at = times[tick];
  return at === undefined ? 'after the end' : formatTime(at);
}

/** How long a range is: "13.20 s"; of a single tick "one tick", of one that ends after the recording how many ticks it has. */
export function lengthText(times: Float64Array, [first, last]: readonly [number, number]): string {
  if (first === last) return 'one tick';
  const [from, to] = [times[first], times[last]];
  return from === undefined || to === undefined ? `${last - first + 1} ticks` : formatTime(to - from);
}

/** A failure in a few words, for choosing among several: "12.40 s, Slips". */
export function failureWords(marks: Marks, id: string, times: Float64Array, taxonomy: Taxonomy | null): string {
  const failure = Object.hasOwn(marks.failures, id) ? marks.failures[id] : undefined;
  if (!failure) return 'a failure that is gone';
  const name =
    failure.code === null ? 'no code yet' : ((taxonomy && codeOf(taxonomy, failure.code)?.title) ?? failure.code);
  return `${timeText(times, failure.event)}, ${name}`;
}
