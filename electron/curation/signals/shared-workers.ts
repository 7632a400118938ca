import { ScanWorkers } from './scan-workers.ts';

const made = new Map<string, ScanWorkers>();

/** The scanning threads of this process: they stay for the recording after this one, and end by themselves when there is none. */
export function sharedWorkers({ workerDir, pluginDir }: { workerDir: string; pluginDir: string }): ScanWorkers {
  const key = `${workerDir}\n${pluginDir}`;
  const known = made.get(key) ?? new ScanWorkers({ workerDir, pluginDir });
  made.set(key, known);
  return known;
}
