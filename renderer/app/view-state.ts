import { create } from 'zustand';

/** How the window is arranged and which dialog is open. A person's own, kept in this browser; never part of a review. */
export interface ViewState {
  isLibraryShown: boolean;
  isInspectorShown: boolean;
  isJobsShown: boolean;
  libraryWidthPx: number;
  inspectorWidthPx: number;
  jobsHeightPx: number;
  inspectorTab: InspectorTab;
  dialog: 'palette' | 'keys' | 'settings' | 'doctor' | 'about' | null;
}
export type InspectorTab = 'episode' | 'calibration' | 'review';

const KEY = 'regrasp.view';
/** On a small window the panes get what the panels can spare. */
const isNarrow = window.innerWidth < 1440;

const START: ViewState = {
  isLibraryShown: true,
  isInspectorShown: true,
  isJobsShown: false,
  libraryWidthPx: isNarrow ? 228 : 264,
  inspectorWidthPx: isNarrow ? 264 : 312,
  jobsHeightPx: 190,
  inspectorTab: 'episode',
  dialog: null,
};

export const useView = create<ViewState>(() => ({ ...START, ...readKept() }));

useView.subscribe(({ dialog: _dialog, ...kept }) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
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
