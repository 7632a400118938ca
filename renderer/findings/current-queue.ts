import type { JudgedRecording } from '../../shared/api/findings.ts';
import { type OpenEpisode, type Session, useSession } from '../app/session.ts';
import { useView, type ViewState } from '../app/view-state.ts';
import { type ReviewState, useReviewState } from '../review/review-actions.ts';
import { readFilter } from './filter.ts';
import { type FindingsState, findingsInForce, useFindings } from './findings-state.ts';
import { type Queue, type QueueEvent, type QueueRecording, queueOf } from './queue.ts';
import { type RecordingQueue, type ScopedQueue, scopedQueue } from './scope.ts';
import { type ScopeState, useScope } from './scope-state.ts';
import { withUnsent } from './unsent.ts';

/** The queues as they are now, worked out once for the same state: for components and for commands alike. */

/** Answers the same for the same arguments (compared one by one) as the last time. */
function remembered<Arguments extends readonly unknown[], Result>(
  make: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  let last: { given: Arguments; result: Result } | undefined;
  return (...given) => {
    if (last?.given.every((each, index) => Object.is(each, given[index]))) return last.result;
    last = { given, result: make(...given) };
    return last.result;
  };
}

export function recordingOf({ episode }: OpenEpisode): QueueRecording {
  const { id, path, task, date } = episode;
  return { episode: id, path, task, date };
}

const makeOpenQueue = remembered(
  (
    open: OpenEpisode | null,
    findings: FindingsState['detected'],
    trial: FindingsState['trial'],
    review: Session['review'],
    unsent: ReviewState['unsent'],
    moving: FindingsState['moving'],
    listed: JudgedRecording | undefined,
    isRead: boolean,
  ): Queue | null => {
    if (!open) return null;
    // Until the workstation has answered, what the list of the scope said of it: findings and review come one by one.
    const known = listed?.detected.fingerprint === open.fingerprint ? listed : undefined;
    // Read and found to be nothing is not the same as not read yet.
    const inForce = findingsInForce({ detected: findings ?? (isRead ? null : (known?.detected ?? null)), trial });
    const said = review ?? known?.review ?? null;
    if (!inForce || !said) return null;
    const gestures = moving ? [...unsent, moving] : unsent;
    return queueOf(inForce, withUnsent(said, gestures), recordingOf(open));
  },
);

/** Of the open episode, with what was just decided; null where nothing was looked for or that is not known yet. */
export function openQueue(): Queue | null {
  const { open, review } = useSession.getState();
  const { detected, trial, moving, state } = useFindings.getState();
  const listed = open ? useScope.getState().recordings.get(open.episode.id) : undefined;
  const { unsent } = useReviewState.getState();
  return makeOpenQueue(open, detected, trial, review, unsent, moving, listed, state !== 'loading');
}

const queues = new WeakMap<object, RecordingQueue>();

const makeScopedQueue = remembered(
  (
    open: OpenEpisode | null,
    queue: Queue | null,
    recordings: ScopeState['recordings'],
    filter: ViewState['findingsFilter'],
    sort: ViewState['findingsSort'],
  ): ScopedQueue => {
    const others = [...recordings.values()].filter(({ episode }) => episode !== open?.episode.id);
    const all = others.map((judged): RecordingQueue => {
      const known = queues.get(judged);
      if (known) return known;
      const { path, task, date, findings } = judged.detected;
      const recording = { episode: judged.episode, path, task, date };
      const made = { recording, queue: queueOf(findings, judged.review, recording) };
      queues.set(judged, made);
      return made;
    });
    if (open && queue) all.push({ recording: recordingOf(open), queue });
    return scopedQueue(all, { filter: readFilter(filter), sort });
  },
);

/** Of all recordings in the scope chosen, filtered and in the order chosen. */
export function currentQueue(): ScopedQueue {
  const { findingsFilter, findingsSort } = useView.getState();
  const { recordings } = useScope.getState();
  return makeScopedQueue(useSession.getState().open, openQueue(), recordings, findingsFilter, findingsSort);
}

/** The event in hand: of the open episode. */
export function eventInHand(): QueueEvent | undefined {
  const { selected } = useFindings.getState();
  if (selected === null) return undefined;
  const queue = openQueue();
  return [...(queue?.events ?? []), ...(queue?.merged ?? [])].find(({ id }) => id === selected);
}
