import { z } from 'zod';
import { failureStateSchema } from './failure-state.ts';

/** What a person marks in a recording. Ticks are the recording's own; ranges are inclusive. */
const tick = z.int().nonnegative();
const tickRange = z
  .tuple([tick, tick])
  .refine(([first, last]) => first <= last, 'a range ends no earlier than it begins');
const text = z.string().max(20_000);
const word = z.string().min(1).max(100);

/** The policy failed. Unknown codes and slugs are kept as they came. */
export const failureSchema = z
  .object({
    /** Where it is first seen to fail. */
    event: tick,
    /** What is cut out of the recording for it: the lead-in, the failure, a moment after. */
    window: tickRange,
    /** Null until one is chosen. */
    code: word.nullable(),
    severity: word.nullable(),
    resetability: word.nullable(),
    whatHappened: text,
    /** Where the operator takes over; null where nobody did. */
    handOff: tick.nullable(),
    /** Of the robot at the event, as the recording has it; left out where nobody read it. */
    state: failureStateSchema.optional(),
  })
  .refine(({ event, window }) => window[0] <= event && event <= window[1], {
    message: 'the event lies within its window',
    path: ['window'],
  });
export type Failure = z.infer<typeof failureSchema>;

export const CONTROL_MODES = ['teleoperation', 'kinesthetic', 'policy', 'scripted', 'other'] as const;
export const RECOVERY_OUTCOMES = ['recovered', 'partly', 'not_recovered'] as const;

/** How it was put right. One failure may have several, one after the other. */
export const recoverySchema = z.object({
  /** Id of the failure that made it necessary, in the same layer. */
  failure: z.string().min(1).max(200),
  ticks: tickRange,
  controlMode: z.enum(CONTROL_MODES).nullable(),
  howRecovered: text,
  outcome: z.enum(RECOVERY_OUTCOMES).nullable(),
});
export type Recovery = z.infer<typeof recoverySchema>;

/** A step of the task: where it begins, or where it begins and ends. */
export const taskMarkSchema = z.object({ label: z.string().min(1).max(500), ticks: tickRange });
export type TaskMark = z.infer<typeof taskMarkSchema>;

/** Seconds of recording around an event: a project's setting. */
export interface WindowSeconds {
  readonly before: number;
  readonly after: number;
}
export const DEFAULT_WINDOW: WindowSeconds = { before: 8, after: 5.2 };
