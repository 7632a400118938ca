import { create } from 'zustand';
import { detectInputOf } from '../../../shared/detect/input.ts';
import type { DetectSettings } from '../../../shared/detect/settings.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import { sentenceOf } from '../../app/notices.ts';
import { type OpenEpisode, useSession } from '../../app/session.ts';
import { commandsMayHaveChanged } from '../../commands/registry.ts';
import { type Desk, openDesk } from '../../signals/desk-client.ts';
import { fetchSignals } from '../../signals/signals-state.ts';
import { type FindingsState, useFindings } from '../findings-state.ts';
import { followed, isSame } from './trial.ts';

/** Other thresholds, tried on the open recording. What they find is `useFindings().trial`; nothing of it is stored. */
export interface TrialState {
  isShown: boolean;
  /** Of what is judged: "missing" where its signals have to be made anew. */
  state: 'closed' | 'loading' | 'ready' | 'missing' | { fault: string };
  /** What is tried; null while it is what the stored findings were found with. */
  settings: DetectSettings | null;
  /** Whether these were found by `settings`, and not by some a moment ago. */
  isJudged: boolean;
  /** Id of the job that makes the trial what is stored; null for none. */
  keeping: string | null;
}

const NOTHING: Omit<TrialState, 'isShown'> = { state: 'closed', settings: null, isJudged: true, keeping: null };

export const useTrial = create<TrialState>(() => ({ isShown: false, ...NOTHING }));

let desk: Desk | undefined;
/** Grows with every desk, so that what comes late for another one is known as such. */
let deskNumber = 0;

/** Follows the open episode and what is stored of it. Answers the way to stop. */
export function followTrial(): () => void {
  const stops = [useFindings.subscribe(onFindings), useSession.subscribe(endFailedKeeping)];
  return () => {
    for (const stop of stops) stop();
    endTrial();
  };
}

export function showThresholds(isShown: boolean): void {
  useTrial.setState({ isShown });
  if (isShown) openIfNeeded();
}

/** Tries these settings; what they find is there a moment later. */
export function tryOut(settings: DetectSettings): void {
  const { detected } = useFindings.getState();
  if (!detected) return;
  if (isSame(settings, detected.settings)) {
    cancelTrial();
    return;
  }
  useTrial.setState({ settings, isJudged: false });
  openIfNeeded();
  desk?.judge(settings);
}

/** Back to what is stored. */
export function cancelTrial(): void {
  useTrial.setState({ settings: null, isJudged: true, keeping: null });
  show(null);
}

/** After a fault. */
export function openAgain(): void {
  closeDesk();
  openIfNeeded();
}

function onFindings(now: FindingsState, before: FindingsState): void {
  if (now.of !== before.of) endTrial();
  if (now.detected === before.detected) return;
  closeDesk();
  const { settings } = useTrial.getState();
  if (settings && now.detected) {
    if (isSame(settings, now.detected.settings)) cancelTrial();
    else tryOut(settings);
  }
  if (useTrial.getState().isShown) openIfNeeded();
}

function endFailedKeeping(): void {
  const { keeping } = useTrial.getState();
  if (keeping === null) return;
  const job = useSession.getState().jobs.find(({ id }) => id === keeping);
  if (job && ['failed', 'cancelled', 'interrupted'].includes(job.state)) useTrial.setState({ keeping: null });
}

function endTrial(): void {
  closeDesk();
  const { settings } = useTrial.getState();
  useTrial.setState(NOTHING);
  if (settings) show(null);
}

/** Puts findings in force, and keeps the event in hand in hand where it has other ends now. */
function show(trial: readonly Finding[] | null): void {
  const { detected, selected } = useFindings.getState();
  const findings = trial ?? detected?.findings ?? [];
  useFindings.setState({ trial, selected: selected === null ? null : (followed(selected, findings) ?? selected) });
  commandsMayHaveChanged();
}

function closeDesk(): void {
  deskNumber++;
  desk?.close();
  desk = undefined;
  useTrial.setState({ state: 'closed' });
}

function openIfNeeded(): void {
  const { open } = useSession.getState();
  const { detected, of } = useFindings.getState();
  const isOfOpen = open && of === `${open.episode.id} ${open.revision}`;
  if (isOfOpen && detected && useTrial.getState().state === 'closed') void openFor(open);
}

async function openFor(open: OpenEpisode): Promise<void> {
  const { detected } = useFindings.getState();
  if (!detected) return;
  const mine = ++deskNumber;
  const isMine = () => mine === deskNumber;
  const fail = (fault: string) => {
    if (isMine()) useTrial.setState({ state: { fault }, isJudged: true });
  };
  useTrial.setState({ state: 'loading' });
  try {
    const packed = await fetchSignals(open.episode.id, detected.settings.reference, 'all');
    if (!isMine()) return;
    if (!packed) {
      useTrial.setState({ state: 'missing' });
      return;
    }
    const about = detectInputOf(open.episode, {
      times: (clock) => open.arrays.get(`clock:${clock}`)?.times,
      values: (series) => open.arrays.get(`series:${series}`)?.values,
    });
    const listener = {
      onJudged: (findings: Finding[], by: DetectSettings) => {
        const { settings } = useTrial.getState();
        if (!isMine() || !settings) return;
        show(findings);
        useTrial.setState({ isJudged: by === settings });
      },
      onFault: fail,
    };
    desk = openDesk(packed, { ...about, activeSides: detected.activeSides }, listener);
    useTrial.setState({ state: 'ready' });
    const { settings } = useTrial.getState();
    if (settings) desk.judge(settings);
  } catch (error) {
    fail(sentenceOf(error));
  }
}
