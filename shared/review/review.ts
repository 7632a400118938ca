import { z } from 'zod';
import { flagSchema, handFindingSchema, verdictSchema } from './finding.ts';
import { failureSchema, recoverySchema, taskMarkSchema } from './markers.ts';
import { submissionSchema } from './submission.ts';

/**
 * A review is a fold of journals. One gesture is one line of one journal: a patch of records, its inverse and a name.
 * Records live in maps by id, so layers of different people commute.
 */

/**
 * Maps a gesture may write: `verdicts` by the id of a finding, or of an event in `findings`, which people added or gave
 * other ends to; `properties` by their key; of `outcome`, `description` and `submission` there is one, with the id "episode"; the rest by
 * an id of their own.
 */
export const recordMapSchema = z.enum([
  'outcome',
  'description',
  'notes',
  'properties',
  'failures',
  'recoveries',
  'taskMarks',
  'verdicts',
  'findings',
  'flags',
  'submission',
]);
export type RecordMap = z.infer<typeof recordMapSchema>;

/** How the policy did: the four slugs of Oopsie, verbatim, and what does not count. */
export const OUTCOMES = ['success', 'success_suboptimal', 'success_side_effect', 'failure', 'not_scored'] as const;

/** One record set or (value null) removed. The id is unique within its map; singletons use "episode". */
export const changeSchema = z.object({ map: recordMapSchema, id: z.string().min(1).max(200), value: z.unknown() });
export type Change = z.infer<typeof changeSchema>;

export const outcomeSchema = z.object({ value: z.enum(OUTCOMES), reason: z.string().optional() });
export type Outcome = z.infer<typeof outcomeSchema>;

export const noteSchema = z.object({
  text: z.string().max(20_000),
  /** Tick or inclusive range the note is about; omitted for the whole episode. */
  ticks: z.tuple([z.int().nonnegative(), z.int().nonnegative()]).optional(),
});
export type Note = z.infer<typeof noteSchema>;

/** What happened in the episode, in words: what an Oopsie annotation calls its description. */
export const descriptionSchema = z.object({ text: z.string().max(20_000) });
export type Description = z.infer<typeof descriptionSchema>;

/** What a person says of the conditions: checkpoint id, scene, lighting, site …, by any key. */
export const propertySchema = z.union([z.string().max(2000), z.number(), z.boolean()]);
export type Property = z.infer<typeof propertySchema>;

/**
 * Version of the lines that are written. 1: outcomes of before, among them "recovered". 2: submissions, the recording, and
 * the version of the taxonomy. Lines of earlier versions are read as they would be written today (journal.ts), and never rewritten.
 */
export const JOURNAL_VERSION = 2;

/** Counters beyond any that counting leads to: a line that claims one is damaged, and would leave no room above it. */
export const MOST_CLOCK = 2 ** 48;

/** A line of a journal. */
export const gestureLineSchema = z.object({
  v: z.literal(JOURNAL_VERSION),
  id: z.string().min(1).max(200),
  /** Wall clock, ISO 8601; ties and skew are settled by `clock`. */
  at: z
    .string()
    .max(40)
    .refine((at) => !Number.isNaN(Date.parse(at)), 'no time'),
  /** Lamport counter: larger than any counter this writer had read. */
  clock: z.int().nonnegative().max(MOST_CLOCK),
  annotator: z.string().min(1),
  install: z.string(),
  /** Fingerprint of the recording it is said of: a journal that was put into the folder of another is noticed. */
  recording: z.string().max(100).optional(),
  kind: z.enum(['do', 'undo', 'redo']),
  /** "Set outcome to success": the step's name in menus. */
  name: z.string(),
  patch: z.array(changeSchema),
  inverse: z.array(changeSchema),
  /** For undo and redo: the gesture that is taken back or done again. */
  target: z.string().optional(),
  /** Gestures of several recordings that are one step to the person share it: undo and redo go through all of them. */
  group: z.string().optional(),
  /** Version of the taxonomy that the failures of its patch were named by. */
  taxonomy: z.int().positive().optional(),
});
export type GestureLine = z.infer<typeof gestureLineSchema>;

/** When a record got the value it has, and when there first was one under its id. Who said it is whose layer it is in. */
export const saidSchema = z.object({ at: z.string(), firstAt: z.string() });
export type Said = z.infer<typeof saidSchema>;

export const layerSchema = z.object({
  annotator: z.string(),
  outcome: outcomeSchema.nullable(),
  description: descriptionSchema.nullable(),
  notes: z.record(z.string(), noteSchema),
  properties: z.record(z.string(), propertySchema),
  failures: z.record(z.string(), failureSchema),
  recoveries: z.record(z.string(), recoverySchema),
  taskMarks: z.record(z.string(), taskMarkSchema),
  verdicts: z.record(z.string(), verdictSchema),
  findings: z.record(z.string(), handFindingSchema),
  flags: z.record(z.string(), flagSchema),
  /** Null until this person says that they are done; when that was, `said` tells. */
  submission: submissionSchema.nullable(),
  /** Of every record that stands, by its map and id: "failures/9f…", "outcome/episode". */
  said: z.record(z.string(), saidSchema),
  /** Version of the taxonomy that failures were named by last; null where none was named. */
  taxonomyVersion: z.int().nullable(),
  lastAt: z.string().nullable(),
});
export type Layer = z.infer<typeof layerSchema>;

/** What a person can take back and do again. */
export const stepsSchema = z.object({
  undo: z.object({ count: z.int(), name: z.string().nullable() }),
  redo: z.object({ count: z.int(), name: z.string().nullable() }),
  /** When the last gesture of this layer was on disk. */
  savedAt: z.string().nullable(),
});

/** Which of the workstation's answers on a recording it is: later ones of one run count higher. */
export const reviewVersionSchema = z.object({ run: z.string(), step: z.int().nonnegative() });
export type ReviewVersion = z.infer<typeof reviewVersionSchema>;
/** Of a review that is not followed: no step leads from it. */
export const NO_VERSION: ReviewVersion = { run: '', step: 0 };

export const reviewSchema = z.object({
  fingerprint: z.string(),
  version: reviewVersionSchema,
  /** The person at this install; their layer is the one gestures go to. */
  annotator: z.string(),
  own: layerSchema,
  others: z.array(layerSchema),
  /** So many others said something that is not shown, because the project is blind and the own review not submitted. */
  hidden: z.int().nonnegative(),
  ...stepsSchema.shape,
  /** Lines that could not be read, one sentence each; nothing is dropped silently. */
  problems: z.array(z.string()),
});
export type Review = z.infer<typeof reviewSchema>;
