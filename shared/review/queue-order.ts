import type { QueueEvent } from './queue.ts';

export const QUEUE_SORTS = ['worst', 'time', 'borderline'] as const;
/** "worst": what harms most; "borderline": what is nearest to its limit; both with the undecided first. */
export type QueueSort = (typeof QUEUE_SORTS)[number];

/** The events in the order a person chose: the same everywhere, whatever order they come in. */
export function ordered(events: readonly QueueEvent[], sort: QueueSort): QueueEvent[] {
  if (sort === 'time') return [...events].sort(byTime);
  const first = sort === 'worst' ? worst : borderline;
  const isOpen = ({ decision }: QueueEvent) => decision === null;
  return [
    ...events.filter(isOpen).sort((a, b) => first(a, b) || byTime(a, b)),
    ...events.filter((event) => !isOpen(event)).sort(byTime),
  ];
}

function worst(a: QueueEvent, b: QueueEvent): number {
  return b.severity - a.severity;
}

/** What was not measured comes last. */
function borderline(a: QueueEvent, b: QueueEvent): number {
  const [first, second] = [a.margin ?? Infinity, b.margin ?? Infinity];
  return first === second ? 0 : first - second;
}

/** By recording, then by where they begin. */
function byTime(a: QueueEvent, b: QueueEvent): number {
  return (
    compareText(a.recording.path, b.recording.path) ||
    a.ticks[0] - b.ticks[0] ||
    a.ticks[1] - b.ticks[1] ||
    compareText(a.id, b.id)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
