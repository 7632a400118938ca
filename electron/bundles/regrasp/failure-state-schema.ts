import { z } from 'zod';
import { failureStateSchema } from '../../../shared/review/failure-state.ts';
import { CONTROL_MODES, RECOVERY_OUTCOMES } from '../../../shared/review/markers.ts';

const tick = z.int().nonnegative();
/** Of the unit: negative before its first frame. */
const seconds = z.number();

/** `failure_state.json`: the failure that a unit shows or recovers from. Ticks are the recording's, seconds the unit's. */
export const failureStateFileSchema = z.object({
  schema: z.literal('regrasp.failure-state/1'),
  code: z.string().nullable(),
  severity: z.string().nullable(),
  resetability: z.string().nullable(),
  what_happened: z.string(),
  taxonomy_version: z.int().positive(),
  annotator: z.string().min(1),
  event_s: seconds,
  window_s: z.tuple([seconds, seconds]),
  pre_failure_buffer_s: z.number().nonnegative(),
  hand_off_s: seconds.nullable(),
  event_tick: tick,
  window_ticks: z.tuple([tick, tick]),
  hand_off_tick: tick.nullable(),
  /** How the robot stood at the event, by series; null where nobody read it. */
  state: failureStateSchema.nullable(),
  /** Of a recovery alone. */
  recovery: z
    .object({
      control_mode: z.enum(CONTROL_MODES).nullable(),
      how_recovered: z.string(),
      outcome: z.enum(RECOVERY_OUTCOMES).nullable(),
      ticks: z.tuple([tick, tick]),
    })
    .optional(),
  rollout: z.object({
    /** Of the whole rollout in this bundle; null where it is not in it. */
    folder: z.string().nullable(),
    source: z.string().min(1),
    fingerprint: z.string(),
  }),
});
