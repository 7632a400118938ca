import { create } from 'zustand';
import type { JudgedRecording } from '../../shared/api/findings.ts';
import type { Review } from '../../shared/review/review.ts';
import { api } from '../app/api.ts';
import { sentenceOf } from '../app/notices.ts';
import { listenToReviews } from '../app/reviews-told.ts';
import { isOfOpenRecording, useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { commandsMayHaveChanged } from '../commands/registry.ts';
import { useReviewState } from '../review/review-actions.ts';
import { endedStages } from './findings-state.ts';
import { withUnsent } from './unsent.ts';

/** The part of a root that a wider queue goes over; without a date, all of a task. */
export interface ScopePlace {
  root: string;
  task: string;
  date?: string;
}

/** What was detected and said in the recordings of a date or task. The open one's is that of `useFindings` and the session. */
export interface ScopeState {
  /** Null while the queue goes over the open episode alone. */
  place: ScopePlace | null;
  state: 'loading' | 'ready' | { fault: string };
  /** By episode; what was read so far while loading. */
  recordings: ReadonlyMap<string, JudgedRecording>;
  /** Key of an event whose recording is being opened. */
  coming: string | null;
}

const NOTHING: ScopeState = { place: null, state: 'ready', recordings: new Map(), coming: null };

export const useScope = create<ScopeState>(() => NOTHING);

let reading = 0;

/** Follows the open episode and the scope chosen for as long as the window lives. Answers the way to stop. */
export function followScope(): () => void {
  let ended = endedStages();
  let connection = useSession.getState().connection;
  const follow = () => {
    const session = useSession.getState();
    const place = placeNow();
    const count = endedStages();
    const isBack = session.connection === 'live' && connection !== 'live';
    if (!isSamePlace(place, useScope.getState().place)) {
      useScope.setState({ ...NOTHING, coming: useScope.getState().coming, place });
      void readScope();
    } else if (place && (count > ended || isBack)) void readScope();
    ended = count;
    connection = session.connection;
  };
  follow();
  const stops = [
    useSession.subscribe(follow),
    useView.subscribe(follow),
    useSession.subscribe(keepOpenReview),
    useReviewState.subscribe(keepOpenReview),
    listenToReviews({
      onReview: (episode, review) => keepReview(episode, review),
      onChanged: (root) => {
        if (useScope.getState().place?.root === root) void readScope();
      },
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    reading++;
    useScope.setState(NOTHING);
  };
}

/** Reads all of the scope anew; what is there stays until it is. */
export async function readScope(): Promise<void> {
  const { place, recordings: before } = useScope.getState();
  const mine = ++reading;
  if (!place) return;
  const isFirst = before.size === 0;
  useScope.setState({ state: isFirst ? 'loading' : useScope.getState().state });
  const read = new Map<string, JudgedRecording>();
  try {
    for (let from: number | null = 0; from !== null; ) {
      const { recordings, next }: Awaited<ReturnType<typeof api.findings.list>> = await api.findings.list({
        ...place,
        from,
      });
      if (mine !== reading) return;
      for (const recording of recordings) read.set(recording.episode, recording);
      from = next;
      // What comes first is shown at once.
      if (isFirst) useScope.setState({ recordings: new Map(read) });
    }
    useScope.setState({ state: 'ready', recordings: read });
    keepOpenReview();
  } catch (error) {
    if (mine === reading) useScope.setState({ state: { fault: sentenceOf(error) } });
  }
  commandsMayHaveChanged();
}

function placeNow(): ScopePlace | null {
  const { open } = useSession.getState();
  const { findingsScope } = useView.getState();
  if (findingsScope === 'episode') return null;
  // While another one is opened the scope stays what it was.
  if (!open) return useSession.getState().opening ? useScope.getState().place : null;
  const { root, task, date } = open.episode;
  return findingsScope === 'date' ? { root, task, date } : { root, task };
}

function isSamePlace(a: ScopePlace | null, b: ScopePlace | null): boolean {
  if (a === null || b === null) return a === b;
  return a.root === b.root && a.task === b.task && a.date === b.date;
}

/** What is said of the open recording, the newest included, so that it stands when another one is opened. */
function keepOpenReview(): void {
  const { open, review } = useSession.getState();
  if (!open || !review || !isOfOpenRecording(open.episode.id, review)) return;
  const { recording, unsent } = useReviewState.getState();
  keepReview(open.episode.id, recording === review.fingerprint ? withUnsent(review, unsent) : review);
}

function keepReview(episode: string, review: Review): void {
  const { recordings } = useScope.getState();
  const known = recordings.get(episode);
  if (!known || known.review === review || known.detected.fingerprint !== review.fingerprint) return;
  useScope.setState({ recordings: new Map(recordings).set(episode, { ...known, review }) });
}
