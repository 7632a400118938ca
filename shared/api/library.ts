import { z } from 'zod';
import { problemSchema, propertySchema } from '../episode/episode.ts';

/** What the library lists. An entry is cheap: found by name and then inspected in the background. */
export const libraryEntrySchema = z.object({
  id: z.string(),
  root: z.string(),
  /** Path below the root, with slashes; "::" and the recording's own name follow where a file holds several. */
  path: z.string(),
  name: z.string(),
  task: z.string(),
  date: z.string(),
  /** Id of the format; empty until somebody looked into the file, as several formats share endings. */
  format: z.string(),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  /** "pending" until inspected. "good": nothing to say. "warning"/"error": see problems. */
  status: z.enum(['pending', 'good', 'warning', 'error']),
  durationNs: z.number().nullable(),
  ticks: z.int().nullable(),
  streams: z.int().nullable(),
  /** As the recording says it; null: it does not, or nobody looked yet. */
  outcome: z.string().nullable().default(null),
  instruction: z.string().nullable().default(null),
  properties: z.record(z.string(), propertySchema).default({}),
  problems: z.array(problemSchema),
  /** Not looked into yet, and of a kind of file that lists recordings and is none itself: it will give way to them. */
  listsOthers: z.boolean().default(false),
});
export type LibraryEntry = z.infer<typeof libraryEntrySchema>;

export const rootSchema = z.object({
  id: z.string(),
  /** Last folder name, for people. */
  name: z.string(),
  /** Whole path, for people: the renderer never sends it back. */
  path: z.string(),
  format: z.string(),
  /** Where `.regrasp/` is; "beside" the data or in the "user" folder because the root is read-only (or its .regrasp is a link). */
  storage: z.enum(['beside', 'user']),
  storageReason: z.string().nullable(),
  scanning: z.boolean(),
  /** What was opened: the entry to show first, when one file was named. */
  focus: z.string().nullable(),
  /** Restricts the list when a folder below the root was opened: path prefix with slashes, "" for all. */
  prefix: z.string(),
});
export type Root = z.infer<typeof rootSchema>;

export const librarySchema = z.object({ root: rootSchema, entries: z.array(libraryEntrySchema) });
export type Library = z.infer<typeof librarySchema>;

/**
 * A portion of a list. `next` is where the following one begins, null after the last. When `version` differs from that of
 * the first portion entries have moved up meanwhile: begin anew.
 */
export const libraryPageSchema = librarySchema.extend({ version: z.int(), next: z.int().nullable() });
export type LibraryPage = z.infer<typeof libraryPageSchema>;
