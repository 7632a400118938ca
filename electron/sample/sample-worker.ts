// Worker entry: records one piece of a sample dataset, says how far it is, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { writeBrokenFiles } from './broken.ts';
import { writeHdf5Content } from './hdf5-content.ts';
import { planEpisode } from './plan.ts';
import { recordEpisode } from './record-episode.ts';
import type { SampleWorkerData, SampleWorkerMessage } from './worker-protocol.ts';

const PROGRESS_EVERY_TICKS = 10;

const send = (message: SampleWorkerMessage) => parentPort?.postMessage(message);

async function run({ pluginDir, work }: SampleWorkerData): Promise<Record<string, string>> {
  if (work.kind === 'broken') return writeBrokenFiles({ ...work, pluginDir });
  if (work.kind === 'hdf5') {
    await writeHdf5Content(pluginDir, work.file, work.content);
    return {};
  }
  const { files, task, only, leaveOutDepth, shrink } = work;
  await recordEpisode({
    files,
    pluginDir,
    task,
    only,
    leaveOutDepth,
    shrink,
    plan: planEpisode(work.plan),
    onTick: (done) => {
      if (done % PROGRESS_EVERY_TICKS === 0) send({ kind: 'progress', done });
    },
  });
  return {};
}

run(workerData as SampleWorkerData).then(
  (result) => send({ kind: 'done', result }),
  (error: unknown) => send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
);
