import { z } from 'zod';
import { detectSettingsSchema } from '../detect/settings.ts';
import { findingSchema } from '../review/finding.ts';

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
