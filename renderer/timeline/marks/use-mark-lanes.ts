import { useMemo } from 'react';
import { useSession } from '../../app/session.ts';
import { useMarksSaid } from '../../marks/marks-state.ts';
import type { Lane } from '../lanes.ts';
import { othersLanes, ownLanes } from './mark-lanes.ts';

/**
 * Lanes of what this person marked, and one for every other person. Not of what is on the move: a segment that is dragged
 * stays in its row until it is let go.
 */
export function useMarkLanes(times: Float64Array): readonly Lane[] {
  const said = useMarksSaid();
  const others = useSession((session) => session.review?.others);
  const own = useMemo(() => (said ? ownLanes(said, times) : []), [said, times]);
  return useMemo(() => [...own, ...(others ? othersLanes(others, times) : [])], [own, others, times]);
}
