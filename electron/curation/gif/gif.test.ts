import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitGif } from './fit-gif.ts';
import { delaysCs, GifFile } from './gif-file.ts';
import { GIF_SCALES, paletteSizes } from './limits.ts';
import { ByteSink, LzwEncoder } from './lzw.ts';
import { ColorHistogram, choosePalette, NearestColor, PaletteMap } from './palette.ts';

/** A reader of GIFs that shares nothing with the writer: screens as RGB, with how long each stays. */
function readGif(bytes: Uint8Array): {
  width: number;
  height: number;
  colors: number;
  repeats: boolean;
  screens: Uint8Array[];
  delays: number[];
} {
  const short = (at: number) => (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  expect(Buffer.from(bytes.subarray(0, 6)).toString('latin1')).toBe('GIF89a');
  const [width, height] = [short(6), short(8)];
  const colors = 2 ** (((bytes[10] as number) & 7) + 1);
  const table = bytes.subarray(13, 13 + 3 * colors);
  const screen = new Uint8Array(width * height * 3);
  const screens: Uint8Array[] = [];
  const delays: number[] = [];
  let repeats = false;
  let clear = -1;
  let at = 13 + 3 * colors;
  const blocks = (): Uint8Array => {
    const parts: number[] = [];
    for (let size = bytes[at++] as number; size > 0; size = bytes[at++] as number) {
      parts.push(...bytes.subarray(at, at + size));
      at += size;
    }
    return Uint8Array.from(parts);
  };
  for (;;) {
    const kind = bytes[at++];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      const label = bytes[at++];
      const start = at;
      const content = blocks();
      if (label === 0xff) repeats = Buffer.from(content).toString('latin1').startsWith('NETSCAPE2.0');
      if (label === 0xf9) {
        delays.push(short(start + 2));
        clear = (bytes[start + 1] as number) & 1 ? (bytes[start + 4] as number) : -1;
      }
      continue;
    }
    expect(kind).toBe(0x2c);
    const [left, top, w, h] = [short(at), short(at + 2), short(at + 4), short(at + 6)];
    expect(left + w).toBeLessThanOrEqual(width);
    expect(top + h).toBeLessThanOrEqual(height);
    at += 9;
    const bits = bytes[at++] as number;
    const indices = unpack(blocks(), bits);
    expect(indices).toHaveLength(w * h);
    for (const [pixel, index] of indices.entries()) {
      if (index === clear) continue;
      const to = ((top + Math.floor(pixel / w)) * width + left + (pixel % w)) * 3;
      screen.set(table.subarray(index * 3, index * 3 + 3), to);
    }
    screens.push(screen.slice());
  }
  expect(at).toBe(bytes.length);
  return { width, height, colors, repeats, screens, delays };
}

function unpack(data: Uint8Array, bits: number): number[] {
  const clear = 1 << bits;
  let table: number[][] = [];
  const reset = () => {
    table = Array.from({ length: clear + 2 }, (_, code) => (code < clear ? [code] : []));
  };
  reset();
  let width = bits + 1;
  let before: number[] | undefined;
  const out: number[] = [];
  let place = 0;
  for (;;) {
    let code = 0;
    for (let bit = 0; bit < width; bit += 1, place += 1)
      code |= (((data[place >> 3] as number) >> (place & 7)) & 1) << bit;
    if (code === clear) {
      reset();
      width = bits + 1;
      before = undefined;
      continue;
    }
    if (code === clear + 1) return out;
    const known = table[code];
    const entry: number[] = known ?? [...(before as number[]), (before as number[])[0] as number];
    if (!known) expect(code).toBe(table.length);
    out.push(...entry);
    if (before && table.length < 4096) table.push([...before, entry[0] as number]);
    before = entry;
    if (table.length === 1 << width && width < 12) width += 1;
  }
}

describe('LZW', () => {
  it('is read back for every content and width', () => {
    const width = fc.integer({ min: 2, max: 8 });
    const indices = width.chain((bits) =>
      fc.tuple(
        fc.constant(bits),
        fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { minLength: 1, maxLength: 500 }),
      ),
    );
    fc.assert(
      fc.property(indices, fc.integer({ min: 1, max: 30 }), ([bits, row], times) => {
        const all = Uint8Array.from({ length: row.length * times }, (_, at) => row[at % row.length] as number);
        const sink = new ByteSink();
        new LzwEncoder().write(all, bits, sink);
        const packed: number[] = [];
        for (let at = 1; sink.bytes[at] !== 0; at += 1 + (sink.bytes[at] as number)) {
          packed.push(...sink.bytes.subarray(at + 1, at + 1 + (sink.bytes[at] as number)));
        }
        expect(unpack(Uint8Array.from(packed), bits)).toEqual([...all]);
      }),
      { numRuns: 60 },
    );
  });

  it('starts its table again when that is full', () => {
    const noise = Uint8Array.from({ length: 40_000 }, (_, at) => (Math.imul(at + 1, 2_654_435_761) >>> 13) & 255);
    const file = new GifFile({
      width: 200,
      height: 200,
      palette: Uint8Array.from({ length: 255 * 3 }, (_, at) => Math.floor(at / 3)),
    });
    file.add(
      noise.map((value) => Math.min(254, value)),
      5,
    );
    const { screens } = readGif(file.finish());
    expect([...(screens[0] as Uint8Array).filter((_, at) => at % 3 === 0)]).toEqual([
      ...noise.map((value) => Math.min(254, value)),
    ]);
  });
});

