import type { DetectInput } from './input.ts';
import { type EpisodeSignals, type ImageSignals, SIGNALS_VERSION, type TrackSignals } from './signals.ts';

/** Small recordings for tests. */

/** Ticks at a rate, nanoseconds from the start. */
export function steadyTimes(ticks: number, hz = 30): Float64Array {
  return Float64Array.from({ length: ticks }, (_, tick) => Math.round((tick * 1e9) / hz));
}

export function signalsWith(more: Partial<EpisodeSignals> & { ticks: number }): EpisodeSignals {
  return {
    version: SIGNALS_VERSION,
    timesNs: steadyTimes(more.ticks),
    images: [],
    contacts: [],
    tracks: [],
    ...more,
  };
}

export function inputWith(
  signals: Partial<EpisodeSignals> & { ticks: number },
  more: Partial<DetectInput> = {},
): DetectInput {
  return {
    profile: 'react',
    signals: signalsWith(signals),
    series: [],
    encoded: [],
    activeSides: ['left', 'right'],
    ...more,
  };
}

/** A camera that shows something new at every tick, but where `isRepeated` says otherwise. */
export function imageWith(
  stream: string,
  ticks: number,
  more: Partial<ImageSignals> & { isRepeated?: (tick: number) => boolean; movement?: number } = {},
): ImageSignals {
  const { isRepeated = () => false, movement = 6, ...rest } = more;
  return {
    ...{ stream, kind: 'color', position: null },
    index: Int32Array.from({ length: ticks }, (_, tick) => tick),
    duplicate: Uint8Array.from({ length: ticks }, (_, tick) => (tick > 0 && isRepeated(tick) ? 1 : 0)),
    motion: Float32Array.from({ length: ticks }, (_, tick) => (tick === 0 || isRepeated(tick) ? 0 : movement)),
    brightness: new Float32Array(ticks).fill(128),
    ...rest,
  };
}

export function cameras(ticks: number, more: Parameters<typeof imageWith>[2] = {}): ImageSignals[] {
  return [0, 1, 2].map((number) => imageWith(`realsense/cam${number}/color`, ticks, more));
}

/** A body sampled at every tick, at the given pose. */
export function trackWith(
  side: 'left' | 'right',
  timesNs: Float64Array,
  poseAt: (tick: number) => readonly number[],
): TrackSignals {
  const poses = Float64Array.from({ length: timesNs.length * 7 }, (_, i) => poseAt(Math.floor(i / 7))[i % 7] as number);
  return { track: `sensor_${side}`, side, aligned: poses, sampleNs: timesNs, samples: poses };
}

/** A pose that wanders slowly and never repeats. */
export function wandering(tick: number): number[] {
  return [0.3 + 0.002 * Math.sin(tick / 7), 0.05 + 0.001 * Math.cos(tick / 5), 0.15 + tick * 1e-5, 0, 0, 0, 1];
}
