import { useMemo, useSyncExternalStore } from 'react';
import { useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { useReviewState } from '../review/review-actions.ts';
import type { Lane } from '../timeline/lanes.ts';
import { currentQueue, eventInHand, openQueue } from './current-queue.ts';
import { findingsLane } from './findings-lane.ts';
import { useFindings } from './findings-state.ts';
import { edgesOf } from './moving-edge.ts';
import type { Queue, QueueEvent } from './queue.ts';
import type { ScopedQueue } from './scope.ts';
import { useScope } from './scope-state.ts';

function subscribe(listener: () => void): () => void {
  const stops = [useSession, useFindings, useScope, useReviewState, useView].map((store) => store.subscribe(listener));
  return () => {
    for (const stop of stops) stop();
  };
}

/** What was detected in the open episode with what was decided of it, the newest gesture included; null while unknown. */
export function useQueue(): Queue | null {
  return useSyncExternalStore(subscribe, openQueue);
}

/** The same over all recordings in the scope, filtered and in the order chosen. */
export function useScopedQueue(): ScopedQueue {
  return useSyncExternalStore(subscribe, currentQueue);
}

/** The event in hand, if it is of the open episode. */
export function useEventInHand(): QueueEvent | undefined {
  return useSyncExternalStore(subscribe, eventInHand);
}

export function useFindingsLane(): Lane | null {
  const queue = useQueue();
  const inHand = useEventInHand();
  return useMemo(() => findingsLane(queue, inHand && edgesOf(inHand)), [queue, inHand]);
}
