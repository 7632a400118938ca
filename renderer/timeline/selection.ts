import { create } from 'zustand';
import type { TickRange } from '../../shared/time/ranges.ts';
import { boundsOf, clampWindow, isWhole, type TimeWindow } from './zoom.ts';

/**
 * What part of the episode is looked at and what is selected. View state: it never enters undo. The playhead is the
 * player's (renderer/playback/player.ts).
 */
export interface TimelineState {
  episode: string | null;
  bounds: TimeWindow;
  window: TimeWindow;
  /** Inclusive ticks between in and out. */
  selection: TickRange | null;
}

const NOTHING = boundsOf([]);

export const useTimeline = create<TimelineState>(() => ({
  episode: null,
  bounds: NOTHING,
  window: NOTHING,
  selection: null,
}));

/** Starts over for another episode; the same one, read again, keeps of its window and selection what is still there. */
export function openInTimeline(episode: string, times: ArrayLike<number>): void {
  const before = useTimeline.getState();
  const bounds = boundsOf(times);
  if (before.episode !== episode) {
    useTimeline.setState({ episode, bounds, window: bounds, selection: null });
    return;
  }
  if (bounds.startNs === before.bounds.startNs && bounds.endNs === before.bounds.endNs) return;
  const window = isWhole(before.window, before.bounds) ? bounds : clampWindow(before.window, bounds);
  const last = times.length - 1;
  const [from, to] = before.selection ?? [last + 1, 0];
  useTimeline.setState({ bounds, window, selection: from > last ? null : [from, Math.min(to, last)] });
}

export function setTimelineWindow(window: TimeWindow): void {
  if (window !== useTimeline.getState().window) useTimeline.setState({ window });
}

export function select(selection: TickRange | null): void {
  useTimeline.setState({ selection });
}

/** Sets the start; the end stays where it lies behind, else it becomes the last tick. */
export function withStart(selection: TickRange | null, tick: number, lastTick: number): TickRange {
  return [tick, selection && selection[1] >= tick ? selection[1] : lastTick];
}

/** Sets the end; the start stays where it lies before, else it becomes the first tick. */
export function withEnd(selection: TickRange | null, tick: number): TickRange {
  return [selection && selection[0] <= tick ? selection[0] : 0, tick];
}

/** From one end of a drag to the other, whichever way it went. */
export function between(a: number, b: number): TickRange {
  return a <= b ? [a, b] : [b, a];
}
