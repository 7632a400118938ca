import { z } from 'zod';

export const jobSchema = z.object({
  id: z.string(),
  /** Stable word for the kind of work, e.g. "sample", "scan". */
  kind: z.string(),
  /** For people: "Record a sample dataset". */
  title: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']),
  done: z.number(),
  total: z.number().nullable(),
  unit: z.string(),
  /** Units a second over the recent past, and milliseconds left, when they can be told. */
  rate: z.number().nullable(),
  leftMs: z.number().nullable(),
  /** The step in hand, or one sentence on how it ended. */
  message: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Whether resuming does something: interrupted, failed and cancelled jobs whose kind can. */
  resumable: z.boolean(),
  /** Items that failed while the rest went on. */
  failures: z.array(z.object({ item: z.string(), message: z.string() })),
  result: z.record(z.string(), z.unknown()).nullable(),
});
/** Shows the scan of a root. */
export const SCAN_JOB = 'scan';

/** A stage of the curation pipeline: options name the stage, the root and what of it. */
export const STAGE_JOB = 'stage';

export type Job = z.infer<typeof jobSchema>;
