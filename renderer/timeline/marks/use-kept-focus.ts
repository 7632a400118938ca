import { type RefObject, useLayoutEffect, useRef } from 'react';
import { focusSegment, segmentElement } from './segment-focus.ts';

interface Place {
  key: string;
  /** Of a slider within it. */
  part: string | undefined;
  /** Among all segments. */
  index: number;
}

/**
 * The focus stays among the segments of `root` when they change: with a segment that is put elsewhere in the order of time,
 * and by its neighbour when it is deleted; where none is left it goes to `otherwise`.
 */
export function useKeptFocus(root: RefObject<HTMLElement | null>, otherwise: HTMLElement): void {
  const place = useRef<Place | null>(null);
  useLayoutEffect(() => {
    const stop = new AbortController();
    const options = { signal: stop.signal, capture: true };
    document.addEventListener('focusin', ({ target }) => (place.current = placeOf(root.current, target)), options);
    // To click beside everything is to leave.
    document.addEventListener('pointerdown', () => (place.current = null), options);
    return () => stop.abort();
  }, [root]);
  useLayoutEffect(() => {
    const was = place.current;
    if (!was || !root.current || document.activeElement !== document.body) return;
    const slider = segmentElement(root.current, was.key)?.querySelector<HTMLElement>(`[data-part="${was.part}"]`);
    if (slider) slider.focus({ preventScroll: true });
    else if (!focusSegment(root.current, was.key)) {
      const left = root.current.querySelectorAll<HTMLElement>('[data-segment]');
      (left[Math.min(was.index, left.length - 1)] ?? otherwise).focus({ preventScroll: true });
    }
  });
}

function placeOf(root: HTMLElement | null, target: EventTarget | null): Place | null {
  if (!root || !(target instanceof HTMLElement) || !root.contains(target)) return null;
  const segment = target.closest<HTMLElement>('[data-segment]');
  if (!segment) return null;
  const index = [...root.querySelectorAll('[data-segment]')].indexOf(segment);
  return { key: segment.dataset.segment ?? '', part: target.dataset.part, index };
}
