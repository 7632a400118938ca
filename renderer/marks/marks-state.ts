import { useSyncExternalStore } from 'react';
import { create } from 'zustand';
import type { Marks } from '../../shared/review/marker-faults.ts';
import type { Layer } from '../../shared/review/review.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { useSession } from '../app/session.ts';
import { commandsMayHaveChanged } from '../commands/registry.ts';
import { announce } from '../design/live-region.ts';
import { useFindings } from '../findings/findings-state.ts';
import { withLeadIn } from '../findings/queue.ts';
import { type Gesture, withGestures } from '../review/gestures.ts';
import { MovingStep } from '../review/moving-step.ts';
import { useReviewState } from '../review/review-actions.ts';
import type { PickerStep } from './choices.ts';
import { type MarkMap, type MarkPart, moveGesture, rangeOf, tickOf } from './move-gestures.ts';
import { performMarks } from './perform-marks.ts';

/** What this person marks in the open episode: which mark is in hand, and what of it is not kept yet. */
export interface MarksState {
  /** Id and revision of the recording these are of. */
  of: string;
  /** It may have been deleted or undone since: see markInHand. */
  selected: { map: MarkMap; id: string } | null;
  /** What keys move of it. */
  part: MarkPart;
  /** The step that is being made while a part moves: shown, and not yet kept. */
  moving: Gesture | null;
  /** What is being asked of a failure or a recovery, answered by digits or typing; null while nothing is. */
  picker: Asked | null;
  /** A step of the task that is being named: where it will stand; null while none is. */
  naming: readonly [number, number] | null;
  /** The failure whose words take the focus next; null once they have it. */
  writing: string | null;
  /** Keys of edges move this mark, not the finding in hand: whichever was taken in hand last. */
  holdsKeys: boolean;
}

export interface Asked {
  map: 'failures' | 'recoveries';
  id: string;
  step: PickerStep;
  /** A code that fits what a detector found: offered first, taken only when a person takes it. */
  suggested?: string | undefined;
}

const NOTHING: MarksState = {
  ...{ of: '', selected: null, part: 'event', moving: null },
  ...{ picker: null, naming: null, writing: null, holdsKeys: false },
};

export const useMarks = create<MarksState>(() => NOTHING);

interface MarkMove {
  map: MarkMap;
  id: string;
  part: MarkPart | 'whole';
  /** Where the part was before. */
  from: number;
}

const step = new MovingStep<MarkMove>({ keep, putBack, rested: playOn });

/** A loop was playing when what is on the move was taken up: it goes on once that rests. */
let isLoopHeld = false;

type Sources = [own: Layer, unsent: readonly Gesture[], moving: Gesture | null];

function remembered(): (...sources: Sources) => Marks {
  let last: { sources: Sources; marks: Marks } | undefined;
  return (...sources) => {
    if (last?.sources.every((source, index) => source === sources[index])) return last.marks;
    const [own, unsent, moving] = sources;
    const { failures, recoveries, taskMarks } = withGestures(own, moving ? [...unsent, moving] : unsent);
    last = { sources, marks: { failures, recoveries, taskMarks } };
    return last.marks;
  };
}
const shown = remembered();
const said = remembered();

/** This person's marks with the newest gesture and what is on the move; null until the review is read. */
export function marksShown(): Marks | null {
  const { review } = useSession.getState();
  return review && shown(review.own, useReviewState.getState().unsent, useMarks.getState().moving);
}

/** As `marksShown`, without what is on the move: what the next gesture is made from. */
export function marksSaid(): Marks | null {
  const { review } = useSession.getState();
  return review && said(review.own, useReviewState.getState().unsent, null);
}

function subscribe(listener: () => void): () => void {
  const stops = [useSession, useReviewState, useMarks].map((store) => store.subscribe(listener));
  return () => {
    for (const stop of stops) stop();
  };
}

export function useMarksShown(): Marks | null {
  return useSyncExternalStore(subscribe, marksShown);
}

export function useMarksSaid(): Marks | null {
  return useSyncExternalStore(subscribe, marksSaid);
}

/** The mark in hand, if it is still there. */
export function markInHand(): MarksState['selected'] {
  const { selected } = useMarks.getState();
  const marks = marksShown();
  return selected && marks && Object.hasOwn(marks[selected.map], selected.id) ? selected : null;
}

export function useMarkInHand(): MarksState['selected'] {
  return useSyncExternalStore(subscribe, markInHand);
}

/**
 * Takes a mark in hand: keys move `part` of it from now on (default: as before where it was in hand already, else the
 * event of a failure and the start of anything else). What is on the move is kept first. Seeks nowhere.
 */
export function selectMark(map: MarkMap, id: string, part?: MarkPart): void {
  const { selected, part: before } = useMarks.getState();
  const isSame = selected?.map === map && selected.id === id;
  if (step.current() !== null && !isSame) void settleMove();
  const next = part ?? (isSame ? before : map === 'failures' ? 'event' : 'start');
  if (!isSame) useMarks.setState({ selected: { map, id }, part: next, picker: null, holdsKeys: true });
  else if (next !== before || !useMarks.getState().holdsKeys) useMarks.setState({ part: next, holdsKeys: true });
  commandsMayHaveChanged();
}

