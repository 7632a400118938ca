import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boundsOf,
  clampWindow,
  isWhole,
  pageTo,
  panBy,
  resizeWindow,
  SMALLEST_WINDOW_NS,
  timeOfX,
  xOfTime,
  zoomAbout,
} from './zoom.ts';

const second = 1e9;
const bounds = { startNs: 0, endNs: 60 * second };

describe('the timeline window', () => {
  it('spans the first to the last tick, and a second where there is only one', () => {
    expect(boundsOf([5, 10, 30])).toEqual({ startNs: 5, endNs: 30 });
    expect(boundsOf([7])).toEqual({ startNs: 7, endNs: 7 + second });
    expect(boundsOf([])).toEqual({ startNs: 0, endNs: second });
  });

  it('turns times to pixels and back', () => {
    const window = { startNs: 10 * second, endNs: 20 * second };
    expect(xOfTime(window, 500, 12 * second)).toBe(100);
    expect(timeOfX(window, 500, 100)).toBe(12 * second);
  });

  it('keeps the moment under the pointer still while zooming in', () => {
    const window = { startNs: 10 * second, endNs: 30 * second };
    const anchor = 15 * second;
    const zoomed = zoomAbout(window, bounds, anchor, 0.5);
    expect(zoomed).toEqual({ startNs: 12.5 * second, endNs: 22.5 * second });
    expect(xOfTime(zoomed, 800, anchor)).toBe(xOfTime(window, 800, anchor));
  });

  it('stays inside the recording and above the smallest window, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 60, noNaN: true }),
        fc.double({ min: 0.001, max: 60, noNaN: true }),
        fc.double({ min: -10, max: 70, noNaN: true }),
        fc.double({ min: 0.001, max: 1000, noNaN: true }),
        (start, length, anchor, factor) => {
          const window = clampWindow({ startNs: start * second, endNs: (start + length) * second }, bounds);
          for (const next of [
            zoomAbout(window, bounds, anchor * second, factor),
            panBy(window, bounds, (anchor - 30) * second),
            pageTo(window, bounds, Math.min(Math.max(anchor, 0), 60) * second),
            resizeWindow(window, bounds, 'start', anchor * second),
            resizeWindow(window, bounds, 'end', anchor * second),
          ]) {
            expect(next.startNs).toBeGreaterThanOrEqual(-1);
            expect(next.endNs).toBeLessThanOrEqual(bounds.endNs + 1);
            expect(next.endNs - next.startNs).toBeGreaterThanOrEqual(SMALLEST_WINDOW_NS - 1);
          }
        },
      ),
    );
  });

  it('turns a page only when the moment leaves', () => {
    const window = { startNs: 10 * second, endNs: 20 * second };
    expect(pageTo(window, bounds, 15 * second)).toBe(window);
    expect(pageTo(window, bounds, 21 * second)).toEqual({ startNs: 20 * second, endNs: 30 * second });
    expect(pageTo(window, bounds, 9 * second)).toEqual({ startNs: 0, endNs: 10 * second });
    expect(pageTo(window, bounds, 50 * second)).toEqual({ startNs: 45 * second, endNs: 55 * second });
  });

  it('knows when everything is in sight', () => {
    expect(isWhole(bounds, bounds)).toBe(true);
    expect(isWhole({ startNs: 1, endNs: bounds.endNs }, bounds)).toBe(false);
  });
});
