import type { TickRange } from '../../shared/time/ranges.ts';
import type { Mark } from './lanes.ts';
import { cursorOver, loopMark, pressMark } from './marks/drag-mark.ts';
import { isDragging } from './marks/dragged.ts';
import { segmentAt } from './marks/hit-surface.ts';
import { pointAt } from './marks/segment-focus.ts';
import { drag, dragTicks, localX, tickAt, timeAt, xOfTick } from './pointer.ts';
import { between, select, setTimelineWindow, useTimeline } from './selection.ts';
import type { TimelineSurface } from './surface.ts';
import { laneAt } from './under-pointer.ts';
import { isSideways, panByWheel, zoomByWheel } from './wheel.ts';
import { clampWindow, panBy, resizeWindow, timeOfX } from './zoom.ts';

/** Reach of the selection's edges. */
const EDGE_PX = 5;
/** Half the width of a mark's sign, with some room. */
const MARK_PX = 7;

/** What the pointer does over ruler, lanes and overview. Answers the way to take the listeners back. */
export function attachGestures(surface: TimelineSurface, hover: (at: HoverAt | null) => void): () => void {
  const stop = new AbortController();
  const { ruler, lanes, overview, overviewWindow, root } = surface.elements;
  const listen = <K extends keyof HTMLElementEventMap>(
    element: HTMLElement,
    type: K,
    handler: (event: HTMLElementEventMap[K]) => void,
  ) => element.addEventListener(type, handler, { signal: stop.signal, passive: false });

  listen(ruler, 'pointerdown', (event) => (event.shiftKey ? selectRange : scrub)(surface, ruler, event));
  listen(lanes, 'pointerdown', (event) => {
    if (!pressMark(surface, lanes, event) && !moveEdge(surface, lanes, event)) selectRange(surface, lanes, event);
  });
  listen(lanes, 'dblclick', (event) => {
    const hit = segmentAt(surface, localX(lanes, event), event.offsetY);
    if (hit) loopMark(surface, hit);
  });
  // The menu opens where the preview would lie over it.
  listen(lanes, 'contextmenu', () => hover(null));
  listen(overview, 'pointerdown', (event) => moveWindow(surface, event, true));
  listen(overviewWindow, 'pointerdown', (event) => moveWindow(surface, event, false));
  for (const element of [ruler, lanes]) {
    // The press gave the focus to the playhead; the browser would hand it on to whatever lies around.
    listen(element, 'mousedown', (event) => event.preventDefault());
    listen(element, 'pointermove', (event) => {
      // What is dragged tells of itself.
      hover(event.pointerType === 'touch' || isDragging() ? null : hoverAt(surface, element, event));
      if (isDragging()) return;
      const x = localX(element, event);
      const hit = element === lanes ? segmentAt(surface, x, event.offsetY) : null;
      pointAt(root, hit?.segment.key ?? null);
      element.style.cursor = cursorOver(hit) ?? (edgeUnder(surface, x) === null ? '' : 'ew-resize');
    });
    listen(element, 'pointerleave', () => {
      hover(null);
      pointAt(root, null);
    });
  }
  listen(root, 'wheel', (event) => {
    hover(null);
    onWheel(surface, event);
  });
  return () => stop.abort();
}

export interface HoverAt {
  ns: number;
  tick: number;
  /** From the left of the lanes, and of the page. */
  x: number;
  clientX: number;
  /** Pixels below the top of the lanes; negative over the ruler. */
  laneY: number;
}

function hoverAt(surface: TimelineSurface, element: HTMLElement, event: PointerEvent): HoverAt | null {
  if (surface.model.times.length === 0) return null;
  const x = localX(element, event);
  const ns = timeAt(surface, x);
  const laneY = element === surface.elements.lanes ? event.offsetY : -1;
  return { ns, tick: tickAt(surface, x), x, clientX: event.clientX, laneY };
}

function scrub(surface: TimelineSurface, element: HTMLElement, event: PointerEvent): void {
  if (event.button !== 0) return;
  const { player } = surface.open;
  const wasPlaying = player.state().playing;
  player.pause();
  surface.elements.playhead.focus({ preventScroll: true });
  const seek = (moved: PointerEvent) => {
    const last = surface.widthPx;
    player.seek(tickAt(surface, Math.min(Math.max(localX(element, moved), 0), last)), moved.timeStamp);
  };
  seek(event);
  drag(element, event, seek, () => {
    if (wasPlaying) player.play();
  });
}

/** Drag selects, a drag at an edge of the selection moves that edge, a click seeks (on a mark: to its tick), Shift-click extends. */
function selectRange(surface: TimelineSurface, element: HTMLElement, event: PointerEvent): void {
  if (event.button !== 0) return;
  const { player } = surface.open;
  surface.elements.playhead.focus({ preventScroll: true });
  const startX = localX(element, event);
  const pressedY = event.offsetY;
  const pressed = tickAt(surface, startX);
  const before = useTimeline.getState().selection;
  const edge = edgeUnder(surface, startX);
  const anchor = anchorOf(before, edge, event.shiftKey, player.commandedTick(), pressed);
  dragTicks(
    surface,
    element,
    event,
    (tick) => select(between(anchor, tick)),
    (ended, { isDrag, isCancelled }) => {
      if (isCancelled) select(before);
      else if (!isDrag && event.shiftKey) select(between(anchor, pressed));
      else if (!isDrag) {
        const mark = element === surface.elements.lanes ? markUnder(surface, startX, pressedY) : undefined;
        if (mark && mark.ticks[1] > mark.ticks[0]) select(mark.ticks);
        player.seek(mark?.seenAt ?? pressed, ended.timeStamp);
      }
    },
  );
}

