import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SampleWork, SampleWorkerData, SampleWorkerMessage } from './worker-protocol.ts';

export interface RunSampleWork {
  /** Folder of the built worker entries. */
  workerDir: string;
  /** Folder of the HDF5 filter plugins. */
  pluginDir: string;
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}

/** Runs one piece of work in a thread of its own. Rejects with a sentence, or with the signal's reason once the thread has ended. */
export async function runSampleWork(work: SampleWork, options: RunSampleWork): Promise<Record<string, string>> {
  options.signal?.throwIfAborted();
  const data: SampleWorkerData = { pluginDir: options.pluginDir, work };
  const worker = new Worker(path.join(options.workerDir, 'sample-worker.js'), { workerData: data });
  let stop: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      stop = () => reject(options.signal?.reason);
      options.signal?.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: SampleWorkerMessage) => {
        if (message.kind === 'progress') options.onProgress?.(message.done);
        else if (message.kind === 'done') resolve(message.result);
        else reject(new Error(message.message));
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`The recording thread stopped early (code ${code}); try again.`)));
    });
  } finally {
    if (stop) options.signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
