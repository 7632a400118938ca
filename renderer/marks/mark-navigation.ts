import { type MarkerFault, type Marks, markerFaults } from '../../shared/review/marker-faults.ts';
import { notify } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { runCommand } from '../commands/registry.ts';
import { announce } from '../design/live-region.ts';
import { withLeadIn } from '../findings/queue.ts';
import { withGestures } from '../review/gestures.ts';
import { useReviewState } from '../review/review-actions.ts';
import { listMarks, neighbourMark } from './marking.ts';
import { markInHand, marksShown, momentWords, selectMark, settleMove, useMarks } from './marks-state.ts';
import { type MarkMap, type MarkPart, rangeOf, tickOf } from './move-gestures.ts';
import { taxonomy } from './project.ts';

/** Going from mark to mark and from part to part: what is in hand, and what the panes show of it. */

export function showPanel(): void {
  useView.setState({ isInspectorShown: true, inspectorTab: 'marks' });
}

/** Takes the next part of the mark in hand, and shows it. */
export function takeNextPart(inputAt?: number): void {
  void settleMove();
  const [inHand, marks] = [markInHand(), marksShown()];
  if (!inHand || !marks) return;
  const parts = PARTS.filter((part) => tickOf(marks, inHand.map, inHand.id, part) !== null);
  const next = parts[(parts.indexOf(useMarks.getState().part) + 1) % parts.length];
  if (next) showMark(inHand.map, inHand.id, next, inputAt);
}

export const PARTS: readonly MarkPart[] = ['start', 'event', 'handOff', 'end'];
const PART_WORDS: Readonly<Record<MarkPart, string>> = {
  start: 'Start',
  event: 'Event',
  handOff: 'Hand-off',
  end: 'End',
};

export function partWord(part: MarkPart): string {
  return PART_WORDS[part];
}

/** Takes a mark in hand and shows the tick that keys move; a loop goes with it. */
export function showMark(map: MarkMap, id: string, part?: MarkPart, inputAt?: number): void {
  selectMark(map, id, part);
  const { open } = useSession.getState();
  const marks = marksShown();
  const { part: shown } = useMarks.getState();
  const tick = marks && tickOf(marks, map, id, shown);
  const range = marks && rangeOf(marks, map, id);
  if (!open || tick === null || range === null) return;
  const { player } = open;
  player.pause();
  if (player.state().loop) player.setLoop(withLeadIn(range, player.times));
  player.seek(tick, inputAt);
  announce(`${spokenMark(marks as Marks, map, id)} ${partWord(shown)} in hand, ${momentWords(tick)}.`);
}

/** Goes to a fault: its mark is in hand, and the tick it is about on screen. */
export function showFault({ map, id, tick }: Pick<MarkerFault, 'map' | 'id' | 'tick'>, inputAt?: number): void {
  const marks = marksShown();
  const part = marks && PARTS.find((each) => tickOf(marks, map, id, each) === tick);
  showMark(map, id, part ?? undefined, inputAt);
}

function spokenMark(marks: Marks, map: MarkMap, id: string): string {
  if (map === 'failures') return `Failure ${marks.failures[id]?.code ?? 'without a code'}.`;
  return map === 'recoveries' ? 'Recovery.' : `Task mark "${marks.taskMarks[id]?.label ?? ''}".`;
}

export function stepThroughMarks(by: 1 | -1, inputAt?: number): void {
  const { open } = useSession.getState();
  const marks = marksShown();
  if (!open || !marks) return;
  const next = neighbourMark(listMarks(marks), markInHand(), open.player.commandedTick(), by);
  if (next) showMark(next.map, next.id, undefined, inputAt);
  else notify('info', by > 0 ? 'No mark after this one.' : 'No mark before this one.');
}

/**
 * The next mark with something to settle, round the end; where no mark has, the outcome that is not said yet; then the next
 * episode without one is offered.
 */
export function showNextUnfinished(inputAt?: number): void {
  const { open, review } = useSession.getState();
  const [marks, codes] = [marksShown(), taxonomy()];
  if (!open || !review || !marks || !codes) return;
  const faults = markerFaults(marks, open.player.times.length, codes).filter(({ level }) => level !== 'note');
  const listed = listMarks(marks).filter((mark) => faults.some(({ map, id }) => map === mark.map && id === mark.id));
  const inHand = markInHand();
  const at = listed.findIndex(({ map, id }) => map === inHand?.map && id === inHand.id);
  const next = listed[(at + 1) % listed.length];
  if (next) {
    showPanel();
    const [first] = faults.filter(({ map, id }) => map === next.map && id === next.id);
    showMark(next.map, next.id, undefined, inputAt);
    if (first) announce(first.text);
    return;
  }
  if (!withGestures(review.own, useReviewState.getState().unsent).outcome) {
    useView.setState({ isInspectorShown: true, inspectorTab: 'review' });
    notify('info', 'No mark has anything to settle: what is left is the outcome of the episode.');
    return;
  }
  notify('good', 'Nothing is left to settle in this episode.', {
    label: 'Next without an outcome',
    run: () => runCommand('review.nextUnreviewed'),
  });
}

export function toggleMarkLoop(): void {
  const { open } = useSession.getState();
  const [inHand, marks] = [markInHand(), marksShown()];
  const range = inHand && marks && rangeOf(marks, inHand.map, inHand.id);
  if (!open || !range) return;
  const { player } = open;
  player.setLoop(player.state().loop ? null : withLeadIn(range, player.times));
}
