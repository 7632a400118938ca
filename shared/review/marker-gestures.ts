import {
  type Edge,
  joinOf,
  moveRange,
  splitAt,
  splitFailure,
  splitRecovery,
  type TickRange,
  windowAround,
  withEvent,
  withWindow,
} from './marker-edits.ts';
import type { Marks } from './marker-faults.ts';
import type { Failure, Recovery, TaskMark, WindowSeconds } from './markers.ts';
import type { Change } from './review.ts';

/** One undoable step of marking: a name for menus and the records it sets, for the layer whose marks it was made from. */
export interface MarkerGesture {
  readonly name: string;
  readonly patch: Change[];
}

/** A failure seen at a tick, with the project's window around it and nothing said of it yet. */
export function markFailure(id: string, event: number, times: Float64Array, window: WindowSeconds): MarkerGesture {
  const failure: Failure = {
    event,
    window: windowAround(times, event, window),
    ...{ code: null, severity: null, resetability: null, whatHappened: '', handOff: null },
  };
  return { name: 'Mark a failure', patch: [set('failures', id, failure)] };
}

export function moveEvent(marks: Marks, id: string, event: number): MarkerGesture {
  return { name: 'Move failure event', patch: [set('failures', id, withEvent(failureOf(marks, id), event))] };
}

/** `edge` names the step; both ends are given, whichever of them moved. */
export function moveWindow(marks: Marks, id: string, window: TickRange, edge: Edge): MarkerGesture {
  return { name: `Move failure ${edge}`, patch: [set('failures', id, withWindow(failureOf(marks, id), window))] };
}

/** The whole failure put so that its window begins at a tick: its event goes with it, a hand-off stays where it is. */
export function moveFailure(marks: Marks, id: string, to: number, ticks: number): MarkerGesture {
  const failure = failureOf(marks, id);
  const window = moveRange(failure.window, to, ticks);
  const event = failure.event + window[0] - failure.window[0];
  return { name: 'Move failure', patch: [set('failures', id, { ...failure, event, window })] };
}

export function markHandOff(marks: Marks, id: string, tick: number | null): MarkerGesture {
  const name = tick === null ? 'Remove the hand-off' : 'Mark the hand-off';
  return { name, patch: [set('failures', id, { ...failureOf(marks, id), handOff: tick })] };
}

export function moveHandOff(marks: Marks, id: string, tick: number): MarkerGesture {
  return { ...markHandOff(marks, id, tick), name: 'Move the hand-off' };
}

type Said = Pick<Failure, 'code' | 'severity' | 'resetability' | 'whatHappened'>;
const SAID_WORDS: Readonly<Record<keyof Said, string>> = {
  code: 'Choose a failure code',
  severity: 'Choose a severity',
  resetability: 'Choose a resetability',
  whatHappened: 'Say what happened',
};

/** One of the things that are said of a failure. */
export function describeFailure<Key extends keyof Said>(
  marks: Marks,
  id: string,
  key: Key,
  value: Said[Key],
): MarkerGesture {
  return { name: SAID_WORDS[key], patch: [set('failures', id, { ...failureOf(marks, id), [key]: value })] };
}

/** The part from `at` on gets an id of its own, and the recoveries from there on with it. Null where nothing would be on one side. */
export function splitFailureAt(marks: Marks, id: string, at: number, newId: string): MarkerGesture | null {
  const parts = splitFailure(failureOf(marks, id), at);
  if (!parts) return null;
  const later = recoveriesOf(marks, id).filter(([, { ticks }]) => ticks[0] >= at);
  return {
    name: 'Split failure',
    patch: [
      set('failures', id, parts[0]),
      set('failures', newId, parts[1]),
      ...later.map(([recovery, value]) => set('recoveries', recovery, { ...value, failure: newId })),
    ],
  };
}

/** With its recoveries: none of them stands alone. */
export function deleteFailure(marks: Marks, id: string): MarkerGesture {
  const own = recoveriesOf(marks, id);
  const name = own.length === 0 ? 'Delete failure' : 'Delete failure and its recovery';
  return { name, patch: [set('failures', id, null), ...own.map(([recovery]) => set('recoveries', recovery, null))] };
}

/** Nothing (null) where there is no such failure: a recovery without one is refused. */
export function markRecovery(marks: Marks, id: string, failure: string, ticks: TickRange): MarkerGesture | null {
  if (!Object.hasOwn(marks.failures, failure)) return null;
  const recovery: Recovery = {
    ...{ failure, ticks: [ticks[0], ticks[1]] },
    ...{ controlMode: null, howRecovered: '', outcome: null },
  };
  return { name: 'Mark a recovery', patch: [set('recoveries', id, recovery)] };
}

/** Of one that was begun: the range it covered after all. */
export function endRecovery(marks: Marks, id: string, ticks: TickRange): MarkerGesture {
  return { ...moveRecovery(marks, id, ticks, 'both'), name: 'End the recovery' };
}

