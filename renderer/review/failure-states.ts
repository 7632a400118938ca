import { failureState } from '../../shared/review/failure-state.ts';
import type { Failure } from '../../shared/review/markers.ts';
import type { Change } from '../../shared/review/review.ts';
import { DEFAULT_HOLD_PERIODS } from '../../shared/time/sampling.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { useSignalsState } from '../signals/signals-state.ts';
import type { Gesture } from './gestures.ts';

/**
 * The gesture with the state at the event in every failure it sets: read anew where the event moved, and where contact
 * has become known since. Everything that marks or changes failures goes through here before it is kept.
 */
export function withFailureStates(gesture: Gesture, open: Pick<OpenEpisode, 'episode' | 'arrays'>): Gesture {
  const { patch } = gesture;
  if (!patch.some(({ map, value }) => map === 'failures' && value)) return gesture;
  const sources = {
    ...{ episode: open.episode, arrays: open.arrays },
    contacts: useSignalsState.getState().signals?.contacts ?? null,
    holdPeriods: useSession.getState().datasetSettings?.holdPeriods ?? DEFAULT_HOLD_PERIODS,
  };
  return { ...gesture, patch: patch.map(withState) };

  function withState(change: Change): Change {
    if (change.map !== 'failures' || !change.value) return change;
    const failure = change.value as Failure;
    const isCurrent = failure.state?.tick === failure.event && (failure.state.contact !== null || !sources.contacts);
    if (isCurrent) return change;
    const { state: _, ...rest } = failure;
    const state = failureState(sources, failure.event);
    return { ...change, value: state ? { ...rest, state } : rest };
  }
}
