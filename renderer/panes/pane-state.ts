import { create } from 'zustand';

/** How panes are looked at now. A person's own, as long as the page; never part of a review. */
export interface PaneState {
  isOverlayShown: boolean;
  /** Clicks on camera panes measure the residual (Alt does so at any time). */
  isMeasuring: boolean;
  measurement: Measurement | null;
  /** Tick whose tactile frames the difference panes compare with. */
  referenceTick: number;
  maximizedPane: string | null;
  /** The pane pointed at or focused last: what "maximise the pane" means. */
  activePane: string | null;
}

/** Where a person says a sensor really is, and how far each calibration folder puts it from there. */
export interface Measurement {
  stream: string;
  tick: number;
  u: number;
  v: number;
  results: { calibration: string; name: string; side: 'left' | 'right'; residualPx: number }[];
}

export const usePaneState = create<PaneState>(() => ({
  isOverlayShown: true,
  isMeasuring: false,
  measurement: null,
  referenceTick: 0,
  maximizedPane: null,
  activePane: null,
}));
