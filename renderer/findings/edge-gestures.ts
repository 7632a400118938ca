import type { HandFinding } from '../../shared/review/finding.ts';
import type { Change } from '../../shared/review/review.ts';
import type { Gesture } from '../review/gestures.ts';
import { classInSentence, classWord, type QueueEvent } from './queue.ts';
import { absorbed, carriedOver, noteOf, streamsOf, subjectOf } from './verdict-gestures.ts';

export type Edge = 'start' | 'end';
type Ticks = readonly [number, number];

/** The event's ticks with one edge moved by some ticks, within the recording; it is never shorter than one tick. */
export function nudged([first, last]: Ticks, edge: Edge, by: number, lastTick: number): [number, number] {
  const within = (tick: number) => Math.min(lastTick, Math.max(0, tick));
  return edge === 'start' ? [Math.min(last, within(first + by)), last] : [first, Math.max(first, within(last + by))];
}

/** Where a split lies: the event's second part begins there; null where one part would be empty. */
export function splitAt([first, last]: Ticks, tick: number): [[number, number], [number, number]] | null {
  if (tick <= first || tick > last) return null;
  return [
    [first, tick - 1],
    [tick, last],
  ];
}

export interface Reshaping {
  /** Of the event that is made where this person has none to change. */
  id: string;
  /** Events of the recording, for what was said of several at once. */
  events?: readonly QueueEvent[];
  /** Name in this person's layer. */
  annotator: string;
}

/**
 * Gives an event other ends. An event that this person made is changed; anything else is stood for by one that is made,
 * and becomes part of it. A keep or cut of this person's goes with it.
 */
export function reshape(event: QueueEvent, ticks: Ticks, { id, events = [], annotator }: Reshaping): Gesture {
  const isMine = event.hand !== null && event.maker === annotator;
  const edges = ticks[0] !== event.ticks[0] ? (ticks[1] !== event.ticks[1] ? 'ends' : 'start') : 'end';
  return {
    name: `Move the ${edges} of ${classInSentence(event.class)}`,
    patch: isMine
      ? [made(event, event.id, ticks), ...takenAlong(event, event.id, ticks)]
      : [made(event, id, ticks), ...takenAlong(event, id, ticks), ...carriedOver(event, events), absorbed(event, id)],
  };
}

/** Two events in place of one, the second from `tick` on; undefined where one would be empty. */
export function split(
  event: QueueEvent,
  tick: number,
  { ids, events = [], annotator }: Omit<Reshaping, 'id'> & { ids: readonly [string, string] },
): Gesture | undefined {
  const parts = splitAt(event.ticks, tick);
  if (!parts) return undefined;
  const isMine = event.hand !== null && event.maker === annotator;
  const [first, second] = isMine ? [event.id, ids[1]] : ids;
  return {
    name: `Split ${classInSentence(event.class)} at tick ${tick}`,
    patch: [
      made(event, first, parts[0]),
      made(event, second, parts[1]),
      ...takenAlong(event, first, parts[0]),
      ...takenAlong(event, second, parts[1]),
      ...(isMine ? [] : [...carriedOver(event, events), absorbed(event, first)]),
    ],
  };
}

/** An event that no detector proposed. */
export function addByHand(
  id: string,
  { class: of, side, ticks, text }: Pick<HandFinding, 'class' | 'side' | 'text'> & { ticks: Ticks },
): Gesture {
  const event: HandFinding = {
    ...{ class: of, side, streams: [], ticks: [ticks[0], ticks[1]], replaces: [] },
    text: text.trim() === '' ? `${classWord(of)}, added by hand.` : text.trim(),
  };
  return { name: `Add ${classInSentence(of)}`, patch: [{ map: 'findings', id, value: event }] };
}

function made(event: QueueEvent, id: string, ticks: Ticks): Change {
  const replaces = [...new Set([...(event.id === id ? [] : [event.id]), ...(event.hand?.replaces ?? [])])];
  const value: HandFinding = {
    ...{ class: event.class, side: event.side, streams: [...streamsOf(event)], ticks: [ticks[0], ticks[1]], replaces },
    text: event.text,
  };
  return { map: 'findings', id, value };
}

/** This person's keep or cut, now on the event with its new ends. */
function takenAlong(event: QueueEvent, id: string, ticks: Ticks): Change[] {
  const value = event.own[0]?.verdict.value;
  if (value !== 'keep' && value !== 'cut') return [];
  const note = noteOf(event);
  const of = { ...subjectOf(event), detector: 'hand', ticks: [ticks[0], ticks[1]] as [number, number] };
  return [{ map: 'verdicts', id, value: { value, of, ...(note === '' ? {} : { note }) } }];
}
