import { NS_PER_SECOND } from '../time/nanoseconds.ts';
import { lowerBound, upperBound } from '../time/sampling.ts';
import { linspaceIndices, roundHalfEven } from './numbers.ts';
import { angleBetween, distanceBetween, largestDifference } from './pose-steps.ts';
import type { PoseFreezeSettings } from './settings.ts';
import type { ImageSignals, TrackSignals } from './signals.ts';
import { runsWhere, type TickSpan } from './ticks.ts';

export type FreezeVerdict = 'pipeline_stall' | 'ot_loss' | 'real_still' | 'ambiguous';

/** What is measured of a freeze, by the names of the published files. Null: there is no such stream. */
export interface FreezeSignals {
  trans_vel_near_mps: number;
  ang_vel_near_rad_s: number;
  opt_gap_s: number;
  cam0_dup: number | null;
  cam1_dup: number | null;
  cam2_dup: number | null;
  tac_dup: number | null;
  cam0_motion: number | null;
  cam1_motion: number | null;
  /** Of cam2, the middle one. */
  view_motion: number | null;
  tac_motion: number | null;
}

export interface PoseFreeze {
  /** From the tick whose pose is held to the last that repeats it, inclusive, unpadded. */
  ticks: [number, number];
  signals: FreezeSignals;
  verdict: FreezeVerdict;
}

/** What the diagnosis looks at beside the track itself. */
export interface FreezeSurroundings {
  timesNs: Float64Array;
  span: TickSpan;
  /** Median seconds between two ticks. */
  periodSeconds: number;
  cameras: readonly [cam0: ImageSignals | null, cam1: ImageSignals | null, cam2: ImageSignals | null];
  /** Gel of the same hand. */
  tactile: ImageSignals | null;
}

/** Pairs of neighbouring pictures that are compared in a long event. */
const MOST_PAIRS = 32;

/** 5C: stretches in which a body's pose repeats bit for bit, each with what speaks for its cause. */
export function detectPoseFreezes(
  track: TrackSignals,
  surroundings: FreezeSurroundings,
  settings: PoseFreezeSettings,
): PoseFreeze[] {
  return freezeCandidates(track.aligned, surroundings, settings).map((ticks) => {
    const signals = diagnose(ticks, track, surroundings, settings);
    return { ticks, signals, verdict: judge(signals, settings) };
  });
}

/** Runs of repeated rows of at least the shortest length with the tick that they repeat; joined over a gap of one tick. */
export function freezeCandidates(
  aligned: Float64Array,
  { span, periodSeconds }: Pick<FreezeSurroundings, 'span' | 'periodSeconds'>,
  { minSeconds, tolerance }: Pick<PoseFreezeSettings, 'minSeconds' | 'tolerance'>,
): [number, number][] {
  const shortest = Math.max(2, roundHalfEven(minSeconds / periodSeconds));
  const repeats = (tick: number) => {
    const off = largestDifference(aligned, tick - 1, tick);
    return tolerance === 0 ? off === 0 : off < tolerance;
  };
  const events: [number, number][] = [];
  for (const [from, to] of runsWhere({ first: span.first + 1, last: span.last }, repeats)) {
    if (to - from + 2 < shortest) continue;
    const before = events[events.length - 1];
    if (before && from - 1 <= before[1] + 2) before[1] = to;
    else events.push([from - 1, to]);
  }
  return events;
}

/** The first that applies, in the order of the pipeline document's code. */
export function judge(signals: FreezeSignals, settings: PoseFreezeSettings): FreezeVerdict {
  const { duplicateFraction, gapSeconds, speedMps, angularRadPerS, viewStill, tactileStill } = settings;
  const duplicates = [signals.cam0_dup, signals.cam1_dup, signals.cam2_dup].filter((share) => share !== null);
  if (duplicates.length > 0 && Math.min(...duplicates) >= duplicateFraction) return 'pipeline_stall';
  const isLost =
    signals.opt_gap_s >= gapSeconds ||
    signals.trans_vel_near_mps >= speedMps ||
    signals.ang_vel_near_rad_s >= angularRadPerS;
  if (isLost) return 'ot_loss';
  const views = [signals.view_motion, signals.cam0_motion, signals.cam1_motion].filter((motion) => motion !== null);
  const isStill =
    views.length > 0 &&
    views.every((motion) => motion < viewStill) &&
    (signals.tac_motion === null || signals.tac_motion < tactileStill);
  return isStill ? 'real_still' : settings.otherwise;
}