describe('a GIF', () => {
  it('shows exactly the frames it was given, each as long as it was told, and repeats', () => {
    const frame = fc.uint8Array({ minLength: 48, maxLength: 48, max: 6 });
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), (frames) => {
        const palette = Uint8Array.from({ length: 21 }, (_, at) => at * 12);
        const file = new GifFile({ width: 8, height: 6, palette });
        for (const [at, indices] of frames.entries()) file.add(indices, at + 2);
        const read = readGif(file.finish());
        expect(read).toMatchObject({ width: 8, height: 6, colors: 8, repeats: true });
        expect(read.delays).toEqual(frames.map((_, at) => at + 2));
        for (const [at, indices] of frames.entries()) {
          expect([...(read.screens[at] as Uint8Array)]).toEqual(
            [...indices].flatMap((index) => [...palette.subarray(index * 3, index * 3 + 3)]),
          );
        }
      }),
    );
  });

  it('tells times in hundredths without an error that adds up', () => {
    const even = delaysCs(
      Array.from({ length: 60 }, (_, at) => at / 15),
      1 / 15,
    );
    expect(even.reduce((sum, delay) => sum + delay)).toBe(400);
    expect(new Set(even)).toEqual(new Set([6, 7]));
    expect(delaysCs([0, 0.001, 0.002], 0.001)).toEqual([2, 2, 2]);
    expect(delaysCs([5, 5.5, 7], 0.25)).toEqual([50, 150, 25]);
  });
});

describe('a palette', () => {
  const weights = (pixels: Uint8Array, weight = 1) => new Uint8Array(pixels.length / 3).fill(weight);

  it('is the colours themselves where there are few', () => {
    const pixels = Uint8Array.from([10, 20, 30, 200, 100, 50, 10, 20, 30, 0, 0, 0]);
    const histogram = new ColorHistogram();
    histogram.add(pixels, weights(pixels), { width: pixels.length / 3 });
    const palette = choosePalette(histogram, 255);
    const colors = [0, 1, 2].map((at) => [...palette.subarray(at * 3, at * 3 + 3)].join()).sort();
    expect(palette).toHaveLength(9);
    expect(colors).toEqual(['0,0,0', '10,20,30', '200,100,50']);
  });

  it('never has more colours than allowed, and its error falls with their number', () => {
    const pixels = Uint8Array.from({ length: 3 * 4096 }, (_, at) => (Math.imul(at + 7, 2_654_435_761) >>> 20) & 255);
    const histogram = new ColorHistogram();
    histogram.add(pixels, weights(pixels), { width: pixels.length / 3 });
    const errorOf = (count: number) => {
      const palette = choosePalette(histogram, count);
      expect(palette.length / 3).toBeLessThanOrEqual(count);
      const indices = new Uint8Array(pixels.length / 3);
      new PaletteMap(palette).indices(pixels, indices);
      return (
        pixels.reduce(
          (sum, value, at) =>
            sum + Math.abs(value - (palette[(indices[Math.floor(at / 3)] as number) * 3 + (at % 3)] as number)),
          0,
        ) / pixels.length
      );
    };
    const errors = [8, 32, 128, 255].map(errorOf);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(errors[3]).toBeLessThan((errors[0] as number) / 2);
  });

  it('spends its colours where pixels weigh more', () => {
    const gradient = (from: number) =>
      Uint8Array.from({ length: 3 * 256 }, (_, at) => (at % 3 === from ? Math.floor(at / 3) : 128));
    const share = (weight: number) => {
      const histogram = new ColorHistogram();
      histogram.add(gradient(0), weights(gradient(0), weight), { width: 256 });
      histogram.add(gradient(2), weights(gradient(2)), { width: 256 });
      const palette = choosePalette(histogram, 32);
      return Array.from({ length: palette.length / 3 }, (_, at) => palette[at * 3] as number).filter(
        (red) => Math.abs(red - 128) > 3,
      ).length;
    };
    expect(share(8)).toBeGreaterThan(share(1));
  });

  it('finds the nearest colour, as a search through all does', () => {
    const color = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(fc.array(color, { minLength: 1, maxLength: 40 }), color, (colors, wanted) => {
        const apart = (a: readonly number[]) =>
          a.reduce((sum, value, at) => sum + (value - (wanted[at] as number)) ** 2, 0);
        const found = new NearestColor(colors.flat()).find(...wanted);
        expect(apart(colors[found] as number[])).toBe(Math.min(...colors.map(apart)));
      }),
    );
  });
});

