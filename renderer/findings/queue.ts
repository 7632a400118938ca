import type { QueueEvent } from '../../shared/review/queue.ts';
import { latestAtOrBefore } from '../../shared/time/sampling.ts';

export {
  classInSentence,
  classWord,
  type Queue,
  type QueueEvent,
  type QueueRecording,
  queueOf,
} from '../../shared/review/queue.ts';

/** The event that a merge joins this one with: the nearest of its class and side, the later one of two as near. */
export function neighbourOf(event: QueueEvent, events: readonly QueueEvent[]): QueueEvent | undefined {
  const away = (other: QueueEvent) => Math.max(other.ticks[0] - event.ticks[1], event.ticks[0] - other.ticks[1]);
  return events
    .filter((other) => other.recording.episode === event.recording.episode && other.id !== event.id)
    .filter((other) => other.class === event.class && other.side === event.side)
    .sort((a, b) => away(a) - away(b) || b.ticks[0] - a.ticks[0])[0];
}

/** The next undecided event after one (by its key) in the order given, round its end; undefined when all is decided. */
export function nextUndecided(events: readonly QueueEvent[], after: string | null): QueueEvent | undefined {
  const at = events.findIndex(({ key }) => key === after);
  const inTurn = [...events.slice(at + 1), ...events.slice(0, at + 1)];
  return inTurn.find(({ decision }) => decision === null);
}

/** Ticks to look at: the event with a lead-in before it and a moment after, as far as the recording goes. */
export function withLeadIn([first, last]: readonly [number, number], times: Float64Array): [number, number] {
  const at = (ns: number) => Math.min(times.length - 1, Math.max(0, latestAtOrBefore(times, ns)));
  return [at((times[first] ?? 0) - LEAD_IN_NS), at((times[last] ?? 0) + AFTER_NS)];
}

const LEAD_IN_NS = 1_000_000_000;
const AFTER_NS = 500_000_000;
