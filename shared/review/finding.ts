import { z } from 'zod';

const tickRangeSchema = z
  .tuple([z.int().nonnegative(), z.int().nonnegative()])
  .refine(([first, last]) => first <= last, 'a range ends no earlier than it begins');

/**
 * What a detector proposes. It never leaves as a label: people decide. Ticks are the recording's own, inclusive.
 */
export const findingSchema = z.object({
  /** The same for the same event of the same detector: "<detector>:<side or stream or ->:<first>-<last>". */
  id: z.string().min(1).max(200),
  /** "intensity-spike", "pose-teleport", "pose-freeze", "frozen-video" … */
  detector: z.string(),
  /** What it is taken for: "led_flicker", "pose_teleport", "ot_loss", "pipeline_stall", "real_still" … */
  class: z.string(),
  /** What of several reasons it was: "translation", "rotation" or "both" of a teleport; a component's name. */
  cause: z.string().optional(),
  side: z.enum(['left', 'right']).nullable(),
  /** Ids of streams, tracks and series it was seen in; panes ring them. */
  streams: z.array(z.string()),
  tracks: z.array(z.string()),
  series: z.array(z.string()),
  ticks: tickRangeSchema,
  /** Nanoseconds from the episode's start of the first and the last tick. */
  startNs: z.number(),
  endNs: z.number(),
  /** What spoke for it, and the limit each was held against, by name with unit ("trans_vel_near_mps"). */
  signals: z.record(z.string(), z.number().nullable()),
  thresholds: z.record(z.string(), z.number()),
  /** How far beyond its threshold, as a share of it: 0 on the border, 1 twice as much. Small is borderline. */
  margin: z.number(),
  /** 0…1 for the queue's order: worst first. */
  severity: z.number().min(0).max(1),
  /** One sentence for people. */
  text: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

export const VERDICTS = ['keep', 'cut', 'merge'] as const;

/** What a person decided of one finding. Keyed by the finding's id in the review's `verdicts`. */
export const verdictSchema = z
  .object({
    value: z.enum(VERDICTS),
    /** For "merge": id of the finding (or of the event made by hand) that it became part of. */
    mergedInto: z.string().optional(),
    /** The event as it was decided on, so that the verdict finds it again when detectors run anew. */
    of: z.object({
      detector: z.string(),
      class: z.string(),
      side: z.enum(['left', 'right']).nullable(),
      ticks: tickRangeSchema,
    }),
    note: z.string().max(20_000).optional(),
  })
  .refine(({ value, mergedInto }) => (value === 'merge') === (mergedInto !== undefined), {
    message: 'a merge names what the event became part of, and no other verdict does',
    path: ['mergedInto'],
  });
export type Verdict = z.infer<typeof verdictSchema>;

/**
 * An event that a person added, or gave other ends to (nudged, split, merged): it stands beside what was detected, and
 * `replaces` names the findings that it stands for.
 */
export const handFindingSchema = z.object({
  class: z.string().min(1).max(100),
  side: z.enum(['left', 'right']).nullable(),
  streams: z.array(z.string()).max(100),
  ticks: tickRangeSchema,
  replaces: z.array(z.string()).max(1000),
  text: z.string().max(20_000),
});
export type HandFinding = z.infer<typeof handFindingSchema>;

/** What an operator flags while a preview plays: at one tick, or over an inclusive range. */
export const FLAGS = ['occlusion', 'ot_dropout', 'exposure', 'active_side', 'other'] as const;
export const flagSchema = z.object({
  kind: z.enum(FLAGS),
  ticks: tickRangeSchema,
  /** For "active_side". */
  side: z.enum(['left', 'right', 'both']).optional(),
  text: z.string().max(20_000).optional(),
});
export type Flag = z.infer<typeof flagSchema>;
