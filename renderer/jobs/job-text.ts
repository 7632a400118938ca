import type { Job } from '../../shared/api/jobs.ts';

/** What a person reads of a job. Pure. */

export function isActive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

export function stateWord(state: Job['state']): string {
  return {
    queued: 'Waiting',
    running: 'Running',
    done: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
    interrupted: 'Interrupted',
  }[state];
}

/** "120 of 600 frames, 20 %"; without a total "120 frames"; "" before there is anything to count. */
export function progressText(job: Pick<Job, 'done' | 'total' | 'unit'>): string {
  const count = (value: number) => (Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(1));
  const unit = job.unit ? ` ${job.unit}` : '';
  if (job.total === null) return job.done > 0 ? `${count(job.done)}${unit}` : '';
  if (job.total <= 0) return '';
  return `${count(job.done)} of ${count(job.total)}${unit}, ${percentOf(job)} %`;
}

/** Whole percent, rounded down: 100 only when it is all there. Undefined without a total. */
export function percentOf(job: Pick<Job, 'done' | 'total'>): number | undefined {
  if (job.total === null || job.total <= 0) return undefined;
  return Math.max(0, Math.min(100, Math.floor((job.done / job.total) * 100)));
}

/** "41.2 frames/s"; "" while it cannot be told. */
export function rateText(job: Pick<Job, 'rate' | 'unit'>): string {
  if (job.rate === null || !(job.rate > 0)) return '';
  const rate = job.rate >= 100 ? job.rate.toFixed(0) : job.rate >= 1 ? job.rate.toFixed(1) : job.rate.toPrecision(2);
  return `${rate}${job.unit ? ` ${job.unit}` : ''}/s`;
}

/** "3 s left", "2 min left", "1 h 5 min left": as coarse as such a guess is. */
export function leftText(leftMs: number | null): string {
  if (leftMs === null || !Number.isFinite(leftMs) || leftMs < 0) return '';
  const seconds = Math.ceil(leftMs / 1000);
  if (seconds < 60) return `${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** What is known of it while nothing is heard: how far it was. Whether it goes on as fast, or at all, nobody here can tell. */
export function asLastHeard(job: Job): Job {
  return isActive(job) ? { ...job, rate: null, leftMs: null } : job;
}

/** Running first, then waiting, then what ended, the newest first. */
export function sortedJobs(jobs: readonly Job[]): Job[] {
  const rank = (job: Job) => (job.state === 'running' ? 0 : job.state === 'queued' ? 1 : 2);
  const when = (job: Job) => job.endedAt ?? job.startedAt ?? '';
  return [...jobs].sort((a, b) => rank(a) - rank(b) || when(b).localeCompare(when(a)));
}
