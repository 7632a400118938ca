import { STAGE_JOB } from '../../../shared/api/jobs.ts';
import { api } from '../../app/api.ts';
import { attempt, notify } from '../../app/notices.ts';
import { useSession } from '../../app/session.ts';
import { acceptDatasetSettings } from '../../app/settings.ts';
import { useFindings } from '../findings-state.ts';
import { datasetPatch } from './trial.ts';
import { useTrial } from './trial-state.ts';

/**
 * Makes the thresholds that are tried those of the dataset, and judges by them: the open recording at once, then the others
 * of its date in which something was looked for before. The trial ends when the first of both is done.
 */
export async function keepTrial(): Promise<void> {
  const { open } = useSession.getState();
  const { detected } = useFindings.getState();
  const { settings } = useTrial.getState();
  if (!open || !detected || !settings) return;
  const { id, root } = open.episode;
  const kept = await attempt(() => api.settings.patchDataset({ root, patch: { detect: datasetPatch(settings) } }));
  if (!kept) return;
  acceptDatasetSettings(root, kept);
  const start = (what: { only: string } | { task: string; date: string }) =>
    attempt(() => api.jobs.start({ kind: STAGE_JOB, options: { stage: 'detect', root, ...what, options: {} } }));
  const job = await start({ only: id });
  if (!job) return;
  if (useFindings.getState().detected === detected) useTrial.setState({ keeping: job.id });
  const { task, date } = detected;
  const judged = await attempt(() => api.findings.list({ root, task, date, from: 0 }));
  const others = judged?.recordings.filter(({ episode }) => episode !== id) ?? [];
  if (others.length === 0) return;
  await start({ task, date });
  notify('info', `The other recordings of ${date} are judged by these thresholds next.`);
}
