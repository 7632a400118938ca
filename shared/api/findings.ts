import { z } from 'zod';
import { detectSettingsSchema } from '../detect/settings.ts';
import { findingSchema } from '../review/finding.ts';
import { reviewSchema } from '../review/review.ts';

/** What was detected in a recording, as it is kept and as the window gets it. */
export const storedFindingsSchema = z.object({
  version: z.literal(1),
  fingerprint: z.string(),
  /** Path below the root of the file it was detected in, and what the list groups by. */
  path: z.string(),
  task: z.string(),
  date: z.string(),
  at: z.string(),
  settings: detectSettingsSchema,
  activeSides: z.array(z.enum(['left', 'right'])),
  ticks: z.int().nonnegative(),
  /** Ticks that are kept, inclusive, and why they begin there. */
  trim: z.object({ first: z.int(), last: z.int(), reason: z.string() }),
  findings: z.array(findingSchema),
});
export type StoredFindings = z.infer<typeof storedFindingsSchema>;

/** One recording of the queue: what was detected, and what people said of it so far. */
export const judgedRecordingSchema = z.object({
  /** Id to open it by. */
  episode: z.string(),
  detected: storedFindingsSchema,
  review: reviewSchema,
});
export type JudgedRecording = z.infer<typeof judgedRecordingSchema>;

/**
 * GET /api/signals?episode=…&reference=…: the stored signals of a recording (shared/detect/pack-signals.ts), for judging
 * it anew while a threshold moves. 404 with a sentence where none are stored: they are made by the detect stage.
 * `tracks=none` leaves the poses out, which a window has of its own and which are most of it.
 */
export const SIGNALS_ROUTE = '/api/signals';
