import { z } from 'zod';

/**
 * The one model every on-disk format is read into. It describes; the numbers and pixels themselves travel apart
 * (see shared/api/tick.ts and shared/api/arrays.ts). Times are nanoseconds from the episode's start.
 */

export const channelOrderSchema = z.enum(['rgb', 'bgr']);
export type ChannelOrder = z.infer<typeof channelOrderSchema>;

export const problemSchema = z.object({
  severity: z.enum(['error', 'warning']),
  /** Stable kebab-case word, e.g. "truncated", "missing-stream", "count-mismatch", "unknown-filter". */
  code: z.string(),
  /** One sentence: what is wrong, where, what to do. */
  message: z.string(),
  stream: z.string().optional(),
  /** It tells what somebody said of the recording: kept back where a project is blind (shared/review/blind.ts). */
  isJudgement: z.literal(true).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const clockSchema = z.object({
  id: z.string(),
  name: z.string(),
  count: z.int().nonnegative(),
  /** "nominal": the file recorded no stamps, so the ticks stand at a stated rate and say so everywhere. */
  basis: z.enum(['recorded', 'nominal']),
  firstNs: z.number().nullable(),
  lastNs: z.number().nullable(),
  medianPeriodNs: z.number().nullable(),
  worstGapNs: z.number().nullable(),
  /** Strictly ascending as recorded. Where false, rows whose stamp cannot be trusted stand between their neighbours. */
  ascending: z.boolean(),
});
export type Clock = z.infer<typeof clockSchema>;

export const filterSchema = z.object({ id: z.int(), name: z.string(), parameters: z.array(z.int()) });

export const streamSchema = z.object({
  /** For HDF5 the dataset path without the leading slash, e.g. "realsense/cam0/color". */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['color', 'depth', 'tactile']),
  /** Where the camera or sensor sits, when the source knows. */
  position: z.enum(['left', 'middle', 'right']).nullable(),
  shape: z.array(z.int()),
  width: z.int(),
  height: z.int(),
  channels: z.int(),
  dtype: z.string(),
  /** How a stored sample is packed: plain pixels, one JPEG or PNG file a sample, or a frame of a video. */
  encoding: z.enum(['pixels', 'jpeg', 'png', 'video']),
  /**
   * Of a video, which is decoded in the window by frame index: its codec for people and for WebCodecs, and sentences on what
   * is unusual about the file (open groups of pictures, frames that an edit list hides).
   */
  video: z
    .object({ codec: z.string(), codecString: z.string().nullable(), notes: z.array(z.string()).default([]) })
    .nullable()
    .default(null),
  /** The order the source documents; a person's override lives in the dataset settings. Null where there is one channel. */
  order: channelOrderSchema.nullable(),
  count: z.int().nonnegative(),
  clock: z.string(),
  rule: z.enum(['latest', 'nearest']),
  chunk: z.array(z.int()).nullable(),
  /** For people: "blosc lz4 5 byte-shuffle", "shuffle + gzip 4", "none". */
  filter: z.string(),
  filters: z.array(filterSchema),
  serial: z.string().nullable(),
  /** One sentence when no sample of the stream can be shown; the pane says it. */
  fault: z.string().nullable(),
});
export type Stream = z.infer<typeof streamSchema>;

/** Numbers over time: joints, grippers, actions, timings. One plot shows one group. */
export const seriesSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Plots are made by group: "Joint positions", "Actions: gripper". */
  group: z.string(),
  role: z.enum(['state', 'action', 'timing', 'other']),
  /** "rad", "m", "ms", …; "" where the file does not say. */
  unit: z.string(),
  /** One name a column. */
  components: z.array(z.string()),
  /** By column, where a profile gives them. */
  limits: z
    .array(z.object({ min: z.number(), max: z.number() }).nullable())
    .nullable()
    .default(null),
  /**
   * "stacked": the columns of the group's series add up, as bands (timings). "total": what they add up to as it was measured
   * itself; its band reaches from theirs to it, over what none of them accounts for.
   */
  display: z.enum(['lines', 'stacked', 'total']).default('lines'),
  count: z.int().nonnegative(),
  clock: z.string(),
});
export type Series = z.infer<typeof seriesSchema>;

export const trackSchema = z.object({
  /** For React: the body's name, e.g. "sensor_left". */
  id: z.string(),
  name: z.string(),
  side: z.enum(['left', 'right']).nullable(),
  count: z.int().nonnegative(),
  clock: z.string(),
  rule: z.enum(['latest', 'nearest']),
  /** Poses are (x, y, z, qx, qy, qz, qw) in metres: the order is part of the type. */
  quaternionOrder: z.literal('xyzw'),
  upAxis: z.enum(['y', 'z']),
  /** Whether the projection overlay draws this body. */
  projected: z.boolean(),
});
export type Track = z.infer<typeof trackSchema>;

