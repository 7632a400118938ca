import { tickAfter } from '../../shared/review/marker-edits.ts';
import type { Marks } from '../../shared/review/marker-faults.ts';
import {
  deleteFailure,
  deleteRecovery,
  endRecovery,
  joinRecoveries,
  joinTaskMarks,
  markFailure,
  markHandOff,
  markRecovery,
  setTaskMark,
  splitFailureAt,
  splitRecoveryAt,
  splitTaskMark,
} from '../../shared/review/marker-gestures.ts';
import { notify } from '../app/notices.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { announce } from '../design/live-region.ts';
import { eventInHand } from '../findings/current-queue.ts';
import type { Gesture } from '../review/gestures.ts';
import { newId } from '../review/new-id.ts';
import { useTimeline } from '../timeline/selection.ts';
import { type PickerStep, STEPS, suggestedCode } from './choices.ts';
import { showPanel } from './mark-navigation.ts';
import { failureFor, joinable, meantTick, recoveryStep } from './marking.ts';
import {
  dropMark,
  markInHand,
  marksSaid,
  marksShown,
  momentWords,
  moveTo,
  selectMark,
  settleMove,
  useMarks,
} from './marks-state.ts';
import { type MarkMap, rangeOf, tickOf } from './move-gestures.ts';
import { performMarks } from './perform-marks.ts';
import { failureWindow, reactionMs } from './project.ts';

/** What keys, buttons and the palette do with marks of the open episode. Each is one step, and says what came of it. */

/**
 * The open recording and its marks, with what was on the move said too; null while nothing can be marked. Nothing is waited
 * for: the next key finds what this one made, wherever that is on its way.
 */
function atHand(): { open: OpenEpisode; marks: Marks; tick: number } | null {
  const { open } = useSession.getState();
  void settleMove();
  const marks = marksSaid();
  return open && marks && { open, marks, tick: playheadTick(open) };
}

/** Where a person means to mark: while it plays, the tick on screen their reaction time ago. */
function playheadTick({ player }: OpenEpisode): number {
  const state = player.state();
  const tick = state.playing ? (player.shown()?.header.tick ?? player.commandedTick()) : player.commandedTick();
  return meantTick(player.times, tick, state, reactionMs());
}

/** A failure at the playhead, in hand; at rest it is asked at once which one. */
export async function markFailureHere(): Promise<void> {
  const given = atHand();
  if (given) await addFailure(given.open, given.tick);
}

/** What a detector found becomes a failure, seen where the finding begins; a code that fits it is offered, not taken. */
export async function markFindingAsFailure(): Promise<void> {
  const event = eventInHand();
  const given = atHand();
  if (!given || !event) return;
  given.open.player.pause();
  given.open.player.seek(event.ticks[0]);
  await addFailure(given.open, event.ticks[0], suggestedCode(event.class));
}

async function addFailure({ player }: OpenEpisode, tick: number, suggested?: string): Promise<void> {
  const id = newId();
  const isAsked = !player.state().playing;
  const kept = performMarks(markFailure(id, tick, player.times, failureWindow()));
  selectMark('failures', id, 'event');
  showPanel();
  if (isAsked) useMarks.setState({ picker: { map: 'failures', id, step: 'code', suggested } });
  await kept;
  announce(`Failure marked at ${momentWords(tick)}.`);
}

/** Asks what the failure or the recovery in hand is: the first thing not said yet, else from the start. */
export function askWhatItIs(from?: PickerStep): void {
  const [inHand, marks] = [markInHand(), marksShown()];
  if (!inHand || inHand.map === 'taskMarks' || !marks) return;
  const { map, id } = inHand;
  const [first] = STEPS[map];
  const mark = marks[map][id] as unknown as Record<string, unknown>;
  const step = from ?? STEPS[map].find((each) => mark[each] === null) ?? first;
  showPanel();
  if (step) useMarks.setState({ picker: { map, id, step } });
}

/** The hand-off of the failure in hand at the playhead; pressed again at the same tick, it is taken back. */
export async function markHandOffHere(): Promise<void> {
  const given = atHand();
  if (!given) return;
  const { marks, tick } = given;
  const failure = failureFor(marks, markInHand(), tick);
  if (failure === undefined) {
    notify('info', 'A hand-off belongs to a failure: mark the failure first.');
    return;
  }
  const isTakenBack = marks.failures[failure]?.handOff === tick;
  const kept = performMarks(markHandOff(marks, failure, isTakenBack ? null : tick));
  selectMark('failures', failure, isTakenBack ? 'event' : 'handOff');
  await kept;
  announce(isTakenBack ? 'The hand-off is taken back.' : `Hand-off marked at ${momentWords(tick)}.`);
}

/** Begins a recovery of the failure in hand, or ends the one that was begun. */
export async function markRecoveryHere(): Promise<void> {
  const given = atHand();
  if (!given) return;
  const { marks, tick } = given;
  const failure = failureFor(marks, markInHand(), tick);
  if (failure === undefined) {
    notify('info', 'A recovery belongs to a failure: mark the failure first.');
    return;
  }
  const step = recoveryStep(marks, failure, tick, useTimeline.getState().selection);
  if (step === null) {
    notify('info', 'The recovery begins at this tick: go to where it ends, then end it there.');
    return;
  }
  const id = step.kind === 'end' ? step.id : newId();
  const gesture =
    step.kind === 'end' ? endRecovery(marks, id, step.ticks) : markRecovery(marks, id, failure, step.ticks);
  if (!gesture) return;
  const kept = performMarks(gesture);
  selectMark('recoveries', id, 'end');
  const [first, last] = step.ticks;
  if (first < last && !given.open.player.state().playing) askWhatItIs();
  await kept;
  announce(
    first === last
      ? `Recovery begun at ${momentWords(first)}.`
      : `Recovery from ${momentWords(first)} to ${momentWords(last)}.`,
  );
}

