import type { HandFinding, Verdict } from '../../shared/review/finding.ts';
import type { Gesture } from '../review/gestures.ts';
import { classWord, type QueueEvent } from './queue.ts';

/** Keep or cut, or (null) undecided again. */
export function decide(event: QueueEvent, value: 'keep' | 'cut' | null): Gesture {
  const what = classWord(event.class).toLowerCase();
  const name = value === null ? `Take back the verdict on ${what}` : `${value === 'keep' ? 'Keep' : 'Cut'} ${what}`;
  const verdict = value === null ? null : { value, of: subjectOf(event) };
  return { name, patch: [{ map: 'verdicts', id: event.id, value: verdict }] };
}

/** Two events and the gap between them become one, made by hand and still to be decided. */
export function join(id: string, event: QueueEvent, neighbour: QueueEvent): Gesture {
  const ticks: [number, number] = [
    Math.min(event.ticks[0], neighbour.ticks[0]),
    Math.max(event.ticks[1], neighbour.ticks[1]),
  ];
  const parts = [event, neighbour];
  const streams = [...new Set(parts.flatMap(({ finding, hand }) => finding?.streams ?? hand?.streams ?? []))];
  const replaces = [...new Set(parts.flatMap((part) => [part.id, ...(part.hand?.replaces ?? [])]))];
  const joined: HandFinding = {
    ...{ class: event.class, side: event.side, streams, ticks, replaces },
    text: `${classWord(event.class)}, joined of ${replaces.length}.`,
  };
  const absorbed = parts.map((part) => ({
    ...{ map: 'verdicts' as const, id: part.id },
    value: { value: 'merge', mergedInto: id, of: subjectOf(part) } satisfies Verdict,
  }));
  return {
    name: `Merge ${classWord(event.class).toLowerCase()}`,
    patch: [{ map: 'findings', id, value: joined }, ...absorbed],
  };
}

function subjectOf({ finding, class: of, side, ticks }: QueueEvent): Verdict['of'] {
  return { detector: finding?.detector ?? 'hand', class: of, side, ticks: [ticks[0], ticks[1]] };
}
