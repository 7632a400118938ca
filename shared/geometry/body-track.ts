import { type SamplingRule, sampleAt } from '../time/sampling.ts';
import type { UpAxis } from './pose.ts';

/** A pose that has not changed by a bit for this long is no longer being tracked, and one this far ahead not yet. */
export const FROZEN_AFTER_NS = 250_000_000;

/** A body's poses with what is needed to say whether it moves. */
export interface BodyTrack {
  id: string;
  name: string;
  side: 'left' | 'right' | null;
  upAxis: UpAxis;
  projected: boolean;
  rule: SamplingRule;
  /** Nanoseconds, ascending. */
  times: Float64Array;
  /** (count × 7) x y z qx qy qz qw, metres. */
  poses: Float64Array;
  /** For every sample the index of the first of its run of bit-identical poses. */
  runStart: Uint32Array;
}

/** First sample of each run of bit-identical poses, for every sample. NaN equals NaN: a lost pose repeated is one run. */
export function runStarts(poses: Float64Array, count: number): Uint32Array {
  const bits = new BigUint64Array(poses.buffer, poses.byteOffset, poses.length);
  const starts = new Uint32Array(count);
  for (let sample = 1; sample < count; sample += 1) {
    let isSame = true;
    for (let component = 0; component < 7 && isSame; component += 1) {
      isSame = bits[sample * 7 + component] === bits[sample * 7 - 7 + component];
    }
    starts[sample] = isSame ? (starts[sample - 1] as number) : sample;
  }
  return starts;
}

export interface BodyAt {
  index: number;
  pose: Float64Array;
  /**
   * Since when nothing new was measured, where the pose is no measurement of this moment: it has not changed for 0.25 s
   * (repeated poses, or none at all), or the nearest one lies as far ahead. -Infinity before the first of all.
   */
  frozenSinceNs: number | null;
}

/** The body's sample for a moment under its rule; undefined when it has none. */
export function bodyAt(track: BodyTrack, timeNs: number): BodyAt | undefined {
  const index = sampleAt(track.times, timeNs, track.rule);
  if (index < 0) return undefined;
  const isAhead = (track.times[index] as number) - timeNs >= FROZEN_AFTER_NS;
  const since = beganAt(track, isAhead ? index - 1 : index);
  return {
    index,
    pose: track.poses.subarray(index * 7, index * 7 + 7),
    frozenSinceNs: isAhead || timeNs - since >= FROZEN_AFTER_NS ? since : null,
  };
}

/** When the run of equal poses began that this sample belongs to. */
function beganAt({ times, runStart }: BodyTrack, index: number): number {
  return index < 0 ? Number.NEGATIVE_INFINITY : (times[runStart[index] as number] as number);
}
