import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthestOf, frameFault as faultOf, framesToCompare, meanSquare, thinned } from './compare-frames.ts';

const FARTHEST = farthestOf({ way: 'encode', crf: 18 });
const frameFault = (...pictures: [Uint8Array, Uint8Array, Uint8Array | null, Uint8Array | null]) =>
  faultOf(...pictures, FARTHEST);

/** A bar that moves over a ground with noise. */
function picture(bar: number, noise = 0): Uint8Array {
  return Uint8Array.from({ length: 64 * 48 * 3 }, (_, at) => {
    const x = Math.floor(at / 3) % 64;
    const level = x >= bar && x < bar + 8 ? 230 : 60;
    return Math.min(255, Math.max(0, level + (noise === 0 ? 0 : ((at * 7919) % (2 * noise)) - noise)));
  });
}

describe('a stored frame', () => {
  it('is right where it is what was recorded, with what an encoder takes from it', () => {
    expect(frameFault(picture(10, 4), picture(10), picture(9), picture(11))).toBeNull();
    expect(frameFault(picture(10), picture(10), null, null)).toBeNull();
  });

  it('is wrong where it is a neighbour, and where it is something else', () => {
    expect(frameFault(picture(9, 4), picture(10), picture(9), picture(11))).toBe('before');
    expect(frameFault(picture(11, 4), picture(10), picture(9), picture(11))).toBe('after');
    expect(frameFault(picture(40), picture(10), picture(9), picture(11))).toBe('other');
  });

  it('is not asked to differ from neighbours that are the same', () => {
    expect(frameFault(picture(10), picture(10, 1), picture(10), picture(10))).toBeNull();
  });
});

it('a copied frame is what was recorded to the last bit, an encoded one may be off by what its quality allows', () => {
  const [wanted, other] = [picture(10), picture(10)];
  other[0] = (other[0] as number) + 1;
  expect(faultOf(other, wanted, null, null, farthestOf({ way: 'copy', crf: 18 }))).toBe('other');
  expect(faultOf(other, wanted, null, null, FARTHEST)).toBeNull();
  expect(farthestOf({ way: 'encode', crf: 40 })).toBeGreaterThan(FARTHEST);
});

it('frames to compare are the first, the last and eight between', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (frames) => {
      const places = framesToCompare(frames);
      expect(places[0]).toBe(0);
      expect(places.at(-1)).toBe(frames - 1);
      expect(places.length).toBe(Math.min(10, frames));
      expect(new Set(places).size).toBe(places.length);
    }),
  );
  expect(meanSquare(new Uint8Array([0, 10]), new Uint8Array([4, 7]))).toBe(12.5);
});

describe('a picture that is thinned', () => {
  it('keeps its colours, however they lie, and every column', () => {
    const [width, height] = [640, 480];
    const rgb = new Uint8Array(width * height * 3);
    for (let pixel = 0; pixel < width * height; pixel++)
      rgb.set([(pixel % width) & 255, (pixel % width) >> 8, 7], pixel * 3);
    const few = thinned(rgb, 'rgb24', width, height);
    expect(few.length).toBeGreaterThan(3 * 40_000);
    expect(few.length).toBeLessThan(3 * 60_000);
    const columns = new Set<number>();
    for (let at = 0; at < few.length; at += 3) columns.add((few[at] as number) + 256 * (few[at + 1] as number));
    expect(columns.size).toBe(width);
    const bgr = rgb.slice();
    for (let at = 0; at < bgr.length; at += 3) bgr.subarray(at, at + 3).reverse();
    expect(thinned(bgr, 'bgr24', width, height)).toEqual(few);
    expect(thinned(new Uint8Array([1, 2, 3, 4, 5, 6]), 'gray', 3, 2).subarray(3, 6)).toEqual(new Uint8Array([2, 2, 2]));
  });
});
