import { z } from 'zod';
import { IN_CONTACT_MIXED } from '../detect/contact-sides.ts';
import type { ContactSignals } from '../detect/signals.ts';
import type { Episode } from '../episode/episode.ts';
import { latestAtOrBefore, sampleAt } from '../time/sampling.ts';

/**
 * The state of the robot at the instant it failed: every number that stood then, by the same rules as the panes show
 * it, kept with the failure so that it can be read without the recording. Ages are signed nanoseconds, the instant's
 * time minus the sample's; `row` is the sample's place in the recording, null where there is none yet.
 */
const row = z.int().nonnegative().nullable();
const ageNs = z.number().nullable();
const value = z.number().nullable();
const words = z.string().max(500);

/** More columns than these are no joints: a picture's embedding, a map. */
export const MOST_COMPONENTS = 256;
/** In all series together. */
const MOST_VALUES = 4000;

export const seriesStateSchema = z.object({
  id: words,
  name: words,
  /** "action": the last one given, however long ago. Anything else is empty once it is past its hold limit. */
  role: z.enum(['state', 'action', 'other']),
  unit: words,
  components: z.array(words).max(MOST_COMPONENTS),
  row,
  ageNs,
  /** One a component; null where no number stood. */
  values: z.array(value).max(MOST_COMPONENTS),
});
export type SeriesState = z.infer<typeof seriesStateSchema>;

export const poseStateSchema = z.object({
  id: words,
  name: words,
  side: z.enum(['left', 'right']).nullable(),
  row,
  ageNs,
  /** x y z qx qy qz qw, metres; null where the body was not seen, or too long ago. */
  pose: z.array(z.number()).length(7).nullable(),
});
export type PoseState = z.infer<typeof poseStateSchema>;

export const failureStateSchema = z.object({
  /** Tick of the event it was read at. */
  tick: z.int().nonnegative(),
  /** From the episode's start. */
  timeNs: z.number(),
  series: z.array(seriesStateSchema).max(1000),
  poses: z.array(poseStateSchema).max(1000),
  /** Per gel, as its pictures tell it (mean colour distance to its reference); null where nobody has looked at them yet. */
  contact: z
    .array(z.object({ side: z.enum(['left', 'right']), mixed: value, touches: z.boolean().nullable() }))
    .max(10)
    .nullable(),
  /** Ids of series that were too wide to be kept. */
  leftOut: z.array(words).max(1000),
});
export type FailureState = z.infer<typeof failureStateSchema>;

/** Numbers of a clock, track or series: `width` of them a sample, row after row. */
interface Numbers {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly width: number;
}

export interface StateSources {
  readonly episode: Pick<Episode, 'masterClock' | 'clocks' | 'series' | 'tracks'>;
  /** By "<kind>:<id>": "clock:master", "series:joints", "track:sensor_left". */
  readonly arrays: ReadonlyMap<string, Numbers>;
  /** What was seen in the gels' pictures, a number a tick; null where nobody has looked. */
  readonly contacts: readonly Pick<ContactSignals, 'side' | 'mixed'>[] | null;
  /** Median periods after which a sample no longer stands. */
  readonly holdPeriods: number;
}

/** The state at a tick of the master clock; null for a tick that the recording does not have. */
export function failureState(sources: StateSources, tick: number): FailureState | null {
  const { episode, arrays, contacts } = sources;
  const timeNs = arrays.get(`clock:${episode.masterClock}`)?.times[tick];
  if (timeNs === undefined) return null;
  const series: SeriesState[] = [];
  const leftOut: string[] = [];
  let kept = 0;
  for (const one of episode.series) {
    if (one.role === 'timing') continue;
    const numbers = arrays.get(`series:${one.id}`);
    const width = numbers?.width ?? one.components.length;
    if (width > MOST_COMPONENTS || kept + width > MOST_VALUES) {
      leftOut.push(one.id);
      continue;
    }
    kept += width;
    const at = numbers ? latestAtOrBefore(numbers.times, timeNs) : -1;
    const age = numbers && at >= 0 ? timeNs - (numbers.times[at] as number) : null;
    const stands = age !== null && (one.role === 'action' || age <= holdNs(sources, one.clock));
    series.push({
      ...{ id: one.id, name: one.name, role: one.role, unit: one.unit, components: one.components.slice(0, width) },
      ...{ row: at < 0 ? null : at, ageNs: age },
      values: Array.from({ length: width }, (_, column) =>
        stands ? finite(numbers?.values[at * width + column]) : null,
      ),
    });
  }
  return {
    ...{ tick, timeNs, series, leftOut },
    poses: episode.tracks.map((track) => poseAt(sources, track, timeNs)),
    contact:
      contacts?.map(({ side, mixed }) => {
        const felt = finite(mixed[tick]);
        return { side, mixed: felt, touches: felt === null ? null : felt > IN_CONTACT_MIXED };
      }) ?? null,
  };
}

function poseAt(sources: StateSources, track: Episode['tracks'][number], timeNs: number): PoseState {
  const { id, name, side, rule, clock } = track;
  const numbers = sources.arrays.get(`track:${id}`);
  const at = numbers ? sampleAt(numbers.times, timeNs, rule) : -1;
  if (!numbers || at < 0) return { id, name, side, row: null, ageNs: null, pose: null };
  const age = timeNs - (numbers.times[at] as number);
  const pose = [...numbers.values.subarray(at * 7, at * 7 + 7)];
  const stands = Math.abs(age) <= holdNs(sources, clock) && pose.length === 7 && pose.every(Number.isFinite);
  return { id, name, side, row: at, ageNs: age, pose: stands ? pose : null };
}

/** What stands on the master clock has one row a tick and is never too old. */
function holdNs({ episode, holdPeriods }: StateSources, clock: string): number {
  const period = episode.clocks.find(({ id }) => id === clock)?.medianPeriodNs ?? null;
  return clock === episode.masterClock || period === null ? Number.POSITIVE_INFINITY : holdPeriods * period;
}

function finite(number: number | undefined): number | null {
  return number !== undefined && Number.isFinite(number) ? number : null;
}
