import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaAverage, fittedSize } from './area-average.ts';

function average(
  data: Uint8Array | Uint16Array,
  width: number,
  height: number,
  channels: number,
  to: [number, number],
) {
  const Kind = data instanceof Uint16Array ? Uint16Array : Uint8Array;
  const target = { data: new Kind(to[0] * to[1] * channels), width: to[0], height: to[1], channels };
  areaAverage({ data, width, height, channels }, target);
  return [...target.data];
}

describe('area averaging', () => {
  it('takes the mean of each block, channel by channel', () => {
    const data = Uint8Array.of(0, 100, 10, 100, 20, 100, 31, 100);
    expect(average(data, 2, 2, 2, [1, 1])).toEqual([15, 100]);
  });

  it('shares a pixel between the blocks it lies in', () => {
    // Three pixels to two: the middle one counts half on each side.
    expect(average(Uint8Array.of(0, 60, 240), 3, 1, 1, [2, 1])).toEqual([20, 180]);
  });

  it('leaves "no return" out of a mean of depths, and keeps it where there is nothing else', () => {
    expect(average(Uint16Array.of(0, 1000, 0, 0), 2, 2, 1, [1, 1])).toEqual([1000]);
    expect(average(Uint16Array.of(0, 0, 0, 0), 2, 2, 1, [1, 1])).toEqual([0]);
  });

  it.each([2, 3])('takes every %i × %i pixels of colour to their mean, rounded to nearest', (factor) => {
    const side = 2 * factor;
    const pixel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.array(pixel, { minLength: side * side * 3, maxLength: side * side * 3 }), (values) => {
        const reduced = average(Uint8Array.from(values), side, side, 3, [2, 2]);
        const mean = (x: number, y: number, channel: number) => {
          let sum = 0;
          for (let j = 0; j < factor; j++) {
            for (let i = 0; i < factor; i++) {
              sum += values[((y * factor + j) * side + x * factor + i) * 3 + channel] as number;
            }
          }
          return Math.floor(sum / (factor * factor) + 0.5);
        };
        expect(reduced).toEqual([0, 1].flatMap((y) => [0, 1].flatMap((x) => [0, 1, 2].map((c) => mean(x, y, c)))));
      }),
    );
  });

  it('leaves a column out only where that is a trifle of the picture', () => {
    // 640 to 213: blocks of three, the last column left out.
    const wide = Uint8Array.from({ length: 640 * 3 * 3 }, (_, at) => (Math.floor(at / 3) % 640 === 639 ? 255 : 9));
    expect(average(wide, 640, 3, 3, [213, 1])).toEqual(new Array(213 * 3).fill(9));
    // 5 to 2: the middle column counts half on each side.
    expect(average(Uint8Array.of(0, 0, 0, 0, 0, 0, 100, 100, 100, 0, 0, 0, 0, 0, 0), 5, 1, 3, [2, 1])).toEqual(
      new Array(6).fill(20),
    );
  });

  it('keeps a flat image flat and stays within what was there', () => {
    const size = fc.integer({ min: 1, max: 17 });
    fc.assert(
      fc.property(size, size, size, size, fc.infiniteStream(fc.nat(255)), (width, height, w, h, values) => {
        const to: [number, number] = [Math.min(w, width), Math.min(h, height)];
        const data = Uint8Array.from({ length: width * height * 3 }, () => values.next().value);
        const out = average(data, width, height, 3, to);
        expect(Math.min(...out)).toBeGreaterThanOrEqual(Math.min(...data));
        expect(Math.max(...out)).toBeLessThanOrEqual(Math.max(...data));
        const flat = average(new Uint8Array(width * height).fill(77), width, height, 1, to);
        expect(flat.every((value) => value === 77)).toBe(true);
      }),
    );
  });

  it('fits a size without changing proportions or growing', () => {
    expect(fittedSize(640, 480, 320, 320)).toEqual({ width: 320, height: 240 });
    expect(fittedSize(640, 480, 0, 0)).toEqual({ width: 640, height: 480 });
    expect(fittedSize(640, 480, 417, 999)).toEqual({ width: 320, height: 240 });
    expect(fittedSize(640, 480, 9999, 100)).toEqual({ width: 128, height: 96 });
    expect(fittedSize(2, 900, 30, 30)).toEqual({ width: 1, height: 30 });
  });
});
