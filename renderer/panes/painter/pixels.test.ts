import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depthColors, rangeOf } from './depth-colors.ts';
import type { PixelImage } from './painter.ts';
import { fillRgba } from './pixels.ts';
import { fillReduced, isPlanFor, planReduction } from './scaled-pixels.ts';

/** Red, green and blue of every pixel as painted. */
function painted(image: PixelImage): number[][] {
  const target = new Uint32Array(image.width * image.height);
  fillRgba(target, image);
  const bytes = new Uint8Array(target.buffer);
  return Array.from(target, (_, pixel) => {
    expect(bytes[pixel * 4 + 3]).toBe(255);
    return [...bytes.subarray(pixel * 4, pixel * 4 + 3)];
  });
}

const triples = (pixels: Uint8Array): number[][] =>
  Array.from({ length: pixels.length / 3 }, (_, pixel) => [...pixels.subarray(pixel * 3, pixel * 3 + 3)]);

/** Bytes at an offset in a larger buffer, as they lie in a tick. */
const bytesAt = (offset: number, maxPixels = 40) =>
  fc
    .array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: maxPixels * 3 })
    .map((values) => values.slice(0, values.length - (values.length % 3)))
    .map((values) => {
      const buffer = new Uint8Array(offset + values.length + 16);
      buffer.set(values, offset);
      return buffer.subarray(offset, offset + values.length);
    });

const image = (pixels: Uint8Array, more: Partial<PixelImage> = {}): PixelImage => ({
  ...{ pixels, width: pixels.length / 3, height: 1, channels: 3, order: 'rgb', coloring: { kind: 'plain' } },
  ...more,
});

describe('painting three bytes a pixel', () => {
  for (const offset of [0, 8, 3]) {
    it(`keeps red, green and blue in their order (offset ${offset})`, () => {
      fc.assert(
        fc.property(bytesAt(offset), (pixels) => {
          expect(painted(image(pixels))).toEqual(triples(pixels));
        }),
      );
    });

    it(`swaps what was stored blue first (offset ${offset})`, () => {
      fc.assert(
        fc.property(bytesAt(offset), (pixels) => {
          expect(painted(image(pixels, { order: 'bgr' }))).toEqual(triples(pixels).map((bgr) => bgr.reverse()));
        }),
      );
    });
  }

  it('shows the difference to the reference around grey, clipped', () => {
    const frame = Uint8Array.from([10, 10, 10, 0, 255, 100]);
    const reference = Uint8Array.from([10, 0, 20, 255, 0, 100]);
    const difference = { coloring: { kind: 'difference', reference } as const };
    expect(painted(image(frame, difference))).toEqual([
      [128, 138, 118],
      [0, 255, 128],
    ]);
    expect(painted(image(frame, { ...difference, order: 'bgr' }))).toEqual([
      [118, 138, 128],
      [128, 255, 0],
    ]);
  });

  it('shows one channel as grey', () => {
    expect(painted(image(Uint8Array.from([7, 200]), { width: 2, channels: 1, order: null }))).toEqual([
      [7, 7, 7],
      [200, 200, 200],
    ]);
  });
});

describe('depth colours', () => {
  const colors = depthColors({ nearMm: 500, farMm: 1500 });
  const rgb = (depth: number) =>
    painted(
      image(Uint8Array.of(), {
        pixels: Uint16Array.of(depth),
        width: 1,
        channels: 1,
        coloring: { kind: 'depth', colors },
      }),
    )[0] as number[];
  const lightness = ([r, g, b]: number[]) => 0.2126 * (r as number) + 0.7152 * (g as number) + 0.0722 * (b as number);

  it('get darker with every step away', () => {
    const steps = [500, 700, 900, 1100, 1300, 1500].map((depth) => lightness(rgb(depth)));
    expect([...steps].sort((a, b) => b - a)).toEqual(steps);
    expect(new Set(steps).size).toBe(steps.length);
  });

  it('stay at the ends outside of the range, and tell no return apart', () => {
    expect(rgb(1)).toEqual(rgb(500));
    expect(rgb(65_535)).toEqual(rgb(1500));
    expect(rgb(0)).not.toEqual(rgb(1));
  });

  it('take their range from nearly all returns of a frame', () => {
    const frame = Uint16Array.from({ length: 10_000 }, (_, index) =>
      index % 500 === 0 ? 60_000 : index % 9 === 0 ? 0 : 620 + (index % 300),
    );
    const range = rangeOf(frame);
    expect(range?.nearMm).toBe(600);
    expect(range?.farMm).toBeLessThan(1000);
    expect(rangeOf(new Uint16Array(100))).toBeUndefined();
  });
});

