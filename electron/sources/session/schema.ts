import { z } from 'zod';
import { MANIFEST_SCHEMA, SESSION_SCHEMA } from './names.ts';

/** What an alignment may leave over unless a person says otherwise: about a frame at 30 Hz. */
export const MAX_RESIDUAL_SECONDS = 0.03;

const text = z.string().max(4000);
/** Seconds that stay exact to well below a microsecond, Unix time included. */
const seconds = z.number().min(-1e10).max(1e10);

export const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

export const TIED_BY = ['shared clock', 'given offset', 'sync events', 'paired stamps', 'assumed'] as const;

export const residualSchema = z.looseObject({
  /** Pairs of stamps that the line was laid through. */
  pairs: z.int().nonnegative(),
  rms_s: z.number().nonnegative(),
  max_s: z.number().nonnegative(),
});

/** What tells a stream's own time, and how that lies to the session's: session = offset_s + (1 + drift_ppm / 1e6) × (own − origin_s). */
export const streamClockSchema = z.looseObject({
  /** "video": the file's own presentation times from its first frame; "rate": sample / rate_hz; "stamps": recorded stamps. */
  from: z.enum(['video', 'rate', 'stamps']),
  rate_hz: z.number().min(0.001).max(1e6).optional(),
  /** Of "stamps": a CSV, text or JSON file beside; of joints the table itself where it is left out. */
  file: text.optional(),
  /** Column of the stamps; the usual names are found without it. */
  column: text.optional(),
  unit: z.enum(TIME_UNITS).optional(),
  origin_s: seconds.default(0),
  offset_s: seconds.default(0),
  drift_ppm: z.number().min(-1e5).max(1e5).default(0),
  tied_by: z.enum(TIED_BY).optional(),
  residual: residualSchema.nullable().default(null),
});
export type StreamClock = z.infer<typeof streamClockSchema>;

export const sessionStreamSchema = z.looseObject({
  /** Path beside session.json. */
  file: text.min(1),
  kind: z.enum(['cam', 'joints']),
  name: text.optional(),
  clock: streamClockSchema,
});
export type SessionStream = z.infer<typeof sessionStreamSchema>;

export const jointColumnSchema = z.looseObject({
  /** Column of the table; of a list column all of it. */
  name: text.min(1),
  /** Of several tables, the one it is a column of; left out: every one. */
  file: text.optional(),
  /** One plot shows one group. */
  group: text.optional(),
  role: z.enum(['state', 'action', 'other']).optional(),
  unit: z.string().max(40).optional(),
  limits: z.object({ min: z.number(), max: z.number() }).nullable().optional(),
  /** Of a list column: a name for each number. */
  components: z.array(text).max(4096).optional(),
});
export type JointColumn = z.infer<typeof jointColumnSchema>;

export const MARKER_KINDS = ['task', 'failure', 'recovery', 'handoff', 'sync', 'other'] as const;

export const markerSchema = z.looseObject({
  name: text,
  kind: z.enum(MARKER_KINDS).default('task'),
  /** Seconds of the session. */
  start_s: seconds,
  /** Left out for an instant. */
  end_s: seconds.optional(),
  by: text.optional(),
  text: text.optional(),
  /** Slug of a taxonomy, e.g. "grasp_slip". */
  code: text.optional(),
});
export type SessionMarker = z.infer<typeof markerSchema>;

export const noteSchema = z.looseObject({
  text: z.string().max(100_000),
  by: text.optional(),
  at_s: seconds.nullable().optional(),
});

/** Every field of `session.json` but `schema`; all may be left out except `session`. Keys beyond these are kept. */
export const sessionFields = {
  session: text.min(1),
  task: text,
  /** What was to be done, in words. */
  instruction: text,
  site: text,
  shift: text,
  operator: text,
  robot: text,
  checkpoint: text,
  software_version: text,
  environment: z.union([text, z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))]),
  outcome: text,
  /** Unix seconds of session time zero. */
  start_unix_s: z.number().min(0).max(1e10),
  markers: z.array(markerSchema),
  notes: z.array(noteSchema),
  streams: z.array(sessionStreamSchema),
  joints: z.array(jointColumnSchema),
} as const;

export const sessionSchema = z.looseObject({
  schema: z.literal(SESSION_SCHEMA),
  ...sessionFields,
  task: sessionFields.task.optional(),
  instruction: sessionFields.instruction.optional(),
  site: sessionFields.site.optional(),
  shift: sessionFields.shift.optional(),
  operator: sessionFields.operator.optional(),
  robot: sessionFields.robot.optional(),
  checkpoint: sessionFields.checkpoint.optional(),
  software_version: sessionFields.software_version.optional(),
  environment: sessionFields.environment.optional(),
  outcome: sessionFields.outcome.nullable().optional(),
  start_unix_s: sessionFields.start_unix_s.nullable().optional(),
  markers: sessionFields.markers.default([]),
  notes: sessionFields.notes.default([]),
  streams: sessionFields.streams.default([]),
  joints: sessionFields.joints.default([]),
});
/** `session.json` as it is written. */
export type Session = z.infer<typeof sessionSchema>;

const nanoseconds = z.int();

export const mappedStreamSchema = z.looseObject({
  count: z.int().nonnegative(),
  first_ns: nanoseconds.nullable(),
  last_ns: nanoseconds.nullable(),
  /** Nanoseconds of the session, one a sample … */
  times_ns: z.array(nanoseconds).optional(),
  /** … or the column of the table that holds them. */
  column: text.optional(),
});
export type MappedStream = z.infer<typeof mappedStreamSchema>;

export const manifestFileSchema = z.looseObject({
  /** Path beside the manifest, with slashes. */
  path: text.min(1),
  role: z.enum(['session', 'stream', 'raw']),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Frames of a video, rows of a table. */
  count: z.int().nonnegative().optional(),
  /** Path in the raw folder that it is byte for byte. */
  source: text.optional(),
});

export const manifestSchema = z.looseObject({
  schema: z.literal(MANIFEST_SCHEMA),
  session: text,
  task: text.optional(),
  site: text.optional(),
  shift: text.optional(),
  operator: text.optional(),
  made_by: text.optional(),
  start_unix_s: z.number().nullable().optional(),
  timestamp_map: z.looseObject({
    unit: z.literal('ns'),
    streams: z.record(z.string(), mappedStreamSchema),
  }),
  files: z.array(manifestFileSchema),
});
/** `session_manifest.json`: what the session consists of, and every sample's time on the session's clock. */
export type Manifest = z.infer<typeof manifestSchema>;
