import type { Finding } from '../review/finding.ts';
import type { QueueEvent } from '../review/queue.ts';
import type { Layer, Review } from '../review/review.ts';
import type { TickRange } from '../time/ranges.ts';
import type { Holds } from './compatible.ts';

/** Ticks at which a stream has no picture, or numbers have none; nothing is ever put in their place. */
export interface Gap {
  /** The stream's, series' or body's id. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly ticks: TickRange;
}

/** A recording as the plan of an export sees it: what it is, what was found in it and what people said. */
export interface Candidate {
  readonly episode: string;
  readonly path: string;
  readonly task: string;
  readonly date: string;
  readonly fingerprint: string;
  /** Recorded times of its ticks, ns. */
  readonly times: Float64Array;
  readonly medianPeriodNs: number;
  readonly holds: Holds;
  readonly gaps: readonly Gap[];
  readonly review: Pick<Review, 'own' | 'others' | 'hidden'>;
  /** Null where no detector has looked at it. */
  readonly findings: readonly Finding[] | null;
  /** Ticks that people had on screen, by who: normal. */
  readonly seen: ReadonlyMap<string, readonly TickRange[]>;
  /** What its files say of its conditions; what people say stands above it. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

/** Whether a person said how it went or marked something: verdicts and notes alone are no labels. */
export function saysSomething({ outcome, description, failures, recoveries, taskMarks }: Layer): boolean {
  return (
    outcome !== null ||
    description !== null ||
    [failures, recoveries, taskMarks].some((marks) => Object.keys(marks).length > 0)
  );
}

/** Whether a person said anything at all: verdicts, notes and flags are no labels, and a review nevertheless. */
export function saysAnything(layer: Layer): boolean {
  const { notes, verdicts, findings, flags } = layer;
  return (
    saysSomething(layer) ||
    saysConditions(layer) ||
    [notes, verdicts, findings, flags].some((records) => Object.keys(records).length > 0)
  );
}

/** Whether a person said under which conditions it was recorded, or handed their review in: recipes ask for both. */
function saysConditions({ properties, submission }: Layer): boolean {
  return submission !== null || Object.keys(properties).length > 0;
}

/**
 * The layer whose labels are exported: the first named annotator who said something; where the recipe names none, the only
 * one who did. Of a recording of which only conditions were said, the layer that says them. Null: nobody said anything
 * (which is missing, not a failure). A sentence: it cannot be told whose word counts.
 */
export function labelsOf({ review, path }: Candidate, annotators: readonly string[]): Layer | null | string {
  if (review.hidden > 0)
    return `${path}: what others said of it is hidden from you until you submit your own review: submit it first.`;
  const everybody = [review.own, ...review.others];
  const named = annotators.flatMap((name) => everybody.filter(({ annotator }) => annotator === name));
  const heard = annotators.length > 0 ? named : everybody;
  const layers = heard.filter(saysSomething);
  // Where nobody said how it went, what was said of its conditions stands all the same.
  if (layers.length === 0) layers.push(...heard.filter(saysConditions));
  if (annotators.length > 0 || layers.length < 2) return layers[0] ?? null;
  const differing = layers.filter((layer) => saysSomething(layer) || Object.keys(layer.properties).length > 0);
  if (differing.length < 2) return differing[0] ?? layers[0] ?? null;
  const names = differing.map(({ annotator }) => annotator);
  return `${path}: ${names.slice(0, -1).join(', ')} and ${names.at(-1)} said different things of it: name in the recipe whose word counts.`;
}

/** Why an event takes its ticks out of every bundle; null where it does not; "undecided" where a person has to say. */
export function exclusionOf(
  event: Pick<QueueEvent, 'class' | 'decision'>,
  { undecided, classes }: { undecided: 'refuse' | 'exclude' | 'include'; classes: readonly string[] },
): 'cut' | 'class' | 'undecided-excluded' | 'undecided' | null {
  const verdict = event.decision?.verdict.value;
  if (verdict === 'cut') return 'cut';
  if (verdict === 'keep') return null;
  if (classes.includes(event.class)) return 'class';
  if (undecided === 'refuse') return 'undecided';
  return undecided === 'exclude' ? 'undecided-excluded' : null;
}
