import { type Job, STAGE_JOB } from '../../shared/api/jobs.ts';
import { OUTPUT_TITLES, type OutputKind } from '../../shared/api/outputs.ts';
import { api } from '../app/api.ts';
import { attempt } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import type { Scope } from './playlist.ts';

/** Has a stage make what is missing or stale of a date; what is fresh is left alone. */
export async function makeAll(kind: OutputKind, { root, task, date }: Scope): Promise<void> {
  const part = { ...(task === null ? {} : { task }), ...(date === null ? {} : { date }) };
  await attempt(() => api.jobs.start({ kind: STAGE_JOB, options: { stage: kind, root, ...part, options: {} } }));
}

/** The same of one recording. */
export async function makeOne(kind: OutputKind, episode: string): Promise<void> {
  const root = episode.slice(0, episode.indexOf('/'));
  await attempt(() => api.jobs.start({ kind: STAGE_JOB, options: { stage: kind, root, only: episode, options: {} } }));
}

/** The job that makes them now, or is about to. */
export function useMaking(kind: OutputKind): Job | undefined {
  return useSession(({ jobs }) =>
    jobs.find(
      ({ kind: of, title, state }) =>
        of === STAGE_JOB && title.startsWith(OUTPUT_TITLES[kind]) && (state === 'running' || state === 'queued'),
    ),
  );
}

export async function stopMaking(job: Job): Promise<void> {
  await attempt(() => api.jobs.cancel({ job: job.id }));
}
