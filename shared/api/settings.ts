import { z } from 'zod';
import { channelOrderSchema } from '../episode/episode.ts';
import { DEFAULT_WINDOW } from '../review/markers.ts';

/** A person's own settings on this install. Unknown keys of a newer version are kept. */
export const userSettingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Name on every gesture; asked once, default the login name. */
  annotator: z.string().min(1).max(64).default('annotator'),
  /** Command id → key chord ("Shift+ArrowRight"), only where it differs from the table in the code. "" = no key. */
  keys: z.record(z.string(), z.string()).default({}),
  performanceReadout: z.boolean().default(false),
  /** Bytes all caches of both sides may hold together. */
  cacheBytes: z.int().min(32e6).max(8e9).default(256e6),
  /** Opened last first: paths as people see them with the grants that reopen them. */
  recent: z.array(z.object({ grant: z.string(), path: z.string() })).default([]),
});
export type UserSettings = z.infer<typeof userSettingsSchema>;

/** Settings of a dataset, shared by all who open it: kept in `.regrasp/settings.json` of the root. */
export const datasetSettingsSchema = z.object({
  version: z.literal(1).default(1),
  /** Stream id → order a person chose. */
  orders: z.record(z.string(), channelOrderSchema).default({}),
  /** Episode path → tactile offset in ticks: camera i is paired with tactile i + offset. */
  tactileOffsets: z.record(z.string(), z.int()).default({}),
  /** "<task>/<date>" → calibration folder id, or "" for none. */
  calibrations: z.record(z.string(), z.string()).default({}),
  /** Folder below the root ("" is the root) → what a person stated of the recordings in it, where files lack it. */
  stated: z
    .record(
      z.string(),
      z.object({
        rateHz: z.number().positive().max(100_000).optional(),
        quaternionOrder: z.enum(['wxyz', 'xyzw']).optional(),
      }),
    )
    .default({}),
  /** Saved layout by name; "default" is the one in use. Opaque to the workstation. */
  layouts: z.record(z.string(), z.unknown()).default({}),
  holdPeriods: z.number().positive().default(3),
  /** Texts that are written again and again, offered wherever something is said in words. */
  textTemplates: z.array(z.string().min(1).max(2000)).max(100).default([]),
  /** What detectors judge by, where a person moved a threshold for the dataset: any part of shared/detect/settings.ts. */
  detect: z.record(z.string(), z.unknown()).default({}),
  /** What is cut out around the event of a failure that is newly marked, in seconds of the recording. */
  failureWindowSeconds: z
    .object({
      before: z.number().min(0).max(3600).default(DEFAULT_WINDOW.before),
      after: z.number().min(0).max(3600).default(DEFAULT_WINDOW.after),
    })
    .prefault({}),
  /** A mark that is made while playing is put so much earlier: what people need to see it and press a key. 0 for none. */
  reactionTimeMs: z.number().min(0).max(5000).default(0),
  /** What others said of a recording is shown to a person only once their own review of it is submitted. */
  blindUntilSubmitted: z.boolean().default(false),
});
export type DatasetSettings = z.infer<typeof datasetSettingsSchema>;

/** How a window is arranged: names and plain values, opaque to the workstation and bounded. */
export const viewMemorySchema = z
  .record(z.string().max(100), z.union([z.boolean(), z.number(), z.string().max(200)]))
  .refine((view) => Object.keys(view).length <= 100, 'A view has at most 100 entries.');
export type ViewMemory = z.infer<typeof viewMemorySchema>;

/** How the list of a dataset is filtered and sorted. A facet is named as the library names it: "task", "property:operator". */
export const libraryFiltersSchema = z.object({
  choices: z.array(z.object({ facet: z.string().max(200), value: z.string().max(2000) })).max(50),
  onlyProblems: z.boolean(),
  sort: z.enum(['name', 'newest', 'longest', 'problems']),
});
export type LibraryFilters = z.infer<typeof libraryFiltersSchema>;
