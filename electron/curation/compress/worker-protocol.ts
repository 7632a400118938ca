/** What a compress worker is asked for, as its workerData: one piece of work on one file, then it ends. */
export type CompressWork =
  /** Writes the packed copy, if there is anything to pack. */
  | { kind: 'copy'; file: string; temporary: string; level: number }
  /** Reads both files and compares what is in them; datasets are shared out among `parts`. */
  | { kind: 'compare'; file: string; temporary: string; part: number; parts: number };

export interface CompressWorkerData {
  pluginDir: string;
  work: CompressWork;
}

export type CompressResult =
  | { state: 'packed-already' }
  | { state: 'copied'; bytes: number }
  /** A whole sentence: why this file stays as it is. */
  | { state: 'refused'; reason: string }
  | { state: 'equal' }
  /** What is not alike. */
  | { state: 'different'; what: string };

export type CompressWorkerMessage =
  | { kind: 'progress'; bytes: number }
  | { kind: 'done'; result: CompressResult }
  | { kind: 'failed'; message: string; code?: string };
