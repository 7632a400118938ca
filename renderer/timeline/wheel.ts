import { panBy, type TimeWindow, zoomAbout } from './zoom.ts';

const ZOOM_PER_PX = 0.0015;
const LINE_PX = 16;
const DOM_DELTA_LINE = 1;

export type WheelLike = Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'shiftKey'>;

/** The window after a turn of the wheel over a time axis: away from the person shows less, about the moment under the pointer. */
export function zoomByWheel(window: TimeWindow, bounds: TimeWindow, anchorNs: number, event: WheelLike): TimeWindow {
  return zoomAbout(window, bounds, anchorNs, Math.exp(event.deltaY * scaleOf(event) * ZOOM_PER_PX));
}

/** The window after a turn of the wheel that moves it, over an axis so many pixels wide. */
export function panByWheel(window: TimeWindow, bounds: TimeWindow, widthPx: number, event: WheelLike): TimeWindow {
  const delta = isSideways(event) ? event.deltaX || event.deltaY : event.deltaY;
  return panBy(window, bounds, ((delta * scaleOf(event)) / Math.max(widthPx, 1)) * (window.endNs - window.startNs));
}

export function isSideways({ deltaX, deltaY, shiftKey }: WheelLike): boolean {
  return Math.abs(deltaX) > Math.abs(deltaY) || shiftKey;
}

function scaleOf({ deltaMode }: WheelLike): number {
  return deltaMode === DOM_DELTA_LINE ? LINE_PX : 1;
}
