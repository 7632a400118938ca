import { STAGE_JOB } from '../../shared/api/jobs.ts';
import { api } from '../app/api.ts';
import { attempt, notify } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { commandsMayHaveChanged, registerCommands } from '../commands/registry.ts';
import { announce } from '../design/live-region.ts';
import { withGestures } from '../review/gestures.ts';
import { newId } from '../review/new-id.ts';
import { canReview, perform, useReviewState } from '../review/review-actions.ts';
import { select } from '../timeline/selection.ts';
import { findingsInForce, useFindings } from './findings-state.ts';
import { classWord, neighbourOf, nextUndecided, type Queue, type QueueEvent, queueOf, withLeadIn } from './queue.ts';
import { decide, join } from './verdict-gestures.ts';

/** The queue as it is now, with what was just decided; null where nothing was looked for. */
export function currentQueue(): Queue | null {
  const findings = findingsInForce(useFindings.getState());
  const { review } = useSession.getState();
  if (!findings || !review) return null;
  const own = withGestures(review.own, useReviewState.getState().unsent);
  return queueOf(findings, { own, others: review.others });
}

function selectedEvent(queue = currentQueue()): QueueEvent | undefined {
  const { selected } = useFindings.getState();
  return queue?.events.find(({ id }) => id === selected);
}

/** Shows an event: its ticks are selected, and looped with a lead-in. */
export function showEvent(event: QueueEvent, inputAt?: number, isFocused = false): void {
  const { open } = useSession.getState();
  if (!open) return;
  const { player } = open;
  const [first, last] = withLeadIn(event.ticks, player.times);
  useFindings.setState({ selected: event.id, focusOn: isFocused ? event.id : null });
  select([event.ticks[0], event.ticks[1]]);
  player.pause();
  player.setLoop([first, last]);
  player.seek(event.ticks[0], inputAt);
  commandsMayHaveChanged();
}

export function showNextUndecided(inputAt?: number): void {
  const queue = currentQueue();
  useView.setState({ isInspectorShown: true, inspectorTab: 'findings' });
  if (!queue) return;
  const next = nextUndecided(queue.events, useFindings.getState().selected);
  if (next) showEvent(next, inputAt, true);
  else notify('good', 'Nothing in this recording is undecided.');
}

/** A verdict on the event in hand; then the next undecided one is shown. */
export async function decideSelected(value: 'keep' | 'cut' | null, event = selectedEvent()): Promise<void> {
  if (!event) return;
  const next = nextUndecided(currentQueue()?.events ?? [], event.id);
  const kept = perform(decide(event, value));
  // A person goes on at once: it is shown as decided, and said if it could not be kept.
  if (value !== null && next && next.id !== event.id) showEvent(next, undefined, true);
  await kept;
}

/** Joins the event in hand with its nearest neighbour of the same kind; what they become is asked at once. */
export async function mergeSelected(event = selectedEvent()): Promise<void> {
  const queue = currentQueue();
  if (!event || !queue) return;
  const neighbour = neighbourOf(event, queue.events);
  if (!neighbour) {
    notify('info', `There is no other ${classWord(event.class).toLowerCase()} of this side to merge with.`);
    return;
  }
  const id = newId();
  await perform(join(id, event, neighbour));
  const joined = currentQueue()?.events.find((candidate) => candidate.id === id);
  if (joined) showEvent(joined, undefined, true);
  announce('Merged: keep or cut what it became.');
}

/** Looks for findings in the open episode: a job. */
export async function detect(): Promise<void> {
  const { open } = useSession.getState();
  if (!open) return;
  const options = { stage: 'detect', root: open.episode.root, only: open.episode.id, options: {} };
  await attempt(() => api.jobs.start({ kind: STAGE_JOB, options }));
}

/** Answers the way to take them back. */
export function registerFindingCommands(): () => void {
  const canDecide = () => canReview() && selectedEvent() !== undefined;
  return registerCommands({
    'review.findings': { run: () => useView.setState({ isInspectorShown: true, inspectorTab: 'findings' }) },
    'review.nextUndecided': {
      run: (_argument, event) => showNextUndecided(event?.timeStamp),
      isEnabled: () => useSession.getState().open !== null,
    },
    'review.keep': { run: () => void decideSelected('keep'), isEnabled: canDecide },
    'review.cut': { run: () => void decideSelected('cut'), isEnabled: canDecide },
    'review.merge': { run: () => void mergeSelected(), isEnabled: canDecide },
    'review.undecide': {
      run: () => void decideSelected(null),
      isEnabled: () => canDecide() && selectedEvent()?.decision !== null,
    },
    'review.detect': { run: () => void detect(), isEnabled: () => useSession.getState().open !== null },
  });
}
