import { create } from 'zustand';
import { STAGE_JOB } from '../../shared/api/jobs.ts';
import type { RecordingOutputs } from '../../shared/api/outputs.ts';
import type { Review } from '../../shared/review/review.ts';
import { api } from '../app/api.ts';
import { sentenceOf } from '../app/notices.ts';
import { listenToReviews } from '../app/reviews-told.ts';
import { type Session, useSession } from '../app/session.ts';
import { commandsMayHaveChanged } from '../commands/registry.ts';
import { isSameScope, type Scope, scopeChoices } from './playlist.ts';

/** What stages made of the recordings of one date: shared by the playlist and the gallery. */
export interface OutputsState {
  scope: Scope | null;
  state: 'loading' | 'ready' | { fault: string };
  /** In order of path; the part that is there while the rest is on its way. */
  recordings: readonly RecordingOutputs[];
}

export const useOutputs = create<OutputsState>(() => ({ scope: null, state: 'loading', recordings: [] }));

const LOOK_AGAIN_MS = 800;
let request = 0;
let timer: number | undefined;
let followers = 0;
let isDue = false;
let isLoading = false;
/** What the list was asked for with. */
let loadedOf = '';
let stopFollowing = () => {};

/** Keeps the list up to date while a screen shows it. Answers the way to stop. */
export function followOutputs(): () => void {
  if (followers++ === 0) stopFollowing = follow();
  return () => {
    if (--followers === 0) stopFollowing();
  };
}

/** Another date; null is the one that goes with what is open. */
export function chooseScope(scope: Scope | null): void {
  const next = scope ?? scopeOfSession();
  if (isSameScope(next, useOutputs.getState().scope)) return;
  useOutputs.setState({ scope: next, state: 'loading', recordings: [] });
  void load();
}

/** Told anew since the list was asked for: what the list says of them may be older. */
let touched = new Set<string>();

/** One recording, told anew. */
export function putRecording(recording: RecordingOutputs): void {
  touched.add(recording.episode);
  useOutputs.setState(({ recordings }) => ({
    recordings: recordings.map((known) => (known.episode === recording.episode ? recording : known)),
  }));
}

export function putReview(episode: string, review: Review): void {
  touched.add(episode);
  useOutputs.setState(({ recordings }) => ({
    recordings: recordings.map((known) => (known.episode === episode ? { ...known, review } : known)),
  }));
}

function follow(): () => void {
  const { scope } = useOutputs.getState();
  const { root } = useSession.getState();
  if (scope === null || scope.root !== root) chooseScope(null);
  else void load();
  let seen = whatMatters(useSession.getState());
  const stops = [
    useSession.subscribe((session) => {
      if (session.root !== useOutputs.getState().scope?.root) chooseScope(null);
      const now = whatMatters(session);
      const isSame = now.entries === seen.entries && now.made === seen.made;
      const before = seen;
      seen = now;
      if (!isSame) later(now.made !== before.made);
    }),
    listenToReviews({
      onReview: putReview,
      onChanged: (root) => {
        if (root === useOutputs.getState().scope?.root) later(true);
      },
    }),
  ];
  return () => {
    window.clearTimeout(timer);
    timer = undefined;
    for (const stop of stops) stop();
  };
}

/** The list of recordings, and how far stages have come: each recording that is done may have left a file. */
function whatMatters({ entries, jobs }: Session) {
  const stages = jobs.filter(({ kind }) => kind === STAGE_JOB);
  return { entries, made: stages.map(({ id, done, state }) => `${id} ${done} ${state}`).join() };
}

/** Changes with the recordings of the date on screen: a scan tells of others all the time. */
function recordingsNow(): string {
  const { scope } = useOutputs.getState();
  if (!scope) return '';
  const { root, task, date } = scope;
  let [count, looked, modified] = [0, 0, 0];
  for (const entry of useSession.getState().entries.values()) {
    if (entry.root !== root || (task !== null && entry.task !== task) || (date !== null && entry.date !== date))
      continue;
    count++;
    looked += entry.status === 'pending' ? 0 : 1;
    modified += entry.modifiedMs;
  }
  return `${count} ${looked} ${modified}`;
}

/** `sure`: something of the date did change. */
function later(sure: boolean): void {
  isDue ||= sure;
  timer ??= window.setTimeout(() => {
    timer = undefined;
    // Begun anew at every piece of news, a long list would not be whole before a scan is.
    if (isLoading) {
      later(isDue);
      return;
    }
    if (useOutputs.getState().scope === null) chooseScope(null);
    else if (isDue || recordingsNow() !== loadedOf) void load();
    isDue = false;
  }, LOOK_AGAIN_MS);
}

/** The last request wins; until it is there what was known stays. */
async function load(): Promise<void> {
  const { scope } = useOutputs.getState();
  if (!scope) return;
  const mine = ++request;
  const isWanted = () => mine === request;
  const { root, task, date } = scope;
  const named = { ...(task === null ? {} : { task }), ...(date === null ? {} : { date }) };
  const found: RecordingOutputs[] = [];
  touched = new Set();
  loadedOf = recordingsNow();
  isLoading = true;
  try {
    for (let from: number | null = 0; from !== null; ) {
      const answer: { recordings: RecordingOutputs[]; next: number | null } = await api.outputs.list({
        ...{ root, from },
        ...named,
      });
      if (!isWanted()) return;
      found.push(...answer.recordings);
      from = answer.next;
      if (useOutputs.getState().recordings.length < found.length) useOutputs.setState({ recordings: [...found] });
    }
    useOutputs.setState(({ recordings }) => ({
      state: 'ready',
      recordings: found.map((each) => newer(each, recordings)),
    }));
  } catch (error) {
    if (isWanted()) useOutputs.setState({ state: { fault: sentenceOf(error) } });
  } finally {
    if (isWanted()) isLoading = false;
  }
  commandsMayHaveChanged();
}

/** What people said meanwhile stays; files are as the list found them. */
function newer(listed: RecordingOutputs, before: readonly RecordingOutputs[]): RecordingOutputs {
  const known = touched.has(listed.episode) ? before.find(({ episode }) => episode === listed.episode) : undefined;
  return known ? { ...listed, review: known.review } : listed;
}

export function reloadOutputs(): void {
  useOutputs.setState(({ state }) => ({ state: state === 'ready' ? 'ready' : 'loading' }));
  void load();
}

/** The date of what is open, else the newest there is. */
function scopeOfSession(): Scope | null {
  const { root, open, entries } = useSession.getState();
  if (root === null) return null;
  if (open?.episode.root === root) return { root, task: open.episode.task, date: open.episode.date };
  const [newest] = scopeChoices(root, entries.values());
  return newest ? { root, task: newest.task, date: newest.date } : null;
}
