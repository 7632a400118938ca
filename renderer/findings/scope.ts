import type { UnmatchedDecision } from '../../shared/review/decisions.ts';
import { ordered, type QueueSort } from '../../shared/review/queue-order.ts';
import { EVERYTHING, isShown, type QueueFilter } from './filter.ts';
import type { Queue, QueueEvent, QueueRecording } from './queue.ts';

export const QUEUE_SCOPES = ['episode', 'date', 'task'] as const;
/** Over which recordings a queue goes: the open one, those of its date and task, those of its task. */
export type QueueScope = (typeof QUEUE_SCOPES)[number];

export interface ScopedUnmatched extends UnmatchedDecision {
  recording: QueueRecording;
}

/** The queues of several recordings as one. */
export interface ScopedQueue {
  /** What is shown, in the order chosen. */
  readonly shown: readonly QueueEvent[];
  /** All there is, parts of joined events too. */
  readonly all: readonly QueueEvent[];
  readonly unmatched: readonly ScopedUnmatched[];
  /** Of what is shown, without parts of joined events. */
  readonly undecided: number;
  readonly count: number;
  /** Recordings that what is shown is of. */
  readonly recordings: number;
  /** Events that the filter leaves out. */
  readonly hidden: number;
}

export interface RecordingQueue {
  readonly recording: QueueRecording;
  readonly queue: Queue;
}

export function scopedQueue(
  queues: readonly RecordingQueue[],
  { filter, sort }: { filter: QueueFilter; sort: QueueSort },
): ScopedQueue {
  const all = queues.flatMap(({ queue }) => [...queue.events, ...queue.merged]);
  const shown = ordered(
    all.filter((event) => isShown(event, filter)),
    sort,
  );
  const whole = shown.filter((event) => event.decision?.verdict.value !== 'merge');
  return {
    ...{ shown, all },
    unmatched: queues.flatMap(({ recording, queue }) => queue.unmatched.map((each) => ({ ...each, recording }))),
    undecided: whole.filter(({ decision }) => decision === null).length,
    count: whole.length,
    recordings: new Set(shown.map(({ recording }) => recording.episode)).size,
    hidden: all.filter((event) => isShown(event, EVERYTHING) && !isShown(event, filter)).length,
  };
}

/** "12 of 40 undecided, 3 recordings". */
export function countsText({ undecided, count, recordings }: ScopedQueue, scope: QueueScope): string {
  const text = `${undecided.toLocaleString('en-US')} of ${count.toLocaleString('en-US')} undecided`;
  return scope === 'episode' ? text : `${text}, ${recordings} ${recordings === 1 ? 'recording' : 'recordings'}`;
}

/** What a verdict on many at once falls on: the undecided of one class among what is shown. */
export interface BulkTarget {
  readonly class: string;
  readonly events: readonly QueueEvent[];
  /** Of the same class among what is shown, decided already: they stay as they are. */
  readonly decided: number;
  readonly recordings: number;
}

export function bulkTarget(shown: readonly QueueEvent[], of: string): BulkTarget {
  const alike = shown.filter((event) => event.class === of && event.decision?.verdict.value !== 'merge');
  const events = alike.filter(({ decision }) => decision === null);
  const recordings = new Set(events.map(({ recording }) => recording.episode)).size;
  return { class: of, events, decided: alike.length - events.length, recordings };
}
