import { useSession } from '../app/session.ts';
import { announce } from '../design/live-region.ts';
import { MovingStep } from '../review/moving-step.ts';
import { newId } from '../review/new-id.ts';
import { perform } from '../review/review-actions.ts';
import type { MovableEdges } from '../timeline/lanes.ts';
import { select } from '../timeline/selection.ts';
import { eventInHand, openQueue } from './current-queue.ts';
import { type Edge, reshape } from './edge-gestures.ts';
import { useFindings } from './findings-state.ts';
import { type QueueEvent, withLeadIn } from './queue.ts';

/** An edge of the event in hand on the move. */
interface Move {
  /** As it was before the first press. */
  event: QueueEvent;
  /** Of the event that is made where there is none to change. */
  id: string;
  ticks: readonly [number, number];
}

const step = new MovingStep<Move>({ keep, putBack });

/** Its ticks as they are shown while they move. */
export function ticksInHand(): readonly [number, number] | undefined {
  return step.current()?.ticks ?? eventInHand()?.ticks;
}

/** Shows the event in hand with other ends; they are kept after a rest. */
export function moveTo(ticks: readonly [number, number], edge: Edge, inputAt?: number, isResting = true): void {
  const { open, review } = useSession.getState();
  const before = step.current();
  const event = before?.event ?? eventInHand();
  if (!open || !review || !event) return;
  const move: Move = { event, id: before?.id ?? newId(), ticks };
  step.show(move, isResting);
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
}

/** Keeps what was moved, as one step. */
export function settleMove(): Promise<void> {
  return step.settle();
}

async function keep(done: Move): Promise<void> {
  const { moving } = useFindings.getState();
  if (!moving) return;
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
    cancel: () => step.cancel(),
  };
}

/** Puts the edges back where they were. */
function putBack({ event }: Move): void {
  useFindings.setState({ moving: null, selected: event.id });
  select([event.ticks[0], event.ticks[1]]);
  const { open } = useSession.getState();
  open?.player.setLoop(withLeadIn(event.ticks, open.player.times));
  open?.player.seek(event.ticks[0]);
}
