import { create } from 'zustand';
import type { StoredFindings } from '../../shared/api/findings.ts';
import { STAGE_JOB } from '../../shared/api/jobs.ts';
import type { Finding } from '../../shared/review/finding.ts';
import type { TickRange } from '../../shared/time/ranges.ts';
import { api } from '../app/api.ts';
import { sentenceOf } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import { commandsMayHaveChanged } from '../commands/registry.ts';
import type { Gesture } from '../review/gestures.ts';
import type { Edge } from './edge-gestures.ts';

/** What was detected in the open episode, and what of it is in hand. What people decided is part of `session.review`. */
export interface FindingsState {
  /** Id and revision of the recording these are of. */
  of: string;
  state: 'loading' | 'ready' | { fault: string };
  /** Null where nothing was looked for yet. */
  detected: StoredFindings | null;
  /** What other thresholds find, while a person tries them; null for what is stored. */
  trial: readonly Finding[] | null;
  /** Id of the event in hand. */
  selected: string | null;
  /** Its row takes the focus, so that the queue's keys are heard; null once it has. */
  focusOn: string | null;
  /** The edge of it that keys move. */
  edge: Edge;
  /** The step that is being made while an edge moves: shown, and not yet kept. */
  moving: Gesture | null;
  /** A note that is being written: kept with the verdict, or at once where there is one. */
  note: { event: string; text: string } | null;
  /** An event that is being added by hand. */
  adding: { ticks: TickRange } | null;
}

const NOTHING: FindingsState = {
  ...{ of: '', state: 'loading', detected: null, trial: null, selected: null, focusOn: null },
  ...{ edge: 'start', moving: null, note: null, adding: null },
};

export const useFindings = create<FindingsState>(() => NOTHING);

/** What the queue and the lane show: what is stored, or what is being tried. */
export function findingsInForce({
  detected,
  trial,
}: Pick<FindingsState, 'detected' | 'trial'>): readonly Finding[] | null {
  return detected ? (trial ?? detected.findings) : null;
}

/** Jobs of stages that have ended well: when there is one more, something was detected. */
export function endedStages(): number {
  return useSession.getState().jobs.filter(({ kind, state }) => kind === STAGE_JOB && state === 'done').length;
}

/** Follows the open episode, and reads anew what a stage has just detected. Answers the way to stop. */
export function followFindings(): () => void {
  let ended = endedStages();
  const follow = () => {
    const { open } = useSession.getState();
    const of = open ? `${open.episode.id} ${open.revision}` : '';
    const count = endedStages();
    if (of !== useFindings.getState().of) {
      useFindings.setState({ ...NOTHING, of });
      if (open) void load(open.episode.id, of);
    } else if (open && count > ended) void load(open.episode.id, of);
    ended = count;
  };
  follow();
  const stop = useSession.subscribe(follow);
  return () => {
    stop();
    useFindings.setState(NOTHING);
  };
}

export async function load(episode: string, of: string): Promise<void> {
  const answer: Pick<FindingsState, 'state' | 'detected'> = await api.findings.get({ episode }).then(
    ({ detected }) => ({ state: 'ready' as const, detected }),
    (error: unknown) => ({ state: { fault: sentenceOf(error) }, detected: null }),
  );
  if (useFindings.getState().of !== of) return;
  useFindings.setState(answer);
  commandsMayHaveChanged();
}
