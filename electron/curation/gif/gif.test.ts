import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesBetween, everywhere, pixelsIn } from './changes.ts';
import { ColorHistogram, FrameColors } from './color-histogram.ts';
import { fitGif } from './fit-gif.ts';
import { delaysCs, GifFile } from './gif-file.ts';
import { GIF_SCALES, paletteSizes } from './limits.ts';
import { ByteSink, LzwEncoder } from './lzw.ts';
import { choosePalette } from './palette.ts';
import { NearestColor, PaletteMap } from './palette-map.ts';

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

/** Packed as one row. */
function packed(indices: Uint8Array, bits: number, runIndex?: number): Uint8Array {
  const sink = new ByteSink();
  const rows = { indices, from: 0, width: indices.length, height: 1, stride: indices.length };
  new LzwEncoder().write(rows, bits, sink, runIndex);
  return sink.bytes.slice(0, sink.length);
}

function blocksOf(bytes: Uint8Array): Uint8Array {
  const content: number[] = [];
  for (let at = 1; bytes[at] !== 0; at += 1 + (bytes[at] as number))
    content.push(...bytes.subarray(at + 1, at + 1 + (bytes[at] as number)));
  return Uint8Array.from(content);
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
        expect(unpack(blocksOf(packed(all, bits)), bits)).toEqual([...all]);
      }),
      { numRuns: 60 },
    );
  });

  it('writes the same whichever index comes in runs, across rows of a picture too', () => {
    // Runs of zero among a little noise, long enough for the table to be full several times.
    const indices = new Uint8Array(120_000);
    for (let at = 0, state = 1; at < indices.length; at += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      if (at % 7000 < 2500 || state % 23 < 2) indices[at] = state >>> 24;
    }
    const plain = packed(indices, 8);
    expect(plain.length).toBeGreaterThan(30_000);
    for (const runIndex of [0, 1, 255]) expect(Buffer.compare(packed(indices, 8, runIndex), plain)).toBe(0);
    const part = { from: 305, width: 170, height: 390, stride: 300 };
    const inside = Uint8Array.from({ length: part.width * part.height }, (_, at) => {
      return indices[part.from + Math.floor(at / part.width) * part.stride + (at % part.width)] as number;
    });
    const sink = new ByteSink();
    new LzwEncoder().write({ indices, ...part }, 8, sink, 0);
    expect(Buffer.compare(sink.bytes.subarray(0, sink.length), packed(inside, 8))).toBe(0);
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

/** `frames` pictures of which some pixels change from each to the next. */
function changing(frames: number, pixels: number): Uint8Array[] {
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const picture = Uint8Array.from({ length: pixels * 3 }, () => random(256));
  return Array.from({ length: frames }, () => {
    const from = random(pixels);
    for (let at = from * 3; at < Math.min(pixels, from + random(60)) * 3; at += 1) picture[at] = random(256);
    return picture.slice();
  });
}

describe('changes', () => {
  it('hold every pixel that differs, and few others', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const changed = size.chain((pixels) =>
      fc.tuple(fc.constant(pixels), fc.array(fc.nat(pixels - 1), { maxLength: 6 })),
    );
    fc.assert(
      fc.property(changed, fc.nat(2), fc.nat(3), ([pixels, places], channel, offset) => {
        // As a view that begins anywhere in its memory.
        const before = new Uint8Array(new ArrayBuffer(pixels * 3 + 3), offset).subarray(0, pixels * 3);
        const after = before.slice();
        for (const place of places) after[place * 3 + channel] = 1;
        const changes = changesBetween(before, after);
        const within = Array.from({ length: pixels }, () => 0);
        for (let at = 0; at < changes.length; at += 2)
          for (let pixel = changes[at] as number; pixel < (changes[at + 1] as number); pixel += 1)
            within[pixel] = (within[pixel] as number) + 1;
        for (const place of places) expect(within[place]).toBe(1);
        expect(Math.max(0, ...within)).toBeLessThanOrEqual(1);
        expect(pixelsIn(changes)).toBe(within.reduce((sum, times) => sum + times, 0));
        expect(pixelsIn(changes)).toBeLessThanOrEqual(4 * new Set(places).size);
        expect([...changes]).toEqual([...new Set(changes)].sort((a, b) => a - b));
      }),
    );
  });

  it('give the colours that all frames have, looked at one by one', () => {
    const [width, height, count, rowStep] = [19, 10, 12, 3];
    const frames = changing(count, width * height);
    const weights = Uint8Array.from({ length: width * height }, (_, at) => (at % width < 5 ? 3 : 1));
    const factors = frames.map((_, at) => (at === 4 ? 5 : 1));
    const colors = new FrameColors({ width, weights, rowStep, factors });
    const alone = new ColorHistogram();
    for (const [at, frame] of frames.entries()) {
      if (at > 0) colors.until(at, frames[at - 1] as Uint8Array, changesBetween(frames[at - 1] as Uint8Array, frame));
      for (const [pixel, weight] of weights.entries()) {
        if (Math.floor(pixel / width) % rowStep !== at % rowStep) continue;
        const [red = 0, green = 0, blue = 0] = frame.subarray(pixel * 3);
        alone.count((red << 16) | (green << 8) | blue, weight * (factors[at] as number));
      }
    }
    colors.until(count, frames.at(-1) as Uint8Array, everywhere(width * height));
    expect(colors.histogram.colors()).toEqual(alone.colors());
  });
});

describe('a palette', () => {
  const add = (histogram: ColorHistogram, pixels: Uint8Array, weight = 1) => {
    for (let at = 0; at < pixels.length; at += 3) {
      const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
      histogram.count((red << 16) | (green << 8) | blue, weight);
    }
  };

  it('is the colours themselves where there are few', () => {
    const pixels = Uint8Array.from([10, 20, 30, 200, 100, 50, 10, 20, 30, 0, 0, 0]);
    const histogram = new ColorHistogram();
    add(histogram, pixels);
    const palette = choosePalette(histogram, 255);
    const colors = [0, 1, 2].map((at) => [...palette.subarray(at * 3, at * 3 + 3)].join()).sort();
    expect(palette).toHaveLength(9);
    expect(colors).toEqual(['0,0,0', '10,20,30', '200,100,50']);
  });

  it('never has more colours than allowed, and its error falls with their number', () => {
    const pixels = Uint8Array.from({ length: 3 * 4096 }, (_, at) => (Math.imul(at + 7, 2_654_435_761) >>> 20) & 255);
    const histogram = new ColorHistogram();
    add(histogram, pixels);
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
      add(histogram, gradient(0), weight);
      add(histogram, gradient(2));
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

  it('shows every frame as it is where the colours suffice, whatever stands from the one before', () => {
    const pictures = changing(20, 63 * 31).map((frame) => frame.map((value, at) => (at % 3 === 1 ? 90 : value & 0xc0)));
    const { bytes } = fitGif(pictures, 63, 31, { ...order, delaysCs: [], scales: [1], maxBytes: 1e9 });
    const { screens } = readGif(bytes);
    expect(screens).toHaveLength(20);
    for (const [at, screen] of screens.entries()) expect(Buffer.compare(screen, pictures[at] as Uint8Array)).toBe(0);
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
