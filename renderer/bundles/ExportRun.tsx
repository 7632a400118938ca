import { CircleCheck, Copy, FolderSearch, OctagonX, PackageOpen, Play } from 'lucide-react';
import { exportResultSchema } from '../../shared/api/bundles.ts';
import type { Job } from '../../shared/api/jobs.ts';
import { api } from '../app/api.ts';
import { bridge } from '../app/bridge.ts';
import { copyText } from '../app/copy-text.ts';
import { formatBytes, formatCount } from '../app/format.ts';
import { attempt } from '../app/notices.ts';
import { useSession } from '../app/session.ts';
import { Button, Spinner } from '../design/index.ts';
import { isActive, leftText, percentOf, progressText, rateText } from '../jobs/job-text.ts';
import styles from './ExportDialog.module.css';
import { leaveJob, openBundle } from './export-actions.ts';

/** The export that was started from here: how far it is, or how it ended. */
export function ExportRun({ job: id }: { job: string }) {
  const job = useSession(({ jobs }) => jobs.find((candidate) => candidate.id === id));
  if (!job)
    return (
      <div className={styles.run}>
        <p>This export is not on the list of jobs any more.</p>
        <Button onClick={leaveJob}>Back to the recipe</Button>
      </div>
    );
  if (isActive(job)) return <Running job={job} />;
  return job.state === 'done' ? <Done job={job} /> : <Failed job={job} />;
}

function Running({ job }: { job: Job }) {
  const percent = percentOf(job);
  return (
    <section className={styles.run} aria-label="Export under way">
      <h3>
        <Spinner label="Exporting" /> {job.state === 'queued' ? 'Waiting for other jobs' : job.title}
      </h3>
      <progress
        aria-label={`Progress of ${job.title}`}
        {...(percent === undefined ? {} : { value: job.done, max: job.total ?? 1 })}
      />
      <p className={styles.figures}>
        {[progressText(job), rateText(job), leftText(job.leftMs)].filter(Boolean).join(' · ')}
      </p>
      <p className={styles.note}>{job.message}</p>
      <p className={styles.note}>
        It goes on when this is closed; the jobs panel shows it. The folder gets its name once everything was read back.
      </p>
      <div className={styles.tools}>
        <Button onClick={() => void attempt(() => api.jobs.cancel({ job: job.id }))}>Cancel the export</Button>
      </div>
    </section>
  );
}

function Done({ job }: { job: Job }) {
  const result = exportResultSchema.safeParse(job.result).data;
  if (!result) return <Failed job={job} />;
  const { out, grant, units, bytes, files, framesCompared } = result;
  return (
    <section className={styles.run} aria-label="Export done">
      <h3 className={styles.good}>
        <CircleCheck size={18} aria-hidden /> Exported and verified
      </h3>
      <dl className={styles.facts}>
        <div>
          <dt>Where</dt>
          <dd data-selectable>{out}</dd>
        </div>
        <div>
          <dt>What</dt>
          <dd>
            {formatCount(units, 'unit')}, {formatCount(files, 'file')}, {formatBytes(bytes)}
          </dd>
        </div>
        <div>
          <dt>Verified</dt>
          <dd>every file read back, {formatCount(framesCompared, 'frame')} compared with the recordings</dd>
        </div>
      </dl>
      {job.failures.length === 0 ? null : (
        <>
          <p className={styles.bad}>Left out because they could not be exported:</p>
          <ul>
            {job.failures.map(({ item, message }) => (
              <li key={`${item} ${message}`}>
                {item}: {message}
              </li>
            ))}
          </ul>
        </>
      )}
      <div className={styles.tools}>
        <Button tone="primary" icon={<PackageOpen size={14} aria-hidden />} onClick={() => void openBundle(grant)}>
          Open it here
        </Button>
        {bridge.door === 'desktop' ? (
          <Button
            icon={<FolderSearch size={14} aria-hidden />}
            onClick={() => void attempt(() => bridge.showInFolder(grant))}
          >
            Show in folder
          </Button>
        ) : null}
        <Button icon={<Copy size={14} aria-hidden />} onClick={() => void copyText(out, 'The path is copied.')}>
          Copy path
        </Button>
        <Button onClick={leaveJob}>Another export</Button>
      </div>
    </section>
  );
}

function Failed({ job }: { job: Job }) {
  return (
    <section className={styles.run} aria-label="Export ended">
      <h3 className={styles.bad}>
        <OctagonX size={18} aria-hidden /> {job.state === 'cancelled' ? 'Cancelled' : 'Nothing was exported'}
      </h3>
      <p data-selectable>{job.message}</p>
      <div className={styles.tools}>
        {job.resumable ? (
          <Button
            icon={<Play size={13} aria-hidden />}
            onClick={() => void attempt(() => api.jobs.resume({ job: job.id }))}
          >
            {job.state === 'interrupted' ? 'Resume' : 'Try again'}
          </Button>
        ) : null}
        <Button onClick={leaveJob}>Back to the recipe</Button>
      </div>
    </section>
  );
}
