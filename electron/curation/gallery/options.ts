import { z } from 'zod';

/** Grows when the same recording would give another picture. */
export const GALLERY_VERSION = 1;

export const galleryOptionsSchema = z.object({
  projection: z.boolean().default(true),
  asLive: z.boolean().default(false),
  calibration: z.string().optional(),
  frames: z.coerce.number().int().min(1).max(600).default(60),
  fps: z.coerce.number().min(0.1).max(50).default(15),
  maxKib: z.coerce.number().min(16).max(102_400).default(4096),
  colors: z.coerce.number().int().min(128).max(256).default(256),
  force: z.boolean().default(false),
});
export type GalleryOptions = z.infer<typeof galleryOptionsSchema>;
