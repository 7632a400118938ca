import type { z } from 'zod';

/**
 * One kind of long work. The queue gives it a context and knows nothing else of it; the kind knows nothing of the
 * queue, the window or the disk layout of jobs.
 */
export interface JobKind<Options = unknown> {
  /** Stable word, e.g. "sample". */
  kind: string;
  options: z.ZodType<Options>;
  /** For people: "Record a sample dataset". */
  title(options: Options): string;
  unit: string;
  /** Whether `run` picks up from `checkpoint` or from what it finds on disk after it was broken off. */
  resumable: boolean;
  /** Heavy jobs run one at a time; quick ones pass them. */
  heavy: boolean;
  /**
   * Shows work that goes on by itself and that a later start of the workstation finds out again: kept in memory only, and
   * the next one that is the same (`sameAs`) takes the place of one that ended.
   */
  passing?: true;
  /** What is said when a person cancels one; default "Cancelled." */
  cancelled?: string;
  /** Jobs of the kind that answer the same text are the same work: starting one while it waits or runs answers that one. */
  sameAs?(options: Options): string;
  /** Starting what is the same as a job that was broken off goes on with that one, instead of standing beside it. */
  goesOn?: true;
  run(context: JobContext<Options>): Promise<JobEnd>;
}

export interface JobContext<Options> {
  options: Options;
  /** Fires when a person cancels or the workstation closes (its reason is CLOSING then): stop soon, leave nothing half-written. */
  signal: AbortSignal;
  progress(progress: { done?: number; total?: number | null; message?: string }): void;
  /** One item failed; the rest goes on. */
  fail(item: string, message: string): void;
  log(line: string): void;
  /** What an earlier, broken-off run of this job left with `keep`; null the first time. JSON only. */
  checkpoint: unknown;
  keep(checkpoint: unknown): void;
}

export interface JobEnd {
  /** One sentence on how it ended. */
  message: string;
  result?: Record<string, unknown>;
}
