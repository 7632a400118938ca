import type { TickRange } from '../../shared/time/ranges.ts';

/** What was planted where: `truth.json` beside the data. Ranges of ticks and of motion-capture samples are inclusive. */
export interface Truth {
  kind: typeof TRUTH_KIND;
  seed: number;
  /** Length asked for, of each episode. */
  seconds: number;
  filter: string;
  /** How many times smaller pictures are in each direction; absent where they have their full size. */
  shrink?: number;
  /** Bytes of every recording, broken ones too, by path below the root: a damaged sample is told from a whole one. */
  sizes: Record<string, number>;
  /** By path below the root. */
  episodes: Record<string, TruthEpisode>;
  /** Broken files by path below the root, with what was done to each. */
  broken: Record<string, string>;
  /** The calibration folder the pictures were drawn with, and one that only looks right. */
  calibration: { right: string; stale: string };
}

export const TRUTH_KIND = 'regrasp-sample';

export interface TruthEpisode {
  ticks: number;
  /** How many ticks the gels lag the cameras. */
  tactileOffsetTicks: number;
  faults: Fault[];
  events: TruthEvent[];
}

export type FaultKind =
  | 'led-flicker'
  | 'pose-teleport'
  | 'solver-flip'
  /** Poses repeat bit for bit, or no sample arrives, while the hand moves on. */
  | 'optitrack-loss'
  | 'real-stillness'
  /** Ticks go on, all three cameras repeat the first tick's pictures; no motion capture. */
  | 'recorder-stall'
  /** `ticks` are the neighbours of the hole; `lost` ticks are missing between them. */
  | 'dropped-ticks'
  | 'late-optitrack-start';

export interface Fault {
  kind: FaultKind;
  ticks: TickRange;
  streams?: string[];
  bodies?: string[];
  /** Motion-capture samples concerned; absent where there are none in the range. */
  samples?: TickRange;
  lost?: number;
}

export interface TruthEvent {
  kind: 'failure' | 'recovery';
  name: string;
  ticks: TickRange;
}
