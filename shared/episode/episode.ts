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
  /** How a stored sample is packed: plain pixels, or one JPEG file a sample. */
  encoding: z.enum(['pixels', 'jpeg']),
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

export const seriesSchema = z.object({
  id: z.string(),
  name: z.string(),
  unit: z.string(),
  components: z.array(z.string()),
  count: z.int().nonnegative(),
  clock: z.string(),
});

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

export const episodeSchema = z.object({
  /** "<root id>/<path below the root, with slashes>". */
  id: z.string(),
  root: z.string(),
  /** Path below the root, with slashes. */
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
  /** Attributes as recorded, as text or JSON-safe values, in file order. */
  metadata: z.record(z.string(), z.unknown()),
  /** Ticks the recording suggests tactile lags by; 0 when none is known. The setting defaults to 0 all the same. */
  suggestedTactileOffset: z.object({ ticks: z.int(), reason: z.string() }).nullable(),
  problems: z.array(problemSchema),
});
export type Episode = z.infer<typeof episodeSchema>;

export function masterClockOf(episode: Episode): Clock {
  const clock = episode.clocks.find((candidate) => candidate.id === episode.masterClock);
  if (!clock) throw new Error(`${episode.path}: the episode names no master clock.`);
  return clock;
}
