import type { Hdf5Content } from '../sources/sample-tools.ts';
import type { SampleFilter } from './hdf5-writer.ts';
import type { PlanOptions } from './plan.ts';
import type { Shrink } from './rig.ts';

export interface EpisodeFile {
  /** Written in place: the caller moves it to its final name once it is whole. */
  path: string;
  filter: SampleFilter;
}

/** What a sample worker is asked for, as its workerData: one piece of work, then it ends. */
export type SampleWork =
  | {
      kind: 'episode';
      /** The same recording once a file: its pictures are drawn once, whatever filters they are kept with. */
      files: EpisodeFile[];
      task: string;
      plan: PlanOptions;
      only?: number[];
      leaveOutDepth?: boolean;
      shrink?: Shrink;
    }
  /** Any HDF5 file, from data. */
  | { kind: 'hdf5'; file: string; content: Hdf5Content }
  | { kind: 'broken'; folder: string; task: string; plan: PlanOptions; shrink?: Shrink };

export interface SampleWorkerData {
  pluginDir: string;
  work: SampleWork;
}

export type SampleWorkerMessage =
  | { kind: 'progress'; done: number }
  /** `result` is what the work hands back, by file name for broken files. */
  | { kind: 'done'; result: Record<string, string> }
  | { kind: 'failed'; message: string };