/** A press at an end of what can be moved on its lane moves it; answers whether it was one. */
function moveEdge(surface: TimelineSurface, element: HTMLElement, event: PointerEvent): boolean {
  const edges = laneAt(surface.lanesShown(), event.offsetY)?.edges;
  const startX = localX(element, event);
  const end = edges ? endUnder(surface, edges.ticks, startX) : null;
  if (!edges || end === null || event.button !== 0 || event.shiftKey) return false;
  surface.elements.playhead.focus({ preventScroll: true });
  dragTicks(
    surface,
    element,
    event,
    (tick, moved) => edges.move(end, tick, moved.timeStamp),
    (ended, { isDrag, isCancelled }) => {
      if (isCancelled) edges.cancel();
      else if (isDrag) edges.settle();
      else surface.open.player.seek(edges.ticks[end], ended.timeStamp);
    },
  );
  return true;
}

function anchorOf(
  selection: TickRange | null,
  edge: 0 | 1 | null,
  isExtending: boolean,
  commanded: number,
  pressed: number,
): number {
  if (selection && edge !== null) return selection[edge === 0 ? 1 : 0];
  if (!isExtending) return pressed;
  if (!selection) return commanded;
  return Math.abs(pressed - selection[0]) < Math.abs(pressed - selection[1]) ? selection[1] : selection[0];
}

/** The mark whose sign, at its first tick, lies under the pointer; the nearest where several do. */
function markUnder(surface: TimelineSurface, x: number, y: number): { ticks: TickRange; seenAt: number } | undefined {
  // What somebody else marked: all that is this person's own has been taken before.
  const segment = segmentAt(surface, x, y)?.segment;
  if (segment) return { ticks: [segment.first, segment.last], seenAt: segment.event ?? segment.first };
  const lane = laneAt(surface.lanesShown(), y);
  if (lane?.content.kind !== 'marks') return undefined;
  const distance = (mark: Mark) => Math.abs(x - xOfTick(surface, mark.ticks[0]));
  const near = lane.content.marks.filter((mark) => distance(mark) <= MARK_PX);
  const [mark] = near.sort((a, b) => distance(a) - distance(b));
  return mark && { ticks: mark.ticks, seenAt: mark.ticks[0] };
}

function edgeUnder(surface: TimelineSurface, x: number): 0 | 1 | null {
  const { selection } = useTimeline.getState();
  return selection && endUnder(surface, selection, x);
}

/** Of a range: 0 the start, 1 the end, null neither. */
function endUnder(surface: TimelineSurface, range: TickRange, x: number): 0 | 1 | null {
  const [toStart, toEnd] = [Math.abs(x - xOfTick(surface, range[0])), Math.abs(x - xOfTick(surface, range[1]))];
  if (Math.min(toStart, toEnd) > EDGE_PX) return null;
  return toStart < toEnd ? 0 : 1;
}

/** In the overview: drag moves the part shown; its ends resize it; a press beside it centres it there first. */
function moveWindow(surface: TimelineSurface, event: PointerEvent, isBeside: boolean): void {
  if (event.button !== 0) return;
  event.stopPropagation();
  const { bounds, window: before } = useTimeline.getState();
  const { overview } = surface.elements;
  const timeUnder = (moved: PointerEvent) => timeOfX(bounds, surface.widthPx, localX(overview, moved));
  const handle = (event.target as HTMLElement).dataset.edge as 'start' | 'end' | undefined;
  if (isBeside) {
    const half = (before.endNs - before.startNs) / 2;
    const centre = timeUnder(event);
    setTimelineWindow(clampWindow({ startNs: centre - half, endNs: centre + half }, bounds));
  }
  const start = timeUnder(event);
  const from = useTimeline.getState().window;
  drag(event.currentTarget as HTMLElement, event, (moved) => {
    const now = timeUnder(moved);
    setTimelineWindow(handle ? resizeWindow(from, bounds, handle, now) : panBy(from, bounds, now - start));
  });
}

/** Ctrl zooms about the pointer; else the wheel pans, unless everything is in sight or the labels are under it. */
function onWheel(surface: TimelineSurface, event: WheelEvent): void {
  const { window, bounds } = useTimeline.getState();
  const { ruler } = surface.elements;
  const x = localX(ruler, event);
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    const anchor = timeOfX(window, surface.widthPx, Math.min(Math.max(x, 0), surface.widthPx));
    setTimelineWindow(zoomByWheel(window, bounds, anchor, event));
    return;
  }
  if (!isSideways(event) && x < 0) return;
  const next = panByWheel(window, bounds, surface.widthPx, event);
  if (next.startNs === window.startNs) return;
  event.preventDefault();
  setTimelineWindow(next);
}
