import { Ban, CircleCheck, CirclePause, CircleX, Clock, LoaderCircle, Play, ScrollText, X } from 'lucide-react';
import { useState } from 'react';
import type { Job } from '../../shared/api/jobs.ts';
import { api } from '../app/api.ts';
import { attempt } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import { Button, EmptyState, IconButton, ScrollArea } from '../design/index.ts';
import { JobLog } from './JobLog.tsx';
import styles from './JobsPanel.module.css';
import { isActive, leftText, percentOf, progressText, rateText, sortedJobs, stateWord } from './job-text.ts';

const ICONS = {
  queued: Clock,
  running: LoaderCircle,
  done: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
  interrupted: CirclePause,
} as const;

/** Long work: how far it is, what failed while the rest went on, and the ways to stop, take up again or read its log. */
export function JobsPanel() {
  const jobs = useSession((session) => session.jobs);
  const [logOf, setLogOf] = useState<Job | null>(null);
  if (jobs.length === 0) {
    return (
      <EmptyState title="No jobs">Long work shows its progress here and goes on while you look at episodes.</EmptyState>
    );
  }
  return (
    <ScrollArea label="List of jobs" className={styles.scroll}>
      <ul className={styles.jobs}>
        {sortedJobs(jobs).map((job) => (
          <JobRow key={job.id} job={job} onLog={() => setLogOf(job)} />
        ))}
      </ul>
      <JobLog job={logOf} onClose={() => setLogOf(null)} />
    </ScrollArea>
  );
}

function JobRow({ job, onLog }: { job: Job; onLog(): void }) {
  const Icon = ICONS[job.state];
  const active = isActive(job);
  const figures = [progressText(job), active ? rateText(job) : '', active ? leftText(job.leftMs) : ''].filter(Boolean);
  return (
    <li className={styles.job} data-state={job.state}>
      <Icon size={15} className={styles.icon} aria-hidden />
      <div className={styles.what}>
        <div className={styles.line}>
          <strong>{job.title}</strong>
          <span className={styles.state}>{stateWord(job.state)}</span>
          <span className={styles.figures}>{figures.join(' · ')}</span>
        </div>
        {active ? <Bar job={job} /> : null}
        {job.message ? (
          <p className={styles.message} data-selectable>
            {job.message}
          </p>
        ) : null}
        <Failures failures={job.failures} />
      </div>
      <Tools job={job} onLog={onLog} />
    </li>
  );
}

/** Without a total it says only that something goes on. */
function Bar({ job }: { job: Job }) {
  const percent = percentOf(job);
  return (
    <progress
      className={styles.bar}
      aria-label={`Progress of ${job.title}`}
      {...(percent === undefined ? {} : { value: job.done, max: job.total ?? 1 })}
    />
  );
}

function Failures({ failures }: { failures: Job['failures'] }) {
  if (failures.length === 0) return null;
  return (
    <details className={styles.failures}>
      <summary>
        {failures.length === 1 ? 'One item failed' : `${failures.length} items failed`}; the rest went on
      </summary>
      <ul>
        {failures.map((failure) => (
          <li key={`${failure.item} ${failure.message}`} data-selectable>
            <b>{failure.item}</b> {failure.message}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Tools({ job, onLog }: { job: Job; onLog(): void }) {
  const input = { job: job.id };
  return (
    <div className={styles.tools}>
      <IconButton
        label={`Log of ${job.title}`}
        size="s"
        icon={<ScrollText size={13} />}
        onClick={onLog}
        tooltipSide="left"
      />
      {isActive(job) ? (
        <Button size="s" aria-label={`Cancel ${job.title}`} onClick={() => void attempt(() => api.jobs.cancel(input))}>
          Cancel
        </Button>
      ) : null}
      {job.resumable && !isActive(job) ? (
        <Button
          size="s"
          icon={<Play size={12} />}
          aria-label={`Resume ${job.title}`}
          onClick={() => void attempt(() => api.jobs.resume(input))}
        >
          Resume
        </Button>
      ) : null}
      {isActive(job) ? null : (
        <IconButton
          label={`Dismiss ${job.title}`}
          size="s"
          icon={<X size={13} />}
          tooltipSide="left"
          onClick={() => void attempt(() => api.jobs.dismiss(input))}
        />
      )}
    </div>
  );
}