/** Asks what the step of the task at the playhead, or over the selection around it, is called. */
export function beginTaskMark(): void {
  const given = atHand();
  if (!given) return;
  const { open, tick } = given;
  const { selection } = useTimeline.getState();
  const isMeant = selection && selection[0] <= tick && tick <= selection[1];
  open.player.pause();
  showPanel();
  useMarks.setState({ naming: isMeant ? selection : [tick, tick], picker: null });
}

export async function addTaskMark(label: string, ticks: readonly [number, number]): Promise<void> {
  const id = newId();
  useMarks.setState({ naming: null });
  const kept = performMarks(setTaskMark(id, { label, ticks: [ticks[0], ticks[1]] }));
  selectMark('taskMarks', id, 'end');
  await kept;
  announce(`Task mark "${label}" at ${momentWords(ticks[0])}.`);
}

/** One end of the mark in hand put at the playhead; refused where it would pass the other end, or a failure's event. */
export async function setEnd(end: 'start' | 'end'): Promise<void> {
  const inHand = markInHand();
  const given = atHand();
  const range = given && inHand && rangeOf(given.marks, inHand.map, inHand.id);
  if (!given || !inHand || !range) return;
  const { map, id } = inHand;
  const limit = tickOf(given.marks, map, id, 'event') ?? range[end === 'start' ? 1 : 0];
  if (end === 'start' ? given.tick > limit : given.tick < limit) {
    const what = map === 'failures' ? 'the failure was seen' : end === 'start' ? 'it ends' : 'it begins';
    const side = end === 'start' ? `start after ${what}` : `end before ${what}`;
    notify('info', `It cannot ${side} (${momentWords(limit)}): move that first.`);
    return;
  }
  moveTo(map, id, end, given.tick, { seeks: false });
  await settleMove();
}

/** The part in hand put at the playhead. */
export async function putPartHere(inputAt?: number): Promise<void> {
  const inHand = markInHand();
  const given = atHand();
  const { part } = useMarks.getState();
  if (!given || !inHand) return;
  if (part === 'start' || part === 'end') await setEnd(part);
  else {
    moveTo(inHand.map, inHand.id, part, given.tick, { inputAt });
    await settleMove();
  }
}

/** Moves the part in hand by ticks, or by a second of recorded time; presses that follow each other are one step. */
export function nudge(by: number | 'second earlier' | 'second later', inputAt?: number): void {
  const { open } = useSession.getState();
  const [inHand, marks] = [markInHand(), marksShown()];
  const { part } = useMarks.getState();
  const from = inHand && marks && tickOf(marks, inHand.map, inHand.id, part);
  if (!open || !inHand || from === null) return;
  const { times } = open.player;
  const to = typeof by === 'number' ? from + by : tickAfter(times, from, by === 'second later' ? 1 : -1);
  moveTo(inHand.map, inHand.id, part, to, { inputAt, isResting: true });
}

export async function deleteMark(): Promise<void> {
  const given = atHand();
  const inHand = markInHand();
  if (!given || !inHand) return;
  const { map, id } = inHand;
  const of = map === 'recoveries' ? given.marks.recoveries[id]?.failure : undefined;
  const kept = performMarks(deletion(given.marks, map, id));
  if (of !== undefined && Object.hasOwn(given.marks.failures, of)) selectMark('failures', of);
  else dropMark();
  await kept;
}

function deletion(marks: Marks, map: MarkMap, id: string): Gesture {
  if (map === 'failures') return deleteFailure(marks, id);
  return map === 'recoveries' ? deleteRecovery(id) : setTaskMark(id, null);
}

const SPLITS = { failures: splitFailureAt, recoveries: splitRecoveryAt, taskMarks: splitTaskMark };

export async function splitMark(): Promise<void> {
  const given = atHand();
  const inHand = markInHand();
  if (!given || !inHand) return;
  const { map, id } = inHand;
  const second = newId();
  const gesture = SPLITS[map](given.marks, id, given.tick, second);
  if (!gesture) {
    const [first, last] = rangeOf(given.marks, map, id) ?? [0, 0];
    const where = first === last ? 'it is one tick long' : `move the playhead to a tick from ${first + 1} to ${last}`;
    notify('info', `The mark cannot be split here: ${where}.`);
    return;
  }
  const kept = performMarks(gesture);
  selectMark(map, second, 'start');
  await kept;
}

export async function joinMark(): Promise<void> {
  const given = atHand();
  const inHand = markInHand();
  const other = given && inHand && joinable(given.marks, inHand);
  if (!given || !inHand) return;
  const gesture = other
    ? (inHand.map === 'recoveries' ? joinRecoveries : joinTaskMarks)(given.marks, inHand.id, other)
    : null;
  if (gesture) await performMarks(gesture);
  else
    notify(
      'info',
      inHand.map === 'taskMarks'
        ? 'There is no other task mark of this label to join with.'
        : 'Only attempts at the same failure can be joined: there is no other.',
    );
}
