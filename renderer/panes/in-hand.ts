import { create } from 'zustand';
import type { TickRange } from '../../shared/time/ranges.ts';

/** What a person looks at of the open episode: panes that show it are ringed while the playhead is near. */
export interface InHand {
  /** "Left OptiTrack loss". */
  word: string;
  streams: readonly string[];
  tracks: readonly string[];
  series: readonly string[];
  /** Sides of its bodies, whose marks on pictures are ringed. */
  sides: readonly ('left' | 'right')[];
  /** Inclusive: of the event itself, and with the time around it that is played. */
  ticks: TickRange;
  around: TickRange;
}

/** "now" within the event, "near" in the time played around it. */
export type RingPhase = 'near' | 'now';

export interface InHandState {
  inHand: InHand | null;
  /** At the tick on screen. */
  phase: RingPhase | null;
}

export const useInHand = create<InHandState>(() => ({ inHand: null, phase: null }));

export function phaseAt({ ticks, around }: InHand, tick: number): RingPhase | null {
  if (tick >= ticks[0] && tick <= ticks[1]) return 'now';
  return tick >= around[0] && tick <= around[1] ? 'near' : null;
}

/** What a pane shows, by ids. */
export interface PaneSubject {
  streams?: readonly string[];
  tracks?: readonly string[];
  series?: readonly string[];
}

export function isAbout(inHand: InHand, { streams = [], tracks = [], series = [] }: PaneSubject): boolean {
  return (
    streams.some((id) => inHand.streams.includes(id)) ||
    tracks.some((id) => inHand.tracks.includes(id)) ||
    series.some((id) => inHand.series.includes(id))
  );
}

/** The ring of a pane; null most of the time. The same text again is no change. */
export function ringOf({ inHand, phase }: InHandState, subject: PaneSubject | undefined): RingPhase | null {
  return inHand && phase && subject && isAbout(inHand, subject) ? phase : null;
}
