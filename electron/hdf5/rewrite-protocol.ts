import type { FileEdit } from './edit-plan.ts';

interface RewriteFiles {
  file: string;
  /** The copy, beside it. */
  temporary: string;
  /** Chunks are shuffled and packed with gzip; null keeps them as they are stored. */
  level: number | null;
  /** What the copy says otherwise; null for nothing. */
  edit: FileEdit | null;
}

/** What a rewrite worker is asked for, as its workerData: one piece of work on one file, then it ends. */
export type RewriteWork =
  /** Writes the copy, if there is anything to pack or to edit. */
  | ({ kind: 'copy' } & RewriteFiles)
  /** Reads both files and compares what is in them, but for what was edited; datasets are shared out among `parts`. */
  | ({ kind: 'compare'; part: number; parts: number } & RewriteFiles);

export interface RewriteWorkerData {
  pluginDir: string;
  work: RewriteWork;
}

export type RewriteResult =
  | { state: 'packed-already' }
  | { state: 'copied'; bytes: number }
  /** The middle of a sentence: why this file stays as it is. */
  | { state: 'refused'; reason: string }
  | { state: 'equal' }
  /** What is not alike. */
  | { state: 'different'; what: string };

export type RewriteWorkerMessage =
  | { kind: 'progress'; bytes: number }
  | { kind: 'done'; result: RewriteResult }
  | { kind: 'failed'; message: string; code?: string };
