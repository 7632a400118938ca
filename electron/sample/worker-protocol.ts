import type { SampleFilter } from './hdf5-writer.ts';
import type { PlanOptions } from './plan.ts';

/** What a sample worker is asked for, as its workerData: one piece of work, then it ends. */
export type SampleWork =
  | { kind: 'episode'; path: string; task: string; filter: SampleFilter; plan: PlanOptions; only?: number[] }
  | { kind: 'broken'; folder: string; task: string; plan: PlanOptions };

export interface SampleWorkerData {
  pluginDir: string;
  work: SampleWork;
}

export type SampleWorkerMessage =
  | { kind: 'progress'; done: number }
  /** `result` is what the work hands back, by file name for broken files. */
  | { kind: 'done'; result: Record<string, string> }
  | { kind: 'failed'; message: string };