export function moveRecovery(marks: Marks, id: string, ticks: TickRange, edge: Edge | 'both'): MarkerGesture {
  const name = edge === 'both' ? 'Move recovery' : `Move recovery ${edge}`;
  return { name, patch: [set('recoveries', id, { ...recoveryOf(marks, id), ticks: [ticks[0], ticks[1]] })] };
}

const RECOVERY_WORDS = {
  controlMode: 'Say who steered the recovery',
  howRecovered: 'Say how it recovered',
  outcome: 'Say how the recovery ended',
  failure: 'Link the recovery to another failure',
} as const;

/** Null where it would be linked to a failure that is not there. */
export function describeRecovery<Key extends keyof typeof RECOVERY_WORDS>(
  marks: Marks,
  id: string,
  key: Key,
  value: Recovery[Key],
): MarkerGesture | null {
  if (key === 'failure' && !Object.hasOwn(marks.failures, value as string)) return null;
  return { name: RECOVERY_WORDS[key], patch: [set('recoveries', id, { ...recoveryOf(marks, id), [key]: value })] };
}

export function deleteRecovery(id: string): MarkerGesture {
  return { name: 'Delete recovery', patch: [set('recoveries', id, null)] };
}

/** The part from `at` on gets an id of its own. Null where there would be nothing on one side. */
export function splitRecoveryAt(marks: Marks, id: string, at: number, newId: string): MarkerGesture | null {
  const parts = splitRecovery(recoveryOf(marks, id), at);
  return (
    parts && { name: 'Split recovery', patch: [set('recoveries', id, parts[0]), set('recoveries', newId, parts[1])] }
  );
}

/** Two attempts at one failure become one, with what was said of the later. Null for those of two failures. */
export function joinRecoveries(marks: Marks, id: string, other: string): MarkerGesture | null {
  const [a, b] = [recoveryOf(marks, id), recoveryOf(marks, other)];
  if (a.failure !== b.failure || id === other) return null;
  const [first, later] = a.ticks[0] <= b.ticks[0] ? [a, b] : [b, a];
  const howRecovered = [first.howRecovered, later.howRecovered].filter((text) => text.trim() !== '').join('\n');
  const joined: Recovery = {
    ...later,
    controlMode: later.controlMode ?? first.controlMode,
    outcome: later.outcome ?? first.outcome,
    howRecovered,
    ticks: joinOf(a.ticks, b.ticks),
  };
  return { name: 'Join recoveries', patch: [set('recoveries', id, joined), set('recoveries', other, null)] };
}

export function setTaskMark(id: string, mark: TaskMark | null): MarkerGesture {
  return { name: mark ? 'Mark a step of the task' : 'Delete a task mark', patch: [set('taskMarks', id, mark)] };
}

export function moveTaskMark(marks: Marks, id: string, ticks: TickRange, edge: Edge | 'both'): MarkerGesture {
  const name = edge === 'both' ? 'Move task mark' : `Move task mark ${edge}`;
  return { name, patch: [set('taskMarks', id, { ...taskMarkOf(marks, id), ticks: [ticks[0], ticks[1]] })] };
}

/** The part from `at` on gets an id of its own. Null where there would be nothing on one side. */
export function splitTaskMark(marks: Marks, id: string, at: number, newId: string): MarkerGesture | null {
  const mark = taskMarkOf(marks, id);
  const parts = splitAt(mark.ticks, at);
  if (!parts) return null;
  const [first, second] = parts.map((ticks) => ({ ...mark, ticks })) as [TaskMark, TaskMark];
  return { name: 'Split task mark', patch: [set('taskMarks', id, first), set('taskMarks', newId, second)] };
}

/** Two of the same label become one. Null for those of two labels. */
export function joinTaskMarks(marks: Marks, id: string, other: string): MarkerGesture | null {
  const [a, b] = [taskMarkOf(marks, id), taskMarkOf(marks, other)];
  if (a.label !== b.label || id === other) return null;
  const joined: TaskMark = { ...a, ticks: joinOf(a.ticks, b.ticks) };
  return { name: 'Join task marks', patch: [set('taskMarks', id, joined), set('taskMarks', other, null)] };
}

/** In order of time. */
export function recoveriesOf(marks: Marks, failure: string): [id: string, recovery: Recovery][] {
  return Object.entries(marks.recoveries)
    .filter(([, recovery]) => recovery.failure === failure)
    .sort(([, a], [, b]) => a.ticks[0] - b.ticks[0]);
}

function set(map: keyof Marks, id: string, value: Failure | Recovery | TaskMark | null): Change {
  return { map, id, value };
}

function failureOf({ failures }: Marks, id: string): Failure {
  if (!Object.hasOwn(failures, id)) throw new Error(`There is no failure "${id}" to change.`);
  return failures[id] as Failure;
}

function recoveryOf({ recoveries }: Marks, id: string): Recovery {
  if (!Object.hasOwn(recoveries, id)) throw new Error(`There is no recovery "${id}" to change.`);
  return recoveries[id] as Recovery;
}

function taskMarkOf({ taskMarks }: Marks, id: string): TaskMark {
  if (!Object.hasOwn(taskMarks, id)) throw new Error(`There is no task mark "${id}" to change.`);
  return taskMarks[id] as TaskMark;
}
