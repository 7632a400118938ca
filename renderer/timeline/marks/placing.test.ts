import { describe, expect, it } from 'vitest';
import { boxOf, roomBeside, roomForWords, windowWith } from './placing.ts';

describe('a segment on the lanes', () => {
  /** Ticks 100 to 200 over 1000 px. */
  const axis = { xOf: (tick: number) => (tick - 100) * 10, widthPx: 1000 };

  it('is as long as what of it is in sight, and says which ends are not', () => {
    expect(boxOf(110, 150, axis)).toEqual({ x: 100, widthPx: 400, cut: 'none' });
    expect(boxOf(50, 150, axis)).toEqual({ x: 0, widthPx: 500, cut: 'start' });
    expect(boxOf(150, 300, axis)).toEqual({ x: 500, widthPx: 500, cut: 'end' });
    expect(boxOf(0, 300, axis)).toEqual({ x: 0, widthPx: 1000, cut: 'both' });
  });

  it('is never thinner than can be seen, and never outside of the lanes', () => {
    for (const [first, last] of [
      ...[
        [120, 120],
        [200, 200],
        [100, 100],
        [20, 40],
        [300, 301],
      ],
    ] as const) {
      const box = boxOf(first as number, last as number, axis);
      expect(box.widthPx).toBeGreaterThanOrEqual(2);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.widthPx).toBeLessThanOrEqual(1000);
    }
    expect(boxOf(20, 40, axis).cut).toBe('out');
    expect(boxOf(300, 301, axis).cut).toBe('out');
  });
});

describe('the words of a segment', () => {
  it('stand where no sign covers them: at the front, or where there is most room', () => {
    expect(roomForWords(300, [200, 240])).toEqual({ from: 3, to: 192 });
    expect(roomForWords(160, [50, 70])).toEqual({ from: 78, to: 157 });
    expect(roomForWords(100, [])).toEqual({ from: 3, to: 97 });
    expect(roomForWords(100, [0])).toEqual({ from: 8, to: 97 });
    // A sign out of the band covers nothing of it.
    expect(roomForWords(100, [-40, 400])).toEqual({ from: 3, to: 97 });
  });

  it('stand beside one that is too narrow for them, up to what comes next', () => {
    expect(roomBeside(2, [0], 120)).toEqual({ from: 8, to: 112 });
    expect(roomBeside(20, [0, 40], 120)).toEqual({ from: 48, to: 112 });
    expect(roomBeside(20, [], 22)).toEqual({ from: 23, to: 23 });
  });

  it('have no room less than none', () => {
    for (const width of [2, 5, 12]) {
      const { from, to } = roomForWords(width, [1]);
      expect(to - from).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('the window', () => {
  const bounds = { startNs: 0, endNs: 100e9 };
  const window = { startNs: 40e9, endNs: 50e9 };

  it('stays where some of the range is in sight, and else shows its start', () => {
    expect(windowWith(window, bounds, 30e9, 41e9)).toBe(window);
    expect(windowWith(window, bounds, 60e9, 70e9)).toEqual({ startNs: 58e9, endNs: 68e9 });
    expect(windowWith(window, bounds, 1e9, 2e9)).toEqual({ startNs: 0, endNs: 10e9 });
  });
});
