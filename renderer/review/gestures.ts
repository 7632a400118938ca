import type { LastSaid } from '../../shared/review/overview.ts';
import { checkChange } from '../../shared/review/records.ts';
import type { Change, Layer, Note, Outcome, Property } from '../../shared/review/review.ts';
import { layerAfter } from '../../shared/review/step.ts';

/** One undoable step of a review: a name for menus and the records it sets. Made here, kept by the workstation. */
export interface Gesture {
  readonly name: string;
  readonly patch: readonly Change[];
}

type OutcomeValue = Outcome['value'];

const OUTCOME_WORDS: Readonly<Record<OutcomeValue, string>> = {
  success: 'success',
  success_suboptimal: 'suboptimal success',
  success_side_effect: 'success with a side effect',
  failure: 'failure',
  not_scored: 'not scored',
};

export function outcomeWord(value: OutcomeValue): string {
  return OUTCOME_WORDS[value];
}

export function setOutcome(value: OutcomeValue, reason?: string): Gesture {
  const text = reason?.trim();
  return {
    name: `Set outcome to ${outcomeWord(value)}`,
    patch: [{ map: 'outcome', id: 'episode', value: text ? { value, reason: text } : { value } }],
  };
}

export function giveReason(reason: string): Gesture {
  return { ...setOutcome('not_scored', reason), name: 'Say why it is not scored' };
}

export function clearOutcome(): Gesture {
  return { name: 'Clear the outcome', patch: [{ map: 'outcome', id: 'episode', value: null }] };
}

/** Empty text takes the description away. */
export function describe(text: string): Gesture {
  const said = text.trim();
  return {
    name: said === '' ? 'Remove the description' : 'Describe what happened',
    patch: [{ map: 'description', id: 'episode', value: said === '' ? null : { text: said } }],
  };
}

/** Null takes the property away. */
export function setProperty(key: string, value: Property | null): Gesture {
  return {
    name: value === null ? `Remove ${key}` : `Set ${key} to ${wordOf(value)}`.slice(0, 200),
    patch: [{ map: 'properties', id: key, value }],
  };
}

export function wordOf(value: Property): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

export type LastPart = 'outcome' | 'description' | 'properties';

/** What was said of another recording, said of this one too: these parts of it, in one step. */
export function copyLast(last: LastSaid, parts: readonly LastPart[]): Gesture {
  const patch: Change[] = [];
  if (parts.includes('outcome') && last.outcome) patch.push({ map: 'outcome', id: 'episode', value: last.outcome });
  if (parts.includes('description') && last.description)
    patch.push({ map: 'description', id: 'episode', value: last.description });
  if (parts.includes('properties'))
    for (const [id, value] of Object.entries(last.properties)) patch.push({ map: 'properties', id, value });
  return { name: 'Copy from the last annotation', patch };
}

export function addNote(id: string, note: Note): Gesture {
  return { name: 'Add a note', patch: [{ map: 'notes', id, value: note }] };
}

export function changeNote(id: string, note: Note): Gesture {
  return { name: 'Change a note', patch: [{ map: 'notes', id, value: note }] };
}

export function deleteNote(id: string): Gesture {
  return { name: 'Delete a note', patch: [{ map: 'notes', id, value: null }] };
}

/**
 * The layer as it will be once these gestures are kept. For showing what a person just said at once; what the workstation
 * answers replaces it. Records that cannot be read are left as they are.
 */
export function withGestures(layer: Layer, gestures: readonly Gesture[]): Layer {
  if (gestures.length === 0) return layer;
  const checked = gestures.flatMap(({ patch }) => patch.map(checkChange));
  return layerAfter(
    layer,
    checked.filter((change) => typeof change !== 'string'),
  );
}

/** Notes on the whole episode first, then by where they begin. */
export function sortedNotes(notes: Layer['notes']): [id: string, note: Note][] {
  const start = (note: Note) => note.ticks?.[0] ?? -1;
  return Object.entries(notes).sort(([a, first], [b, second]) => start(first) - start(second) || (a < b ? -1 : 1));
}
