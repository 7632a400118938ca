import { Radar } from 'lucide-react';
import { STAGE_JOB } from '../../shared/api/jobs.ts';
import { useSession } from '../app/session.ts';
import { Button, IconButton, Spinner } from '../design/index.ts';
import { detect } from './findings-actions.ts';

/** Looks for findings in what the queue goes over; says so while that runs. Without a label it is a picture alone. */
export function DetectButton({ label }: { label?: string }) {
  const isRunning = useSession(({ jobs }) =>
    jobs.some(({ kind, state }) => kind === STAGE_JOB && (state === 'running' || state === 'queued')),
  );
  const icon = isRunning ? <Spinner label="Looking for findings" size={13} /> : <Radar size={13} />;
  if (label === undefined)
    return (
      <IconButton
        size="s"
        label="Look for findings again"
        disabled={isRunning}
        icon={icon}
        onClick={() => void detect()}
      />
    );
  return (
    <Button size="s" disabled={isRunning} icon={icon} onClick={() => void detect()}>
      {label}
    </Button>
  );
}