describe('painting a picture smaller than it is stored', () => {
  const width = 64;
  const height = 48;
  /** Red rises to the right, green downwards, blue is even. */
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return [(pixel % width) * 4, Math.floor(pixel / width) * 5, 90][at % 3] as number;
  });
  const frame = image(pixels, { width, height });

  function reduced(source: PixelImage, size: { width: number; height: number }): number[][] {
    const target = new Uint32Array(size.width * size.height);
    fillReduced(target, source, planReduction(source, size));
    const bytes = new Uint8Array(target.buffer);
    return Array.from(target, (_, pixel) => [...bytes.subarray(pixel * 4, pixel * 4 + 4)]);
  }

  for (const size of [
    { width: 16, height: 12 },
    { width: 23, height: 17 },
    { width: 40, height: 30 },
  ]) {
    it(`keeps colours where they are (${size.width} wide)`, () => {
      const got = reduced(frame, size);
      const scale = width / size.width;
      got.forEach(([r, g, b, a], index) => {
        const x = ((index % size.width) + 0.5) * scale - 0.5;
        const y = (Math.floor(index / size.width) + 0.5) * scale - 0.5;
        expect(Math.abs((r as number) - x * 4)).toBeLessThanOrEqual(4);
        expect(Math.abs((g as number) - y * 5)).toBeLessThanOrEqual(5);
        expect([b, a]).toEqual([90, 255]);
      });
    });
  }

  it('swaps blue and red, keeps white white and an even difference grey', () => {
    const size = { width: 20, height: 15 };
    const straight = reduced(frame, size);
    const swapped = reduced({ ...frame, order: 'bgr' }, size);
    expect(swapped.map(([r, g, b]) => [b, g, r])).toEqual(straight.map(([r, g, b]) => [r, g, b]));
    const white = image(new Uint8Array(pixels.length).fill(255), { width, height });
    expect(new Set(reduced(white, size).flat())).toEqual(new Set([255]));
    const same = reduced({ ...frame, coloring: { kind: 'difference', reference: pixels } }, size);
    expect(same.every(([r, g, b]) => r === 128 && g === 128 && b === 128)).toBe(true);
    const dark = reduced(
      { ...white, coloring: { kind: 'difference', reference: new Uint8Array(pixels.length) } },
      size,
    );
    expect(dark[0]).toEqual([255, 255, 255, 255]);
  });

  for (const size of [
    { width: 50, height: 38 },
    { width: 32, height: 24 },
    { width: 20, height: 15 },
  ]) {
    it(`averages differences to whichever reference it is given (${size.width} wide)`, () => {
      const plan = planReduction(frame, size);
      const target = new Uint32Array(size.width * size.height);
      const differenceTo = (level: number) => {
        const reference = new Uint8Array(pixels.length).fill(level);
        fillReduced(target, { ...frame, coloring: { kind: 'difference', reference } }, plan);
        return [...new Uint8Array(target.buffer)];
      };
      const plain = reduced(frame, size);
      for (const level of [40, 90, 200]) {
        const wanted = plain.flatMap(([r, g, b]) => [
          ...[r, g, b].map((value) => Math.min(Math.max((value as number) - level + 128, 0), 255)),
          255,
        ]);
        expect(differenceTo(level)).toEqual(wanted);
      }
    });
  }

  it('never mixes depths', () => {
    const depth = Uint16Array.from({ length: width * height }, (_, at) => (at % 2 === 0 ? 500 : 2000));
    const colors = depthColors({ nearMm: 400, farMm: 2100 });
    const source = image(new Uint8Array(0), {
      pixels: depth,
      width,
      height,
      channels: 1,
      coloring: { kind: 'depth', colors },
    });
    const known = [500, 2000].map((value) => colors[value] as number);
    const target = new Uint32Array(20 * 15);
    fillReduced(target, source, planReduction(source, { width: 20, height: 15 }));
    expect(target.every((color) => known.includes(color))).toBe(true);
  });

  it('knows when a plan no longer fits', () => {
    const plan = planReduction(frame, { width: 20, height: 15 });
    expect(isPlanFor(plan, frame)).toBe(true);
    expect(isPlanFor(plan, { ...frame, width: 32 })).toBe(false);
  });
});
