import { nearest } from '../../shared/time/sampling.ts';
import { useTimeline } from './selection.ts';
import type { TimelineSurface } from './surface.ts';
import { timeOfX, xOfTime } from './zoom.ts';

/** Where a pointer is on the time axis, and following it from press to release. */

/** A press that moves less than this is a click. */
const DRAG_PX = 4;

export function localX(element: HTMLElement, event: { clientX: number }): number {
  return event.clientX - element.getBoundingClientRect().left;
}

export function timeAt(surface: TimelineSurface, x: number): number {
  return timeOfX(useTimeline.getState().window, surface.widthPx, x);
}

export function tickAt(surface: TimelineSurface, x: number): number {
  return Math.max(0, nearest(surface.model.times, timeAt(surface, x)));
}

/** Pixels from the left of the lanes. */
export function xOfTick(surface: TimelineSurface, tick: number): number {
  return xOfTime(useTimeline.getState().window, surface.widthPx, surface.model.times[tick] ?? 0);
}

/** Tells the tick under the pointer once it has moved far enough to be a drag; at the end, whether it was one. */
export function dragTicks(
  surface: TimelineSurface,
  element: HTMLElement,
  event: PointerEvent,
  onMove: (tick: number, moved: PointerEvent) => void,
  onEnd: (ended: PointerEvent | KeyboardEvent, how: { isDrag: boolean; isCancelled: boolean }) => void,
): void {
  const startX = localX(element, event);
  let isDrag = false;
  drag(
    element,
    event,
    (moved) => {
      const x = localX(element, moved);
      isDrag ||= Math.abs(x - startX) >= DRAG_PX;
      if (isDrag) onMove(tickAt(surface, Math.min(Math.max(x, 0), surface.widthPx)), moved);
    },
    (ended, isCancelled) => onEnd(ended, { isDrag, isCancelled }),
  );
}

/** Follows one press until it ends; Escape cancels. */
export function drag(
  element: HTMLElement,
  event: PointerEvent,
  move: (event: PointerEvent) => void,
  end: (event: PointerEvent | KeyboardEvent, isCancelled: boolean) => void = () => {},
): void {
  const stop = new AbortController();
  element.setPointerCapture(event.pointerId);
  const finish = (ended: PointerEvent | KeyboardEvent, isCancelled: boolean) => {
    stop.abort();
    if (element.hasPointerCapture(event.pointerId)) element.releasePointerCapture(event.pointerId);
    end(ended, isCancelled);
  };
  const options = { signal: stop.signal };
  element.addEventListener('pointermove', move, options);
  element.addEventListener('pointerup', (ended) => finish(ended, false), options);
  element.addEventListener('pointercancel', (ended) => finish(ended, true), options);
  window.addEventListener(
    'keydown',
    (pressed) => {
      if (pressed.code !== 'Escape') return;
      pressed.stopPropagation();
      finish(pressed, true);
    },
    { ...options, capture: true },
  );
}