/** Nothing is in hand. */
export function dropMark(): void {
  void settleMove();
  useMarks.setState({ selected: null, picker: null, holdsKeys: false });
  commandsMayHaveChanged();
}

/** A drag begins: the mark is in hand, and what was on the move before is kept. */
export function beginMove(map: MarkMap, id: string, part: MarkPart | 'whole'): void {
  void settleMove();
  selectMark(map, id, part === 'whole' ? undefined : part);
}

/**
 * Shows a part of a mark ("whole": the mark, begun there) at a tick, in the panes too. Held within the recording and by
 * the mark's other end. `isResting`: it is kept after a rest (keys); else when it is settled (a drag).
 */
export function moveTo(
  map: MarkMap,
  id: string,
  part: MarkPart | 'whole',
  tick: number,
  {
    inputAt,
    isResting = false,
    seeks = true,
  }: { inputAt?: number | undefined; isResting?: boolean; seeks?: boolean } = {},
): void {
  const { open } = useSession.getState();
  const before = step.current();
  if (before && (before.map !== map || before.id !== id || before.part !== part)) beginMove(map, id, part);
  else selectMark(map, id, part === 'whole' ? undefined : part);
  const marks = marksSaid();
  const seen = part === 'whole' ? 'start' : part;
  const from = marks && tickOf(marks, map, id, seen);
  if (!open || marks === null || from === null) return;
  const { player } = open;
  const { playing, loop } = player.state();
  if (step.current() === null) isLoopHeld = playing && loop !== null;
  step.show({ map, id, part, from }, isResting);
  moveLoopWith({ map, id }, () =>
    useMarks.setState({ moving: moveGesture(marks, map, id, part, tick, player.times.length) }),
  );
  if (!seeks) return;
  const reached = tickOf(marksShown() ?? marks, map, id, seen) ?? from;
  player.pause();
  player.seek(reached, inputAt);
}

/** Keeps what is on the move, as one step. */
export function settleMove(): Promise<void> {
  return step.settle();
}

/** Puts what is on the move back where it was. */
export function cancelMove(): void {
  step.cancel();
}

async function keep({ map, id, part }: MarkMove): Promise<void> {
  const { moving } = useMarks.getState();
  if (!moving) return;
  const tick = tickOf(
    marksShown() ?? { failures: {}, recoveries: {}, taskMarks: {} },
    map,
    id,
    part === 'whole' ? 'start' : part,
  );
  const kept = performMarks(moving);
  useMarks.setState({ moving: null });
  await kept;
  if (tick !== null) announce(`${moving.name}: ${momentWords(tick)}.`);
}

function putBack({ map, id, from }: MarkMove): void {
  moveLoopWith({ map, id }, () => useMarks.setState({ moving: null }));
  useSession.getState().open?.player.seek(from);
  playOn();
}

/** A loop over the mark goes with it, whatever changes of it. */
function moveLoopWith({ map, id }: { map: MarkMap; id: string }, change: () => void): void {
  const player = useSession.getState().open?.player;
  const loop = player?.state().loop ?? null;
  const before = loop && rangeShown(map, id);
  change();
  const after = rangeShown(map, id);
  if (!player || !loop || !before || !after) return;
  if (isSameRange(loop, withLeadIn(before, player.times))) player.setLoop(withLeadIn(after, player.times));
}

function rangeShown(map: MarkMap, id: string): readonly [number, number] | null {
  const marks = marksShown();
  return marks && rangeOf(marks, map, id);
}

function isSameRange(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** After a drag or a burst of presses: the loop that was held for it plays on. */
export function playOn(): void {
  const player = useSession.getState().open?.player;
  if (isLoopHeld && player && player.state().loop !== null && !player.state().playing) player.play();
  isLoopHeld = false;
}

/** "12.40 s, tick 372", of the open episode. */
export function momentWords(tick: number): string {
  const times = useSession.getState().open?.player.times;
  if (!times || times.length === 0) return `tick ${tick}`;
  return `${formatTime(times[Math.min(tick, times.length - 1)] ?? 0)}, tick ${tick}`;
}

/** Another recording has marks of its own. Answers the way to stop. */
export function followMarks(): () => void {
  const follow = () => {
    const { open } = useSession.getState();
    const of = open ? `${open.episode.id} ${open.fingerprint ?? ''}` : '';
    if (of !== useMarks.getState().of) useMarks.setState({ ...NOTHING, of });
  };
  follow();
  const stopSession = useSession.subscribe(follow);
  // A finding that is taken in hand after a mark has the keys of edges.
  const stopFindings = useFindings.subscribe(({ selected }, before) => {
    if (selected === null || selected === before.selected || !useMarks.getState().holdsKeys) return;
    void settleMove();
    useMarks.setState({ holdsKeys: false });
    commandsMayHaveChanged();
  });
  return () => {
    stopSession();
    stopFindings();
  };
}
