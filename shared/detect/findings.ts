import type { Finding } from '../review/finding.ts';
import { latestAtOrBefore } from '../time/sampling.ts';
import type { EpisodeSignals, Side } from './signals.ts';

/** What each detector takes an event for. */
export type FindingClass =
  | 'led_flicker'
  | 'pose_teleport'
  | 'ot_loss'
  | 'pipeline_stall'
  | 'real_still'
  | 'ambiguous'
  | 'ot_late_start'
  | 'ot_missing'
  | 'contact_drift'
  | 'dropped_ticks'
  | 'frozen_video'
  | 'missing_values'
  | 'arm_stall'
  | 'jump'
  | 'limit_saturation'
  | 'action_state_divergence'
  | 'gripper_chatter'
  | 'empty_grip';

/** How much each class spoils at its worst, 0…1: what the queue shows first. */
const WEIGHTS: Record<FindingClass, number> = {
  pipeline_stall: 1,
  ot_missing: 0.95,
  ot_loss: 0.9,
  pose_teleport: 0.85,
  ambiguous: 0.8,
  frozen_video: 0.8,
  led_flicker: 0.75,
  missing_values: 0.7,
  jump: 0.7,
  contact_drift: 0.65,
  dropped_ticks: 0.6,
  arm_stall: 0.6,
  action_state_divergence: 0.55,
  empty_grip: 0.55,
  gripper_chatter: 0.5,
  limit_saturation: 0.45,
  ot_late_start: 0.3,
  real_still: 0.2,
};

/** All classes, worst first. */
export const FINDING_CLASSES: readonly string[] = Object.keys(WEIGHTS);

export interface FindingDraft {
  detector: string;
  class: FindingClass;
  cause?: string;
  /** What tells apart events of one detector that share their ticks: a side, else a stream, track or series; "-" for none. */
  of: string;
  side?: Side | null;
  streams?: string[];
  tracks?: string[];
  series?: string[];
  ticks: readonly [number, number];
  signals?: Record<string, number | null>;
  thresholds?: Record<string, number>;
  margin: number;
  text: string;
}

const LONGEST_ID = 200;

/** Completes what a detector saw: id, times and the place in the queue. */
export function findingOf(draft: FindingDraft, { timesNs }: Pick<EpisodeSignals, 'timesNs'>): Finding {
  const [first, last] = draft.ticks;
  const startNs = timesNs[first] as number;
  const endNs = timesNs[last] as number;
  const margin = Number.isFinite(draft.margin) ? Math.max(0, draft.margin) : 0;
  return {
    id: findingId(draft.detector, draft.of, draft.ticks),
    detector: draft.detector,
    class: draft.class,
    ...(draft.cause === undefined ? {} : { cause: draft.cause }),
    side: draft.side ?? null,
    streams: draft.streams ?? [],
    tracks: draft.tracks ?? [],
    series: draft.series ?? [],
    ticks: [first, last],
    startNs,
    endNs,
    signals: draft.signals ?? {},
    thresholds: draft.thresholds ?? {},
    margin,
    // Longer and clearer is worse; a borderline one of a class keeps half of the class's weight.
    severity: WEIGHTS[draft.class] * (1 - 0.5 * Math.exp(-margin - (endNs - startNs) / 1e9)),
    text: draft.text,
  };
}

/** "<detector>:<of>:<first>-<last>", cut in the middle part where it would be too long for a review's record. */
export function findingId(detector: string, of: string, [first, last]: readonly [number, number]): string {
  const [start, end] = [`${detector}:`, `:${first}-${last}`];
  const room = LONGEST_ID - start.length - end.length;
  return `${start}${of.length <= room ? of : `${of.slice(0, room - 9)}~${digestOf(of)}`}${end}`;
}

/** The parts of an id; undefined for one that no detector made (an event added by hand). */
export function readFindingId(id: string): { detector: string; of: string; ticks: [number, number] } | undefined {
  const parts = /^([a-z0-9-]+):(.*):(\d+)-(\d+)$/s.exec(id);
  if (!parts) return undefined;
  const [, detector, of, first, last] = parts as unknown as [string, string, string, string, string];
  return { detector, of, ticks: [Number(first), Number(last)] };
}

/** Worst first; equal ones by time, then by id, so that the order is the same everywhere. */
export function worstFirst(a: Finding, b: Finding): number {
  return b.severity - a.severity || inOrder(a, b);
}

export function inOrder(a: Finding, b: Finding): number {
  return a.ticks[0] - b.ticks[0] || a.ticks[1] - b.ticks[1] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The ticks on screen during a time, inclusive; within the recording. */
export function ticksBetween({ timesNs, ticks }: EpisodeSignals, fromNs: number, toNs: number): [number, number] {
  const at = (ns: number) => Math.min(ticks - 1, Math.max(0, latestAtOrBefore(timesNs, ns)));
  return [at(fromNs), at(toNs)];
}

/** FNV-1a in eight hex digits: tells long names apart, no more. */
function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
