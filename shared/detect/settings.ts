import { z } from 'zod';

/**
 * Every choice a detector leaves open, with its default. The defaults are the pipeline document's body text; where
 * published code or documents do otherwise, the alternative has a name here. What a run used is stored in its outputs.
 * A settings file holds any part of this; unknown names are refused, as a mistyped threshold must not pass unnoticed.
 */
export const intensitySpikeSettingsSchema = z.strictObject({
  enabled: z.boolean().default(true),
  /**
   * robust: spikes stand above the percentile of the rest, with short bursts left out of it; p999: above the plain
   * percentile (where more than a thousandth of the ticks spike, that is the spike itself and finds nothing);
   * absolute: intensity itself above the threshold, as in the files published so far.
   */
  rule: z.enum(['robust', 'p999', 'absolute']).default('robust'),
  /** Of 255. */
  threshold: z.number().positive().default(30),
  percentile: z.number().min(50).max(100).default(99.9),
  /** Odd. */
  medianTicks: z
    .int()
    .min(3)
    .max(101)
    .refine((ticks) => ticks % 2 === 1, 'must be odd')
    .default(7),
  longestBurstTicks: z.int().min(1).max(1000).default(3),
  bufferTicks: z.int().min(0).max(1000).default(3),
});

export const poseTeleportSettingsSchema = z.strictObject({
  enabled: z.boolean().default(true),
  /**
   * either: too fast or turning too fast over the recorded time between two ticks; translation: too fast alone;
   * both_at_30hz: both at once with every tick taken for a thirtieth of a second, as in the files published so far.
   */
  rule: z.enum(['either', 'translation', 'both_at_30hz']).default('either'),
  speedMps: z.number().positive().default(5),
  angularRadPerS: z.number().positive().default(15),
  bufferTicks: z.int().min(0).max(1000).default(3),
});

export const poseFreezeSettingsSchema = z.strictObject({
  enabled: z.boolean().default(true),
  /** Shortest candidate: this times the median tick rate, a half rounded to even. The document's table has 1 s. */
  minSeconds: z.number().positive().max(60).default(0.25),
  /** 0: bit for bit. Published code allows differences below 1e-7 in each number. */
  tolerance: z.number().min(0).max(1).default(0),
  /** Around the event, for velocities: by recorded time, or by ticks (published code: 30). */
  near: z.enum(['seconds', 'ticks']).default('seconds'),
  nearSeconds: z.number().min(0).max(60).default(1),
  nearTicks: z.int().min(0).max(10_000).default(30),
  /** Where the longest motion-capture gap is looked for: within the event, or (published code) also near it. */
  gapWithin: z.enum(['event', 'near']).default('event'),
  /** Shortest time between two samples that a velocity is taken over: stamps of bursts lie too close together. */
  shortestStepSeconds: z.number().positive().max(1).default(1e-9),
  duplicateFraction: z.number().min(0).max(1).default(0.3),
  gapSeconds: z.number().positive().default(0.1),
  speedMps: z.number().positive().default(5),
  angularRadPerS: z.number().positive().default(15),
  viewStill: z.number().min(0).default(2),
  tactileStill: z.number().min(0).default(3),
  /** Class of a candidate that nothing speaks for or against. The document lists "ambiguous" and defaults to loss. */
  otherwise: z.enum(['ot_loss', 'ambiguous']).default('ot_loss'),
});

export const recordingSettingsSchema = z.strictObject({
  enabled: z.boolean().default(true),
  /** A step of the clock this many median periods long has lost ticks. */
  gapPeriods: z.number().min(1.1).default(1.5),
  /** Mean difference of first picture and reference beyond which a gel is taken to have moved. */
  contactDrift: z.number().positive().default(5),
  /** Bodies whose first sample comes later than this after the start are told. */
  lateStartSeconds: z.number().min(0).default(0.1),
  /** Pictures that repeat for so long, and longer than the stream's own pace explains, are told. */
  frozenVideoSeconds: z.number().positive().default(0.5),
  /** Pictures of an encoded video that differ by no more than this, of 255 on average, are the same: no encoder repeats one exactly. */
  frozenVideoMotion: z.number().min(0).max(5).default(0.02),
  /** Also for gels; of no use where the recorder wrote each gel picture several times (before the end of June 2026). */
  frozenTactile: z.boolean().default(false),
  /** Values missing for so long between values that are there are told. */
  missingSeconds: z.number().min(0).default(0),
});

export const motionSettingsSchema = z.strictObject({
  enabled: z.boolean().default(true),
  /** The arm stands while its command goes on: for so long, slower than this share of its usual pace. */
  stallSeconds: z.number().positive().default(1),
  stallShare: z.number().positive().max(1).default(0.02),
  /** A step this many times the largest usual one, and at least this share of the whole span. */
  jumpFactor: z.number().min(1).default(10),
  jumpShare: z.number().min(0).max(1).default(0.05),
  /** Within this share of a limit for so long. */
  limitShare: z.number().min(0).max(0.5).default(0.01),
  limitSeconds: z.number().positive().default(0.5),
  /** State further from its command than this many times usual, and this share of its span, for so long. */
  divergenceFactor: z.number().min(1).default(5),
  divergenceShare: z.number().min(0).max(1).default(0.1),
  divergenceSeconds: z.number().positive().default(0.5),
  /** So many turns back within so long, each of this share of the gripper's span. */
  chatterTurns: z.int().min(2).default(4),
  chatterSeconds: z.number().positive().default(1),
  chatterShare: z.number().positive().max(1).default(0.2),
  /** Closed to within this share of fully closed for so long. */
  emptyGripShare: z.number().min(0).max(0.5).default(0.05),
  emptyGripSeconds: z.number().positive().default(0.5),
});

export const DETECT_SETTINGS_VERSION = 1;

export const detectSettingsSchema = z.strictObject({
  version: z.literal(DETECT_SETTINGS_VERSION).default(DETECT_SETTINGS_VERSION),
  /** p01 of the gels: see shared/detect/reference-tick.ts. */
  reference: z
    .enum(['first-at-percentile', 'smoothed-minimum', 'quietest-to-median', 'percentile-to-median'])
    .default('first-at-percentile'),
  /** ot_start: ticks before all active bodies are tracked are left out; none: all ticks are looked at. */
  trim: z.enum(['ot_start', 'none']).default('ot_start'),
  intensitySpikes: intensitySpikeSettingsSchema.prefault({}),
  poseTeleports: poseTeleportSettingsSchema.prefault({}),
  poseFreezes: poseFreezeSettingsSchema.prefault({}),
  recording: recordingSettingsSchema.prefault({}),
  motion: motionSettingsSchema.prefault({}),
});
export type DetectSettings = z.infer<typeof detectSettingsSchema>;
export type IntensitySpikeSettings = DetectSettings['intensitySpikes'];
export type PoseTeleportSettings = DetectSettings['poseTeleports'];
export type PoseFreezeSettings = DetectSettings['poseFreezes'];
export type RecordingSettings = DetectSettings['recording'];
export type MotionSettings = DetectSettings['motion'];

export const DEFAULT_DETECT_SETTINGS: DetectSettings = detectSettingsSchema.parse({});
