import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RewriteResult, RewriteWork, RewriteWorkerData, RewriteWorkerMessage } from './rewrite-protocol.ts';

export interface RewriteParts {
  workerDir: string;
  pluginDir: string;
  signal: AbortSignal;
  onBytes?: (bytes: number) => void;
}

/** Runs one piece of work in a thread of its own; rejects once that thread has ended, with the signal's reason or the error. */
export async function runRewrite(work: RewriteWork, parts: RewriteParts): Promise<RewriteResult> {
  const { signal, onBytes } = parts;
  signal.throwIfAborted();
  const data: RewriteWorkerData = { pluginDir: parts.pluginDir, work };
  const worker = new Worker(path.join(parts.workerDir, 'rewrite-worker.js'), { workerData: data });
  let stop: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: RewriteWorkerMessage) => {
        if (message.kind === 'progress') onBytes?.(message.bytes);
        else if (message.kind === 'done') resolve(message.result);
        else reject(Object.assign(new Error(message.message), { code: message.code, path: work.temporary }));
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`The rewriting thread stopped early (code ${code}).`)));
    });
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
