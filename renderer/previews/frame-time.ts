/**
 * Frame i of a preview is tick i, at one rate over the whole file: its time says which tick is on screen. Pure.
 * Rates come as frames and seconds of the whole file, because that is what a video element knows.
 */
export interface FrameClock {
  readonly ticks: number;
  readonly durationS: number;
}

/** Tick of the frame that is presented at this time of the file. */
export function tickAt({ ticks, durationS }: FrameClock, mediaTimeS: number): number {
  if (!(durationS > 0) || ticks < 1) return 0;
  return Math.min(ticks - 1, Math.max(0, Math.round((mediaTimeS * ticks) / durationS)));
}

/** Tick whose frame is on screen at a position of the player, which lies anywhere within that frame. */
export function tickWithin({ ticks, durationS }: FrameClock, positionS: number): number {
  if (!(durationS > 0) || ticks < 1) return 0;
  return Math.min(ticks - 1, Math.max(0, Math.floor((positionS * ticks) / durationS + 1e-6)));
}

/** Where to set the player for a tick: the middle of its frame, which no rounding takes for a neighbour. */
export function positionOf({ ticks, durationS }: FrameClock, tick: number): number {
  if (ticks < 1) return 0;
  const clamped = Math.min(ticks - 1, Math.max(0, tick));
  return ((clamped + 0.5) * durationS) / ticks;
}
