import { describe, expect, it } from 'vitest';
import { isSideways, panByWheel, type WheelLike, zoomByWheel } from './wheel.ts';

const second = 1e9;
const bounds = { startNs: 0, endNs: 60 * second };
const window = { startNs: 10 * second, endNs: 30 * second };
const turn = (more: Partial<WheelLike>): WheelLike => ({
  deltaX: 0,
  deltaY: 0,
  deltaMode: 0,
  shiftKey: false,
  ...more,
});

describe('the wheel over a time axis', () => {
  it('zooms about the moment under the pointer, back and forth to where it was', () => {
    const closer = zoomByWheel(window, bounds, 15 * second, turn({ deltaY: -120 }));
    expect(closer.endNs - closer.startNs).toBeLessThan(20 * second);
    expect((15 * second - closer.startNs) / (closer.endNs - closer.startNs)).toBeCloseTo(0.25, 9);
    const back = zoomByWheel(closer, bounds, 15 * second, turn({ deltaY: 120 }));
    expect(back.startNs).toBeCloseTo(window.startNs, -1);
    expect(back.endNs).toBeCloseTo(window.endNs, -1);
  });

  it('moves the window by as many pixels as it turned, sideways where it was turned so', () => {
    expect(panByWheel(window, bounds, 1000, turn({ deltaY: 50 }))).toEqual({
      startNs: 11 * second,
      endNs: 31 * second,
    });
    expect(panByWheel(window, bounds, 1000, turn({ deltaX: -50, deltaY: 3 })).startNs).toBe(9 * second);
    expect(panByWheel(window, bounds, 1000, turn({ deltaY: 50, shiftKey: true })).startNs).toBe(11 * second);
    expect(isSideways(turn({ deltaX: 4, deltaY: 3 }))).toBe(true);
    expect(isSideways(turn({ deltaX: 2, deltaY: 3 }))).toBe(false);
  });

  it('counts a line as many pixels', () => {
    const lines = panByWheel(window, bounds, 1000, turn({ deltaY: 3, deltaMode: 1 }));
    expect(lines).toEqual(panByWheel(window, bounds, 1000, turn({ deltaY: 48 })));
  });
});
