import type { HandFinding, Verdict } from '../../shared/review/finding.ts';
import type { Change, Layer } from '../../shared/review/review.ts';
import type { Gesture } from '../review/gestures.ts';
import { classInSentence, classWord, type QueueEvent } from './queue.ts';

type Deciding = 'keep' | 'cut';

/**
 * Keep or cut, or (null) undecided again. `events` are those of the recording: what was said of several of them at once,
 * when they were one, stays with the others. The note of an earlier verdict stays unless another one is given ("" for none).
 */
export function decide(
  event: QueueEvent,
  value: Deciding | null,
  { events = [], note }: { events?: readonly QueueEvent[]; note?: string | undefined } = {},
): Gesture {
  const what = classInSentence(event.class);
  const name = value === null ? `Take back the verdict on ${what}` : `${value === 'keep' ? 'Keep' : 'Cut'} ${what}`;
  const change =
    value === null ? { map: 'verdicts' as const, id: event.id, value } : said(event, value, note ?? noteOf(event));
  return { name, patch: [...carriedOver(event, events), change] };
}

/** The same on many events of one recording, as one step. */
export function decideAll(
  name: string,
  chosen: readonly QueueEvent[],
  value: Deciding,
  { events = [], note = '' }: { events?: readonly QueueEvent[]; note?: string } = {},
): Gesture {
  const carried = chosen.flatMap((event) => carriedOver(event, events));
  // What is said now stands before what is carried over from an event it was part of.
  const others = carried.filter(({ id }) => !chosen.some((event) => event.id === id));
  return { name, patch: [...others, ...chosen.map((event) => said(event, value, note === '' ? noteOf(event) : note))] };
}

function said(event: QueueEvent, value: Deciding, note: string): Change {
  const verdict: Verdict = { value, of: subjectOf(event), ...(note === '' ? {} : { note }) };
  return { map: 'verdicts', id: event.id, value: verdict };
}

/** Writes the note of a verdict that this person gave; "" removes it. */
export function noteOn(event: QueueEvent, note: string, events: readonly QueueEvent[] = []): Gesture {
  const value = event.own[0]?.verdict.value;
  if (value !== 'keep' && value !== 'cut') throw new Error('A note stands with a verdict.');
  const what = classInSentence(event.class);
  return {
    ...decide(event, value, { events, note }),
    name: note === '' ? `Delete the note on ${what}` : `Note on ${what}`,
  };
}

export function noteOf(event: QueueEvent): string {
  return event.own[0]?.verdict.note ?? '';
}

/** Two events and the gap between them become one, made by hand and still to be decided. */
export function join(
  id: string,
  event: QueueEvent,
  neighbour: QueueEvent,
  events: readonly QueueEvent[] = [],
): Gesture {
  const ticks: [number, number] = [
    Math.min(event.ticks[0], neighbour.ticks[0]),
    Math.max(event.ticks[1], neighbour.ticks[1]),
  ];
  const parts = [event, neighbour];
  const streams = [...new Set(parts.flatMap(streamsOf))];
  const replaces = [...new Set(parts.flatMap((part) => [part.id, ...(part.hand?.replaces ?? [])]))];
  const joined: HandFinding = {
    ...{ class: event.class, side: event.side, streams, ticks, replaces },
    text: `${classWord(event.class)}, joined of ${replaces.length}.`,
  };
  return {
    name: `Merge ${classInSentence(event.class)}`,
    patch: [
      { map: 'findings', id, value: joined },
      ...parts.flatMap((part) => carriedOver(part, events)),
      ...parts.map((part) => absorbed(part, id)),
    ],
  };
}

/** Takes an event that this person made away; what it stood for is undecided again. */
export function removeMade(event: QueueEvent, own: Layer): Gesture {
  const parts = Object.entries(own.verdicts).filter(([, { mergedInto }]) => mergedInto === event.id);
  // The other half of a split stands for the same finding: it stays its part.
  const sibling = Object.entries(own.findings).find(
    ([id, { replaces }]) => id !== event.id && parts.length > 0 && parts.every(([part]) => replaces.includes(part)),
  )?.[0];
  return {
    name: `Remove ${classInSentence(event.class)} made by hand`,
    patch: [
      { map: 'findings', id: event.id, value: null },
      ...(Object.hasOwn(own.verdicts, event.id) ? [{ map: 'verdicts' as const, id: event.id, value: null }] : []),
      ...parts.map(([id, verdict]) => ({
        ...{ map: 'verdicts' as const, id },
        value: sibling === undefined ? null : { ...verdict, mergedInto: sibling },
      })),
    ],
  };
}

/** Takes a verdict away whose event is not there any more: only when a person says so. */
export function dismissUnmatched(id: string, of: string): Gesture {
  return {
    name: `Remove the verdict on ${classInSentence(of)} that is gone`,
    patch: [{ map: 'verdicts', id, value: null }],
  };
}

/** "This became part of that": the verdict on what an event made by hand stands for. */
export function absorbed(part: QueueEvent, into: string): Change {
  const note = noteOf(part);
  const verdict: Verdict = { value: 'merge', mergedInto: into, of: subjectOf(part), ...(note === '' ? {} : { note }) };
  return { map: 'verdicts', id: part.id, value: verdict };
}

/**
 * A verdict that found its event again lies under the id it was given to. Before another one is given, it is taken from
 * there, so that it is not left over, and laid under the ids of the other events it holds for.
 */
export function carriedOver(event: QueueEvent, events: readonly QueueEvent[]): Change[] {
  return event.own
    .filter(({ id }) => id !== event.id)
    .flatMap(({ id, verdict }): Change[] => [
      { map: 'verdicts', id, value: null },
      ...events
        .filter((other) => other.id !== event.id && other.own.some((decision) => decision.id === id))
        .map((other) => ({ map: 'verdicts' as const, id: other.id, value: verdict })),
    ]);
}

export function streamsOf({ finding, hand }: QueueEvent): readonly string[] {
  return finding?.streams ?? hand?.streams ?? [];
}

export function subjectOf({ detector, class: of, side, ticks }: QueueEvent): Verdict['of'] {
  return { detector, class: of, side, ticks: [ticks[0], ticks[1]] };
}
