import { z } from 'zod';
import { FINDING_CLASSES } from '../../../shared/detect/findings.ts';

export const clipsOptionsSchema = z.object({
  class: z
    .string()
    .refine((named) => classesOf(named).every((each) => FINDING_CLASSES.includes(each)), {
      message: `the classes are ${FINDING_CLASSES.join(', ')}`,
    })
    .optional(),
  minS: z.coerce.number().min(0).default(1),
  maxS: z.coerce.number().positive().default(5),
  maxMargin: z.coerce.number().min(0).optional(),
  schedule: z.enum(['short', 'inspect']).default('short'),
  projection: z.boolean().default(true),
  asLive: z.boolean().default(false),
  calibration: z.string().optional(),
  maxKib: z.coerce.number().min(16).max(102_400).default(8192),
  colors: z.coerce.number().int().min(128).max(256).default(256),
  force: z.boolean().default(false),
});
export type ClipsOptions = z.infer<typeof clipsOptionsSchema>;

/** Of `--class`: names between commas. */
export function classesOf(named: string): string[] {
  const classes = named.split(',').map((part) => part.trim());
  return classes.filter((part) => part !== '');
}
