import { Radar } from 'lucide-react';
import { STAGE_JOB } from '../../shared/api/jobs.ts';
import { useSession } from '../app/session.ts';
import { Button, Spinner } from '../design/index.ts';
import { detect } from './findings-actions.ts';

/** Looks for findings in the open episode; says so while that runs. */
export function DetectButton({ label }: { label: string }) {
  const isRunning = useSession(({ jobs }) =>
    jobs.some(({ kind, state }) => kind === STAGE_JOB && (state === 'running' || state === 'queued')),
  );
  return (
    <Button
      size="s"
      disabled={isRunning}
      icon={isRunning ? <Spinner label="Looking for findings" size={13} /> : <Radar size={13} />}
      onClick={() => void detect()}
    >
      {label}
    </Button>
  );
}