/** An instant or interval the files themselves name. What people say in Regrasp is a review and lives elsewhere. */
export const recordedMarkSchema = z.object({
  id: z.string(),
  kind: z.enum(['task', 'failure', 'recovery', 'handoff', 'sync', 'overrun', 'other']),
  name: z.string(),
  /** Whose: an annotator, a model, "recorder". Marks of one author share a lane. */
  by: z.string(),
  startNs: z.number(),
  /** Equal to the start for an instant. */
  endNs: z.number(),
  text: z.string(),
});
export type RecordedMark = z.infer<typeof recordedMarkSchema>;

/** What an annotator wrote into the recording's own files, as it stands there (older vocabularies upcast, nothing rewritten). */
export const recordedAnnotationSchema = z.object({
  annotator: z.string(),
  source: z.string(),
  at: z.string().nullable(),
  /** 0…1 where stated. */
  success: z.number().nullable(),
  outcome: z.string().nullable(),
  /** Null: not annotated; []: annotated and left empty. */
  categories: z.array(z.string()).nullable(),
  severity: z.string().nullable(),
  description: z.string(),
  notes: z.string(),
  taxonomy: z.string(),
  /** Words that the taxonomy does not know, kept verbatim. */
  unknown: z.array(z.string()),
});
export type RecordedAnnotation = z.infer<typeof recordedAnnotationSchema>;

/** Facts the files lack and a person may state; see `assumed` for what is used now. */
export const askSchema = z.enum(['rate', 'quaternion-order']);
export type Ask = z.infer<typeof askSchema>;

export const propertySchema = z.union([z.string(), z.number(), z.boolean()]);

export const episodeSchema = z.object({
  /** "<root id>/<path below the root, with slashes>". */
  id: z.string(),
  root: z.string(),
  /** Path below the root, with slashes; "::" and the recording's own name follow where a file holds several. */
  path: z.string(),
  format: z.string(),
  name: z.string(),
  task: z.string(),
  date: z.string(),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  createdAt: z.string().nullable(),
  /** Unix seconds of time zero, as recorded. */
  startUnixSeconds: z.number().nullable(),
  masterClock: z.string(),
  clocks: z.array(clockSchema),
  streams: z.array(streamSchema),
  series: z.array(seriesSchema),
  tracks: z.array(trackSchema),
  /** Attributes as recorded, as text or JSON-safe values, in file order. Never a secret. */
  metadata: z.record(z.string(), z.unknown()),
  /** What the task was, in words, where the recording says. */
  instruction: z.string().nullable().default(null),
  /** Whether it went well, by the files' own account: "success", "failure" or a finer slug; null: they do not say. */
  outcome: z.string().nullable().default(null),
  /** Plain facts to filter and group by: robot, site, operator, checkpoint, lab … */
  properties: z.record(z.string(), propertySchema).default({}),
  marks: z.array(recordedMarkSchema).default([]),
  annotations: z.array(recordedAnnotationSchema).default([]),
  /** Something that the files say of how it went is left out, because the project is blind. */
  keepsBack: z.boolean().default(false),
  asks: z.array(askSchema).default([]),
  /** What stands in for a fact that is asked for: shown wherever it matters. */
  assumed: z
    .object({ rateHz: z.number().nullable(), quaternionOrder: z.enum(['wxyz', 'xyzw']).nullable() })
    .default({ rateHz: null, quaternionOrder: null }),
  /** Ticks the recording suggests tactile lags by; 0 when none is known. The setting defaults to 0 all the same. */
  suggestedTactileOffset: z.object({ ticks: z.int(), reason: z.string() }).nullable(),
  problems: z.array(problemSchema),
});
export type Episode = z.infer<typeof episodeSchema>;

/** What an episode says of things that its format does not know. */
export function blankEpisode() {
  return {
    createdAt: null,
    startUnixSeconds: null,
    streams: [],
    series: [],
    tracks: [],
    metadata: {},
    instruction: null,
    outcome: null,
    properties: {},
    marks: [],
    annotations: [],
    keepsBack: false,
    asks: [],
    assumed: { rateHz: null, quaternionOrder: null },
    suggestedTactileOffset: null,
    problems: [],
  } satisfies Partial<Episode>;
}

export function masterClockOf(episode: Episode): Clock {
  const clock = episode.clocks.find((candidate) => candidate.id === episode.masterClock);
  if (!clock) throw new Error(`${episode.path}: the episode names no master clock.`);
  return clock;
}
