import { useEffect } from 'react';
import { create } from 'zustand';
import { type Job, STAGE_JOB } from '../../shared/api/jobs.ts';
import type { RootOverview } from '../../shared/review/overview.ts';
import { api } from '../app/api.ts';
import { listenToReviews } from '../app/reviews-told.ts';
import { useSession } from '../app/session.ts';

/** What was said in the root on screen so far; null until it is known, and where it cannot be told. */
export const useOverviewState = create<{ root: string | null; overview: RootOverview | null }>(() => ({
  root: null,
  overview: null,
}));

/** What one says follows closely on each other; the counters may follow a moment later. */
const LOOK_AGAIN_MS = 600;
let followers = 0;
let timer: number | undefined;
let request = 0;
let stop = () => {};

/** Kept up to date while anything on screen shows it. */
export function useOverview(): RootOverview | null {
  useEffect(follow, []);
  return useOverviewState((state) => state.overview);
}

function follow(): () => void {
  if (followers++ === 0) stop = begin();
  return () => {
    if (--followers === 0) stop();
  };
}

function begin(): () => void {
  const look = () => {
    const { root } = useSession.getState();
    if (root === useOverviewState.getState().root) return;
    useOverviewState.setState({ root, overview: null });
    void load();
  };
  useOverviewState.setState({ root: null, overview: null });
  look();
  const stops = [
    useSession.subscribe((session, before) => {
      look();
      if (exportsEnded(session) !== exportsEnded(before)) later();
      const isBack = session.connection === 'live' && before.connection !== 'live';
      if (
        session.review?.savedAt !== before.review?.savedAt ||
        session.review?.undo.count !== before.review?.undo.count
      )
        later();
      else if (isBack) later();
    }),
    listenToReviews({
      onReview: later,
      onChanged: (root) => {
        if (root === useSession.getState().root) later();
      },
    }),
  ];
  return () => {
    window.clearTimeout(timer);
    timer = undefined;
    for (const end of stops) end();
  };
}

function exportsEnded({ jobs }: { jobs: readonly Job[] }): number {
  return jobs.filter(({ kind, state }) => kind === STAGE_JOB && state === 'done').length;
}

function later(): void {
  timer ??= window.setTimeout(() => {
    timer = undefined;
    void load();
  }, LOOK_AGAIN_MS);
}

async function load(): Promise<void> {
  const { root } = useOverviewState.getState();
  if (root === null) return;
  const mine = ++request;
  // What cannot be told now stays as it was: it helps, and nothing hangs on it.
  const overview = await api.review.overview({ root }).catch(() => null);
  if (overview && mine === request && useOverviewState.getState().root === root)
    useOverviewState.setState({ overview });
}
