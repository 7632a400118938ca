import { create } from 'zustand';

/** How the window is arranged and which dialog is open. A person's own, kept in this browser; never part of a review. */
export interface ViewState {
  isLibraryShown: boolean;
  isInspectorShown: boolean;
  isJobsShown: boolean;
  libraryWidthPx: number;
  inspectorWidthPx: number;
  jobsHeightPx: number;
  /** Transport and timeline together. */
  timelineHeightPx: number;
  inspectorTab: InspectorTab;
  dialog: 'palette' | 'keys' | 'settings' | 'doctor' | 'about' | null;
}
export type InspectorTab = 'episode' | 'calibration' | 'review';

const KEY = 'regrasp.view';
/** What a window starts with leaves the pictures as much as it can; what a person chose instead is remembered. */
const isNarrow = window.innerWidth < 1440;
const isLow = window.innerHeight < 820;

const START: ViewState = {
  isLibraryShown: true,
  // Beside it three cameras must still be shown at four fifths of their stored size.
  isInspectorShown: window.innerWidth >= 2080,
  isJobsShown: false,
  libraryWidthPx: isNarrow ? 228 : 248,
  inspectorWidthPx: isNarrow ? 300 : 320,
  jobsHeightPx: isLow ? 116 : 190,
  timelineHeightPx: isLow ? 158 : 244,
  inspectorTab: 'episode',
  dialog: null,
};

export const useView = create<ViewState>(() => ({ ...START, ...readKept() }));

useView.subscribe(({ dialog: _dialog, ...view }) => {
  // Only what differs from the start: on another screen the start may be another one.
  const kept = Object.entries(view).filter(([name, value]) => value !== START[name as keyof ViewState]);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // No storage: the arrangement lasts as long as the page.
  }
});

export function resetView(): void {
  useView.setState(START);
}

export function showDialog(dialog: ViewState['dialog']): void {
  useView.setState({ dialog });
}

/** Only keys we know with the type we know: another version may have written them. */
function readKept(): Partial<ViewState> {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    const known = Object.entries(START).filter(
      ([name, value]) => name !== 'dialog' && typeof kept[name] === typeof value && isSane(kept[name]),
    );
    return Object.fromEntries(known.map(([name]) => [name, kept[name]]));
  } catch {
    return {};
  }
}

function isSane(value: unknown): boolean {
  if (typeof value === 'number') return value >= 60 && value <= 2000;
  return typeof value !== 'string' || ['episode', 'calibration', 'review'].includes(value);
}
