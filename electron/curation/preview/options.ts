import { z } from 'zod';

/** Grows when the same recording would give other pictures. */
export const PREVIEW_VERSION = 1;

export const previewOptionsSchema = z.object({
  /** Commander's own reading of --no-projection. */
  projection: z.boolean().default(true),
  asLive: z.boolean().default(false),
  calibration: z.string().optional(),
  chroma: z.enum(['420', '444']).default('444'),
  quality: z.coerce.number().int().min(0).max(51).default(20),
  preset: z.enum(['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow']).default('veryfast'),
  force: z.boolean().default(false),
});
export type PreviewOptions = z.infer<typeof previewOptionsSchema>;
