import { useSession } from '../app/session.ts';
import { withFailureStates } from '../review/failure-states.ts';
import type { Gesture } from '../review/gestures.ts';
import { perform } from '../review/review-actions.ts';

/** Keeps a step of marking, with the state of the robot at the event of every failure in it. */
export async function performMarks(gesture: Gesture): Promise<void> {
  const { open } = useSession.getState();
  if (open) await perform(withFailureStates(gesture, open));
}
