import type { WorkstationEvent } from '../../shared/api/contract.ts';
import { type Job, SCAN_JOB } from '../../shared/api/jobs.ts';
import type { ReviewStep } from '../../shared/review/step.ts';
import { asLastHeard } from '../jobs/job-text.ts';
import { reviewAfter, reviewAtOnce } from '../review/told-reviews.ts';
import { api, LockedOut } from './api.ts';
import { batchEntries } from './entry-batches.ts';
import { applyEntries } from './entry-list.ts';
import { openEpisode, retryEpisode } from './episodes.ts';
import { notify } from './notices.ts';
import { tellReview, tellReviewsChanged } from './reviews-told.ts';
import { acceptRoot, acceptRoots, openAwaitedFirst, openRoot } from './roots.ts';
import { isOfOpenRecording, useSession } from './session.ts';
import { acceptDatasetSettings } from './settings.ts';
import { recallView } from './view-state.ts';

/**
 * The window's one event stream: jobs, scans, journals, settings. When it breaks it is taken up again after a pause that
 * grows to five seconds; `hello` then brings everything up to date.
 */
const PAUSES_MS = [250, 500, 1000, 2000, 5000] as const;
/** A wrong key stays wrong until a window of this person opens the new address; that one calls, or a person comes back. */
const LOCKED_PAUSE_MS = 30_000;
/** On it windows of one browser tell each other that they were let in. */
const windows = new BroadcastChannel('regrasp.connected');

/** Sample jobs this window started: their result is opened when they are done. */
const awaited = new Set<string>();

export function connect(): () => void {
  const stop = new AbortController();
  void run(stop.signal);
  return () => stop.abort();
}

export function openWhenDone(job: string): void {
  awaited.add(job);
}

async function run(signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const event of await api.events(undefined, { signal })) {
        failures = 0;
        accept(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof LockedOut) {
        if (useSession.getState().connection !== 'locked') notify('bad', error.message);
        loseTouch('locked');
        await pauseWhileLocked(signal);
        continue;
      }
      // Any other reason is of no use to a person; that it broke is shown in the status strip.
    }
    if (signal.aborted) return;
    loseTouch('lost');
    await pause(PAUSES_MS[Math.min(failures++, PAUSES_MS.length - 1)] as number, signal);
  }
}

function loseTouch(connection: 'lost' | 'locked'): void {
  useSession.setState(({ jobs }) => ({ connection, jobs: jobs.map(asLastHeard) }));
}

const acceptEntries = batchEntries((change) => {
  applyEntries(change);
  openAwaitedFirst();
});

function accept(event: WorkstationEvent): void {
  const session = useSession.getState();
  switch (event.type) {
    case 'hello':
      if (session.connection !== 'live') session.open?.player.refresh();
      windows.postMessage('live');
      useSession.setState({ connection: 'live', jobs: event.jobs, formats: event.formats });
      void recallView();
      void acceptRoots(event.roots);
      void api.settings.user().then((userSettings) => useSession.setState({ userSettings }));
      return;
    case 'job':
      acceptJob(event.job, session.jobs);
      return;
    case 'job-gone':
      useSession.setState({ jobs: session.jobs.filter(({ id }) => id !== event.job) });
      return;
    case 'root':
      acceptRoot(event.root);
      return;
    case 'entries':
      acceptEntries(event);
      return;
    case 'episode-changed': {
      void retryEpisode(event.episode);
      if (session.open?.episode.id !== event.episode || session.open.revision === event.revision) return;
      notify('info', event.message);
      void openEpisode(event.episode, { tick: session.open.player.commandedTick() }, { again: true });
      return;
    }
    case 'review':
      void acceptReview(event.episode, event.step);
      return;
    case 'reviews-changed':
      tellReviewsChanged(event.root);
      return;
    case 'dataset-settings':
      acceptDatasetSettings(event.root, event.settings);
      return;
    case 'user-settings':
      useSession.setState({ userSettings: event.settings });
      return;
    case 'notice':
      notify('info', event.text);
  }
}

/** At once where it can be: what a person does next is made from what is shown. */
async function acceptReview(episode: string, step: ReviewStep): Promise<void> {
  // What cannot be read now is read when it is asked for.
  const review = reviewAtOnce(step) ?? (await reviewAfter(episode, step).catch(() => null));
  if (!review) return;
  if (isOfOpenRecording(episode, review)) useSession.setState({ review });
  tellReview(episode, review);
}

function acceptJob(job: Job, jobs: readonly Job[]): void {
  const before = jobs.find((candidate) => candidate.id === job.id);
  useSession.setState({
    jobs: before ? jobs.map((candidate) => (candidate.id === job.id ? job : candidate)) : [job, ...jobs],
  });
  if (before?.state === job.state || (job.state !== 'done' && job.state !== 'failed')) return;
  // A scan goes on by itself, and what it finds is in the list.
  if (before && job.kind !== SCAN_JOB) notify(job.state === 'done' ? 'good' : 'bad', `${job.title}: ${job.message}`);
  const grant = job.result?.grant;
  if (job.state === 'done' && awaited.delete(job.id) && typeof grant === 'string') void openRoot(grant);
}

/** Until another window was let in, a person comes back to this one, or half a minute is over. */
async function pauseWhileLocked(signal: AbortSignal): Promise<void> {
  const knock = new AbortController();
  const open = () => knock.abort();
  signal.addEventListener('abort', open);
  windows.addEventListener('message', open);
  window.addEventListener('focus', open);
  await pause(LOCKED_PAUSE_MS, knock.signal);
  signal.removeEventListener('abort', open);
  windows.removeEventListener('message', open);
  window.removeEventListener('focus', open);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
