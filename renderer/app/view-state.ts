import { create } from 'zustand';
import type { ViewMemory } from '../../shared/api/settings.ts';
import { QUEUE_SORTS, type QueueSort } from '../../shared/review/queue-order.ts';
import { QUEUE_SCOPES, type QueueScope } from '../findings/scope.ts';
import { api } from './api.ts';
import { onLeaving } from './leaving.ts';

/**
 * How the window is arranged and which dialog is open. A person's own, never part of a review. Kept in this browser, where
 * it is at hand before the first paint, and by the workstation for a browser that knows nothing of this address yet.
 */
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
  /** Motion and repeated pictures at the foot of each stream's lane. */
  areStripsShown: boolean;
  /** What stands in the middle. */
  screen: Screen;
  /** Over which recordings the queue of findings goes, in which order, and what of it is shown (findings/filter.ts). */
  findingsScope: QueueScope;
  findingsSort: QueueSort;
  findingsFilter: string;
  /** GIFs move where a person's system allows it. */
  isGalleryMoving: boolean;
  dialog: 'palette' | 'keys' | 'settings' | 'doctor' | 'about' | 'stated' | 'publish' | 'export' | null;
}
export type Screen = (typeof SCREENS)[number];
export type InspectorTab = 'episode' | 'calibration' | 'review' | 'findings' | 'marks';
const TABS: readonly string[] = ['episode', 'calibration', 'review', 'findings', 'marks'] satisfies InspectorTab[];

const SCREENS = ['episode', 'previews', 'gallery'] as const;
/** Values that a remembered word may have. */
const WORDS: readonly string[] = [...TABS, ...SCREENS, ...QUEUE_SCOPES, ...QUEUE_SORTS];
const KEY = 'regrasp.view';
/** Dragging an edge changes it many times a second. */
const SEND_AFTER_MS = 1000;
let sending: number | undefined;
let unsent: ViewMemory | undefined;
/** What a window starts with leaves the pictures as much as it can; what a person chose instead is remembered. */
const isNarrow = window.innerWidth < 1440;
const isLow = window.innerHeight < 820;
/** A small window, or one enlarged to twice. */
const isTiny = window.innerWidth < 760 || window.innerHeight < 420;

const START: ViewState = {
  isLibraryShown: !isTiny,
  // Beside it three cameras must still be shown at four fifths of their stored size.
  isInspectorShown: window.innerWidth >= 2080,
  isJobsShown: false,
  libraryWidthPx: isNarrow ? 228 : 248,
  inspectorWidthPx: isNarrow ? 300 : 320,
  jobsHeightPx: isLow ? 116 : 190,
  timelineHeightPx: isTiny ? 112 : isLow ? 158 : 244,
  inspectorTab: 'episode',
  areStripsShown: true,
  screen: 'episode',
  ...{ findingsScope: 'episode', findingsSort: 'worst', findingsFilter: '' },
  isGalleryMoving: true,
  dialog: null,
};

export const useView = create<ViewState>(() => ({ ...START, ...readKept() }));

useView.subscribe(({ dialog: _dialog, ...view }) => {
  // Only what differs from the start: on another screen the start may be another one.
  const kept = Object.fromEntries(
    Object.entries(view).filter(([name, value]) => value !== START[name as keyof ViewState]),
  );
  const text = JSON.stringify(kept);
  if (text === (readText() ?? '{}')) return;
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // No storage: the workstation has it.
  }
  unsent = kept;
  window.clearTimeout(sending);
  sending = window.setTimeout(send, SEND_AFTER_MS);
});
onLeaving(send);

function send(): void {
  window.clearTimeout(sending);
  const view = unsent;
  unsent = undefined;
  if (view) void api.memory.view({ view }).catch(() => undefined);
}

/** Takes over how the window was arranged elsewhere, where this browser has nothing of its own for this address. */
export async function recallView(): Promise<void> {
  if (readText() !== null) return;
  const kept = await api.memory.view({}).catch(() => ({}));
  if (readText() === null) useView.setState(knownPartsOf(kept));
}

export function resetView(): void {
  useView.setState(START);
}

export function showDialog(dialog: ViewState['dialog']): void {
  useView.setState({ dialog });
}

function readKept(): Partial<ViewState> {
  try {
    return knownPartsOf(JSON.parse(readText() ?? '{}'));
  } catch {
    return {};
  }
}

/** Only keys we know with the type we know: another version may have written them. */
function knownPartsOf(kept: Record<string, unknown>): Partial<ViewState> {
  const known = Object.entries(START).filter(
    ([name, value]) => name !== 'dialog' && typeof kept[name] === typeof value && isSane(name, kept[name]),
  );
  const parts: Partial<ViewState> = Object.fromEntries(known.map(([name]) => [name, kept[name]]));
  if (cameByAddress()) delete parts.screen;
  return parts;
}

/** Who follows the address of a moment wants to see it; a reload leaves the screen as it was. */
function cameByAddress(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return location.hash.includes('episode=') && navigation?.type !== 'reload';
}

/** Null where nothing was ever kept for this address, or nothing can be. */
function readText(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function isSane(name: string, value: unknown): boolean {
  if (name === 'findingsFilter') return true;
  if (typeof value === 'number') return value >= 60 && value <= 2000;
  return typeof value !== 'string' || WORDS.includes(value);
}
