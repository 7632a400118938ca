import { onLeaving } from '../app/leaving.ts';
import { useSession } from '../app/session.ts';
import { registerCommand } from '../commands/registry.ts';
import { announce } from '../design/live-region.ts';
import { newId } from '../review/new-id.ts';
import { perform } from '../review/review-actions.ts';
import type { MovableEdges } from '../timeline/lanes.ts';
import { select } from '../timeline/selection.ts';
import { eventInHand, openQueue } from './current-queue.ts';
import { type Edge, reshape } from './edge-gestures.ts';
import { useFindings } from './findings-state.ts';
import { type QueueEvent, withLeadIn } from './queue.ts';

/**
 * An edge of the event in hand on the move: presses of a key (held, too) that follow each other closely, or one drag, are
 * one step. It is shown at once, and kept when it rests or anything else is done.
 */
const REST_MS = 700;

interface Move {
  /** As it was before the first press. */
  event: QueueEvent;
  /** Of the event that is made where there is none to change. */
  id: string;
  ticks: readonly [number, number];
}

let move: Move | null = null;
let timer: number | undefined;
let stopUndo = () => {};

/** Its ticks as they are shown while they move. */
export function ticksInHand(): readonly [number, number] | undefined {
  return move?.ticks ?? eventInHand()?.ticks;
}

/** Shows the event in hand with other ends; they are kept after a rest. */
export function moveTo(ticks: readonly [number, number], edge: Edge, inputAt?: number, isResting = true): void {
  const { open, review } = useSession.getState();
  const event = move?.event ?? eventInHand();
  if (!open || !review || !event) return;
  if (!move) {
    move = { event, id: newId(), ticks: event.ticks };
    // What is not kept yet is taken back by putting it back.
    stopUndo = registerCommand('edit.undo', { run: cancelMove });
  }
  move = { ...move, ticks };
  const isUnmoved = ticks[0] === event.ticks[0] && ticks[1] === event.ticks[1];
  const events = openQueue()?.events ?? [];
  const moving = isUnmoved ? null : reshape(event, ticks, { id: move.id, events, annotator: review.annotator });
  const isMine = event.hand !== null && event.maker === review.annotator;
  useFindings.setState({ moving, edge, selected: isUnmoved || isMine ? event.id : move.id });
  select([ticks[0], ticks[1]]);
  const { player } = open;
  player.pause();
  player.setLoop(withLeadIn(ticks, player.times));
  player.seek(ticks[edge === 'start' ? 0 : 1], inputAt);
  window.clearTimeout(timer);
  if (isResting) timer = window.setTimeout(() => void settleMove(), REST_MS);
}

/** Keeps what was moved, as one step. */
export async function settleMove(): Promise<void> {
  rest();
  const { moving } = useFindings.getState();
  const done = move;
  move = null;
  if (!moving || !done) return;
  const kept = perform(moving);
  useFindings.setState({ moving: null });
  await kept;
  announce(`${moving.name}: ticks ${done.ticks.join(' to ')}.`);
}

/** The ends of the event in hand, for dragging them on the lane; none of a part of another event. */
export function edgesOf(event: QueueEvent): MovableEdges | undefined {
  if (event.decision?.verdict.value === 'merge') return undefined;
  return {
    ticks: event.ticks,
    move: (end, tick, inputAt) => {
      const [first, last] = ticksInHand() ?? event.ticks;
      moveTo(
        end === 0 ? [Math.min(tick, last), last] : [first, Math.max(tick, first)],
        end === 0 ? 'start' : 'end',
        inputAt,
        false,
      );
    },
    settle: () => void settleMove(),
    cancel: cancelMove,
  };
}

/** Puts the edges back where they were. */
function cancelMove(): void {
  rest();
  const back = move?.event;
  move = null;
  if (!back) return;
  useFindings.setState({ moving: null, selected: back.id });
  select([back.ticks[0], back.ticks[1]]);
  const { open } = useSession.getState();
  open?.player.setLoop(withLeadIn(back.ticks, open.player.times));
  open?.player.seek(back.ticks[0]);
}

function rest(): void {
  window.clearTimeout(timer);
  stopUndo();
  stopUndo = () => {};
}

/** What is on the move is kept before another recording is opened or the page is left. Answers the way to stop. */
export function followMove(): () => void {
  return useSession.subscribe(({ opening }) => {
    if (opening !== null && move) void settleMove();
  });
}

onLeaving(() => void settleMove());
