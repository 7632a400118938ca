import { create } from 'zustand';

/**
 * How panes are looked at now. A person's own, never part of a review, and as long as the page; only the maximised pane
 * also outlives a reload of the window.
 */
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

const KEY = 'regrasp.maximizedPane';

export const usePaneState = create<PaneState>(() => ({
  isOverlayShown: true,
  isMeasuring: false,
  measurement: null,
  referenceTick: 0,
  maximizedPane: readMaximized(),
  activePane: null,
}));

usePaneState.subscribe(({ maximizedPane }, before) => {
  if (maximizedPane === before.maximizedPane) return;
  try {
    if (maximizedPane === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, maximizedPane);
  } catch {
    // No storage: the pane is maximised as long as the page.
  }
});

function readMaximized(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
