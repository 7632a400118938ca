import { useMemo } from 'react';
import { useSession } from '../app/session.ts';
import { withGestures } from '../review/gestures.ts';
import { useReviewState } from '../review/review-actions.ts';
import type { Lane } from '../timeline/lanes.ts';
import { findingsLane } from './findings-lane.ts';
import { findingsInForce, useFindings } from './findings-state.ts';
import { type Queue, queueOf } from './queue.ts';

/** What was detected in the open episode with what was decided of it, the newest gesture included; null while unknown. */
export function useQueue(): Queue | null {
  const findings = useFindings(findingsInForce);
  const review = useSession((session) => session.review);
  const unsent = useReviewState((state) => state.unsent);
  return useMemo(() => {
    if (!findings || !review) return null;
    return queueOf(findings, { own: withGestures(review.own, unsent), others: review.others });
  }, [findings, review, unsent]);
}

export function useFindingsLane(): Lane | null {
  const queue = useQueue();
  return useMemo(() => findingsLane(queue), [queue]);
}
