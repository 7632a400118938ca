import { latestAtOrBefore } from '../../shared/time/sampling.ts';
import { notify } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { announce } from '../design/live-region.ts';
import { newId } from '../review/new-id.ts';
import { perform } from '../review/review-actions.ts';
import { useTimeline } from '../timeline/selection.ts';
import { eventInHand, openQueue } from './current-queue.ts';
import { addByHand, nudged, split, splitAt } from './edge-gestures.ts';
import { showOwn } from './findings-actions.ts';
import { useFindings } from './findings-state.ts';
import { moveTo, settleMove, ticksInHand } from './moving-edge.ts';

/** Moves the edge in hand by ticks, or by a second of recorded time. */
export function nudge(by: number | 'second earlier' | 'second later', inputAt?: number): void {
  const { open } = useSession.getState();
  const ticks = ticksInHand();
  if (!open || !ticks) return;
  const { edge } = useFindings.getState();
  const { times } = open.player;
  const at = ticks[edge === 'start' ? 0 : 1];
  const moved = typeof by === 'number' ? by : aSecondFrom(times, at, by === 'second later' ? 1 : -1) - at;
  const next = nudged(ticks, edge, moved, times.length - 1);
  if (next[0] !== ticks[0] || next[1] !== ticks[1]) moveTo(next, edge, inputAt);
}

function aSecondFrom(times: Float64Array, tick: number, direction: 1 | -1): number {
  const there = latestAtOrBefore(times, (times[tick] ?? 0) + direction * 1e9);
  return Math.min(times.length - 1, Math.max(0, there));
}

/** The other edge of the event is in hand, and shown. */
export function takeOtherEdge(inputAt?: number): void {
  const ticks = ticksInHand();
  const { open } = useSession.getState();
  if (!ticks || !open) return;
  const edge = useFindings.getState().edge === 'start' ? 'end' : 'start';
  useFindings.setState({ edge });
  open.player.pause();
  open.player.seek(ticks[edge === 'start' ? 0 : 1], inputAt);
  announce(`${edge === 'start' ? 'Start' : 'End'} in hand, tick ${ticks[edge === 'start' ? 0 : 1]}.`);
}

/** Where the playhead could split the event in hand; null where a part would be empty. */
export function splitTick(): number | null {
  const { open } = useSession.getState();
  const event = eventInHand();
  if (!open || !event) return null;
  const tick = open.player.commandedTick();
  return splitAt(event.ticks, tick) ? tick : null;
}

export async function splitSelected(): Promise<void> {
  await settleMove();
  const event = eventInHand();
  const { review, open } = useSession.getState();
  if (!event || !review || !open) return;
  const tick = splitTick();
  if (tick === null) {
    const [first, last] = event.ticks;
    const where = first === last ? 'it is one tick long' : `move the playhead to a tick from ${first + 1} to ${last}`;
    notify('info', `The finding cannot be split here: ${where}.`);
    return;
  }
  const ids = [newId(), newId()] as const;
  const gesture = split(event, tick, { ids, events: openQueue()?.events ?? [], annotator: review.annotator });
  if (!gesture) return;
  await perform(gesture);
  const [, second] = ids;
  showOwn(second);
}

/** Asks what the selection (else the tick on screen) is: the form stands in the panel. */
export function beginAdding(): void {
  const { open } = useSession.getState();
  if (!open) return;
  open.player.pause();
  const tick = open.player.commandedTick();
  useView.setState({ isInspectorShown: true, inspectorTab: 'findings' });
  useFindings.setState({ adding: { ticks: useTimeline.getState().selection ?? [tick, tick] } });
}

export async function addEvent(given: Parameters<typeof addByHand>[1]): Promise<void> {
  const id = newId();
  useFindings.setState({ adding: null });
  await perform(addByHand(id, given));
  showOwn(id);
}
