/**
 * What detectors read: numbers per tick, computed once from the frames and stored, so that a threshold can move without a
 * frame being read again. All arrays of one episode have one element a tick of its master clock, tick 0 first, and lie in
 * the recording's own ticks (never trimmed). NaN is "nothing there".
 */
export interface EpisodeSignals {
  /** Grows when the same frames would give other numbers: what an older version stored is computed anew. */
  version: typeof SIGNALS_VERSION;
  ticks: number;
  /** Nanoseconds from the episode's start. */
  timesNs: Float64Array;
  images: ImageSignals[];
  contacts: ContactSignals[];
  tracks: TrackSignals[];
}

export const SIGNALS_VERSION = 1;

export type Side = 'left' | 'right';

/** How the pictures of one stream (colour or tactile; depth is left out) follow each other. */
export interface ImageSignals {
  /** Stream id, and what the detectors need to know of it. */
  stream: string;
  kind: 'color' | 'tactile';
  position: 'left' | 'middle' | 'right' | null;
  /** Sample shown at each tick under the stream's rule; −1 for none. */
  index: Int32Array;
  /** 1 where the stored picture is equal to that of the tick before, byte by byte; 0 at tick 0. */
  duplicate: Uint8Array;
  /** Mean absolute difference to the picture of the tick before over all pixels and channels, 0…255; 0 at tick 0. */
  motion: Float32Array;
  /** Mean over all pixels and channels, 0…255. */
  brightness: Float32Array;
}

/** Contact of one gel: pictures cropped and area-averaged to 128 × 128 before they are compared. */
export interface ContactSignals {
  side: Side;
  stream: string;
  /** Against tick 0: what the reference is chosen by. */
  intensityFromFirst: Float32Array;
  /** Against the reference; see reference.ts for its definitions. */
  intensity: Float32Array;
  /** Share of pixels that differ by more than τ = 8, 0…1. */
  area: Float32Array;
  mixed: Float32Array;
  /** Tick of the reference, and how it was chosen. */
  reference: { tick: number; definition: string };
  /** Mean difference of tick 0 and the reference. */
  drift: number;
}

/** Poses of one body, (x, y, z, qx, qy, qz, qw): as aligned to the ticks, and as recorded. */
export interface TrackSignals {
  track: string;
  side: Side | null;
  /** (ticks × 7), under the track's rule; a row of NaN where there is none. */
  aligned: Float64Array;
  /** Nanoseconds of every recorded sample, and the samples (count × 7). */
  sampleNs: Float64Array;
  samples: Float64Array;
}