/** Noise that no size but a small one of can fit, with a flat part. */
function noisy(frames: number, width = 128, height = 64): Uint8Array[] {
  return Array.from({ length: frames }, (_, frame) => {
    const pixels = new Uint8Array(width * height * 3);
    for (let at = 0, state = frame + 1; at < pixels.length; at += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      pixels[at] = Math.floor(at / 3) % width < width / 2 ? state >>> 24 : 60;
    }
    return pixels;
  });
}

describe('fitting', () => {
  const order = { scales: GIF_SCALES, palettes: paletteSizes(256), delaysCs: new Array(14).fill(7), weighted: [] };
  const frames = noisy(14, 64, 32);
  const full = fitGif(frames, 64, 32, { ...order, maxBytes: 1e9 });

  it('keeps the full size and every colour where that fits', () => {
    expect(full).toMatchObject({ width: 64, height: 32, colors: 256, scale: 1 });
    expect(readGif(full.bytes).screens).toHaveLength(14);
  });

  it('is never larger than allowed; it gives up size first and colours last', () => {
    const tried = [0.9, 0.4, 0.15, 0.07].map((share) => {
      const maxBytes = Math.floor(full.bytes.length * share);
      const result = fitGif(frames, 64, 32, { ...order, maxBytes });
      expect(result.bytes.length).toBeLessThanOrEqual(maxBytes);
      if (result.bytes.length > 0 && result.colors < 256) expect(result.scale).toBe(0.3);
      return result;
    });
    const scales = tried.map(({ scale }) => scale);
    expect(scales).toEqual([...scales].sort((a, b) => b - a));
    expect(new Set(scales).size).toBeGreaterThan(2);
    for (const { bytes, width } of tried) if (bytes.length > 0) expect(readGif(bytes).width).toBe(width);
  });

  it('goes down to 128 colours, never below, and then says how large it would have been', () => {
    const smallest = fitGif(frames, 64, 32, { ...order, scales: [0.3], palettes: [128], maxBytes: 1e9 });
    const fits = fitGif(frames, 64, 32, { ...order, maxBytes: smallest.bytes.length });
    expect(fits).toMatchObject({ colors: 128, scale: 0.3 });
    expect(fits.bytes.length).toBe(smallest.bytes.length);
    const not = fitGif(frames, 64, 32, { ...order, maxBytes: 900 });
    expect(not.bytes).toHaveLength(0);
    expect(not.colors).toBe(128);
    expect(not.lastBytes).toBeGreaterThan(900);
    expect(paletteSizes(256)).toEqual([256, 224, 192, 160, 128]);
    expect(paletteSizes(200)).toEqual([200, 192, 160, 128]);
    expect(paletteSizes(128)).toEqual([128]);
  });

  it('keeps the colours of the few frames that it is there for', () => {
    const shades = (base: number) =>
      Uint8Array.from({ length: 64 * 32 * 3 }, (_, at) => (at % 3 === base ? (Math.floor(at / 3) * 7) % 256 : 40));
    const calm = Array.from({ length: 30 }, (_, at) => shades(at % 2));
    const flash = shades(2);
    const shown = [...calm.slice(0, 15), flash, ...calm.slice(15)];
    const errorOf = (eventFrames: number[]) => {
      const { bytes } = fitGif(shown, 64, 32, {
        ...order,
        delaysCs: new Array(31).fill(5),
        palettes: [128],
        scales: [1],
        maxBytes: 1e9,
        eventFrames,
      });
      const screen = readGif(bytes).screens[15] as Uint8Array;
      return screen.reduce((sum, value, at) => sum + Math.abs(value - (flash[at] as number)), 0) / screen.length;
    };
    expect(errorOf([15])).toBeLessThan(errorOf([]) * 0.8);
  });

  it('gives the same bytes for the same frames', () => {
    expect(Buffer.compare(fitGif(frames, 64, 32, { ...order, maxBytes: 1e9 }).bytes, full.bytes)).toBe(0);
  });
});

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
describe.skipIf(!hasFfmpeg)('beside ffmpeg (needs one)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-gif-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is decoded to the same pixels', () => {
    const result = fitGif(noisy(12), 128, 64, {
      scales: [1],
      palettes: [256],
      delaysCs: new Array(12).fill(5),
      weighted: [],
      maxBytes: 1e9,
    });
    const file = path.join(folder, 'a.gif');
    writeFileSync(file, result.bytes);
    const raw = execFileSync(
      'ffmpeg',
      ['-v', 'error', '-i', file, '-vsync', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
      { maxBuffer: 64e6 },
    );
    const { screens } = readGif(result.bytes);
    expect(Buffer.compare(raw, Buffer.concat(screens))).toBe(0);
  });
});