function diagnose(
  [a, b]: readonly [number, number],
  track: TrackSignals,
  { timesNs, span, cameras, tactile }: FreezeSurroundings,
  settings: PoseFreezeSettings,
): FreezeSignals {
  const at = (tick: number) => timesNs[Math.min(span.last, Math.max(span.first, tick))] as number;
  const near: [number, number] =
    settings.near === 'ticks'
      ? [at(a - settings.nearTicks), at(b + settings.nearTicks)]
      : [
          Math.max(at(span.first), at(a) - settings.nearSeconds * NS_PER_SECOND),
          Math.min(at(span.last), at(b) + settings.nearSeconds * NS_PER_SECOND),
        ];
  const velocities = fastestNear(track, near, settings.shortestStepSeconds);
  const pairs = pairsOf(a, b);
  const [cam0, cam1, cam2] = cameras.map((camera) => camera && comparePairs(camera, pairs));
  const gel = tactile && comparePairs(tactile, pairs);
  return {
    trans_vel_near_mps: velocities.speed,
    ang_vel_near_rad_s: velocities.turn,
    opt_gap_s: longestGap(track.sampleNs, settings.gapWithin === 'near' ? near : [at(a), at(b)]),
    cam0_dup: cam0?.duplicates ?? null,
    cam1_dup: cam1?.duplicates ?? null,
    cam2_dup: cam2?.duplicates ?? null,
    tac_dup: gel?.duplicates ?? null,
    cam0_motion: cam0?.motion ?? null,
    cam1_motion: cam1?.motion ?? null,
    view_motion: cam2?.motion ?? null,
    tac_motion: gel?.motion ?? null,
  };
}

/** Largest speeds between neighbouring samples as recorded, the middle between both lying within the times. */
function fastestNear(
  { sampleNs, samples }: TrackSignals,
  [from, to]: readonly [number, number],
  shortestStep: number,
): { speed: number; turn: number } {
  let speed = 0;
  let turn = 0;
  for (let i = Math.max(0, lowerBound(sampleNs, from) - 1); i + 1 < sampleNs.length; i++) {
    const [first, second] = [sampleNs[i] as number, sampleNs[i + 1] as number];
    const middle = (first + second) / 2;
    if (middle > to) break;
    if (middle < from) continue;
    const seconds = Math.max((second - first) / NS_PER_SECOND, shortestStep);
    speed = Math.max(speed, distanceBetween(samples, i, i + 1) / seconds || 0);
    turn = Math.max(turn, angleBetween(samples, i, i + 1) / seconds || 0);
  }
  return { speed, turn };
}

/** Seconds: the longest time without a sample within the times, to its edges too; all of it where there is none. */
function longestGap(sampleNs: Float64Array, [from, to]: readonly [number, number]): number {
  let last = from;
  let longest = 0;
  for (let i = lowerBound(sampleNs, from); i < upperBound(sampleNs, to); i++) {
    longest = Math.max(longest, (sampleNs[i] as number) - last);
    last = sampleNs[i] as number;
  }
  return Math.max(longest, to - last) / NS_PER_SECOND;
}

/** First ticks of the pairs (t, t + 1) that are compared. */
function pairsOf(a: number, b: number): number[] {
  if (b - a <= MOST_PAIRS) return Array.from({ length: b - a }, (_, i) => a + i);
  return linspaceIndices(a, b - 1, MOST_PAIRS);
}

/** Over the pairs of which both pictures could be read; null where there is none. */
function comparePairs(image: ImageSignals, pairs: readonly number[]): { duplicates: number; motion: number } | null {
  let [duplicates, motion, count] = [0, 0, 0];
  for (const tick of pairs) {
    if (Number.isNaN(image.motion[tick + 1])) continue;
    duplicates += image.duplicate[tick + 1] as number;
    motion += image.motion[tick + 1] as number;
    count++;
  }
  return count === 0 ? null : { duplicates: duplicates / count, motion: motion / count };
}

/** How far what decided a verdict lies beyond its limit, as a share; 0 where it is only what remained. */
export function freezeEvidence(signals: FreezeSignals, verdict: FreezeVerdict, settings: PoseFreezeSettings): number {
  if (verdict === 'pipeline_stall') {
    const shares = [signals.cam0_dup, signals.cam1_dup, signals.cam2_dup].filter((share) => share !== null);
    return Math.min(...shares) / Math.max(settings.duplicateFraction, 1e-9) - 1;
  }
  if (verdict === 'real_still') {
    const shares = [signals.view_motion, signals.cam0_motion, signals.cam1_motion].map(
      (motion) => (motion ?? 0) / Math.max(settings.viewStill, 1e-9),
    );
    return 1 - Math.max(...shares, (signals.tac_motion ?? 0) / Math.max(settings.tactileStill, 1e-9));
  }
  const largest = Math.max(
    signals.opt_gap_s / settings.gapSeconds,
    signals.trans_vel_near_mps / settings.speedMps,
    signals.ang_vel_near_rad_s / settings.angularRadPerS,
  );
  return Math.max(0, largest - 1);
}
