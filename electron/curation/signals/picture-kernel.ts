import { PICTURES_MODULE } from './pictures-module.ts';

/** What wasm/pictures exports; places and lengths are bytes of its memory. */
interface PicturesModule {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
  absoluteDifference(a: number, b: number, length: number): number;
  sumOf(a: number, length: number): number;
  shrink(
    from: number,
    rowBytes: number,
    across: number,
    down: number,
    size: number,
    row: number,
    sums: number,
    to: number,
  ): void;
  shrinkWhole(from: number, rowBytes: number, factor: number, size: number, to: number): void;
  contact(a: number, b: number, limit: number, to: number): void;
}

// The runtime has WebAssembly; Node's own types describe its types only.
const { Module, Instance } = (
  globalThis as unknown as {
    WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } };
  }
).WebAssembly;

const PAGE_BYTES = 65_536;
const SLACK_BYTES = 64;

/** Side of the small pictures that contact is told from, and bytes of one: three planes. */
export const SMALL_SIDE = 128;
export const SMALL_BYTES = 3 * SMALL_SIDE * SMALL_SIDE;

/** Distances above this count as contact, on the scale of bytes. */
export const CONTACT_LIMIT = 8;

/** A place of a picture in the kernel's memory. */
export interface Region {
  at: number;
  bytes: number;
}

export interface ContactFigures {
  /** Mean distance, 0…441.7. */
  intensity: number;
  /** Share of pixels whose distance lies above the limit, 0…1. */
  area: number;
  /** Mean over all pixels of the distances above the limit. */
  mixed: number;
}

/** How a picture of one size is shrunk. */
type Shrinking =
  | { kind: 'copy' | 'whole'; factor: number; corner: number; rowBytes: number }
  | { kind: 'weights'; across: number; down: number; corner: number; rowBytes: number };

/** Sums over pictures in WebAssembly. Regions are given out once and stay: a kernel lives as long as the streams it is for. */
export class PictureKernel {
  readonly #module: PicturesModule;
  #end: number;
  readonly #row: Region;
  readonly #sums: Region;
  readonly #figures: Region;
  readonly #shrinkings = new Map<string, Shrinking>();

  constructor() {
    const module = new Module(Buffer.from(PICTURES_MODULE, 'base64'));
    this.#module = new Instance(module).exports as PicturesModule;
    this.#end = align(this.#module.heapBase());
    this.#row = this.reserve(SMALL_SIDE * 16);
    this.#sums = this.reserve(SMALL_SIDE * 16);
    this.#figures = this.reserve(12);
  }

  reserve(bytes: number): Region {
    const region = { at: this.#end, bytes };
    this.#end = align(this.#end + bytes + SLACK_BYTES);
    const missing = this.#end - this.#module.memory.buffer.byteLength;
    if (missing > 0) this.#module.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return region;
  }

  /** A view of the region, valid until the next `reserve`. */
  bytes({ at, bytes }: Region): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#module.memory.buffer, at, bytes);
  }

  /** Σ |a − b|, exact; 0 exactly where they are equal. */
  absoluteDifference(a: Region, b: Region): number {
    return this.#module.absoluteDifference(a.at, b.at, a.bytes);
  }

  sumOf(a: Region): number {
    return this.#module.sumOf(a.at, a.bytes);
  }

  /**
   * The centre square of an interleaved three-channel picture, area-averaged to SMALL_SIDE, as three planes in the picture's
   * own channel order; the same to the last bit as OpenCV's INTER_AREA. The square is at least SMALL_SIDE wide.
   */
  shrink(from: Region, width: number, height: number, to: Region): void {
    const key = `${width}x${height}`;
    const how = this.#shrinkings.get(key) ?? this.#shrinkingOf(width, height);
    this.#shrinkings.set(key, how);
    const start = from.at + how.corner;
    if (how.kind === 'weights') {
      const { across, down, rowBytes } = how;
      this.#module.shrink(start, rowBytes, across, down, SMALL_SIDE, this.#row.at, this.#sums.at, to.at);
    } else this.#module.shrinkWhole(start, how.rowBytes, how.factor, SMALL_SIDE, to.at);
  }

  /** Of two small pictures; the same to the last bit as NumPy's means of 32-bit floats. */
  contact(a: Region, b: Region): ContactFigures {
    this.#module.contact(a.at, b.at, CONTACT_LIMIT, this.#figures.at);
    const figures = new Float32Array(this.#module.memory.buffer, this.#figures.at, 3);
    return { intensity: figures[0] as number, area: figures[1] as number, mixed: figures[2] as number };
  }

  #shrinkingOf(width: number, height: number): Shrinking {
    const { side, left, top } = centreSquare(width, height);
    if (side < SMALL_SIDE) throw new Error(`A picture of ${width} × ${height} is too small to be shrunk.`);
    const rowBytes = width * 3;
    const corner = top * rowBytes + left * 3;
    const factor = side / SMALL_SIDE;
    if (Number.isInteger(factor)) return { kind: 'whole', factor, corner, rowBytes };
    const taps = tapsOf(side, SMALL_SIDE);
    return { kind: 'weights', across: this.#write(taps, 3), down: this.#write(taps, 1), corner, rowBytes };
  }

  /** The table that wasm/pictures/shrink.ts describes; its address. */
  #write(taps: readonly Taps[], step: number): number {
    const table = this.reserve(taps.length * 12);
    const weights = this.reserve(taps.reduce((sum, each) => sum + widthOf(each), 0) * 4);
    const view = new DataView(this.#module.memory.buffer);
    let at = weights.at;
    taps.forEach((tap, index) => {
      view.setUint32(table.at + index * 12, tap.first * step, true);
      view.setUint32(table.at + index * 12 + 4, tap.weights.length, true);
      view.setUint32(table.at + index * 12 + 8, at, true);
      for (let position = 0; position < widthOf(tap); position++) {
        view.setFloat32(at, tap.weights[position] ?? 0, true);
        at += 4;
      }
    });
    return table.at;
  }
}

/** Weights are read five at a time. */
const widthOf = ({ weights }: Taps) => Math.max(5, weights.length);

const align = (at: number) => Math.ceil(at / SLACK_BYTES) * SLACK_BYTES;

/** The largest square in the middle of a picture: of 640 × 480 the columns 80 … 559. */
export function centreSquare(width: number, height: number): { side: number; left: number; top: number } {
  const side = Math.min(width, height);
  return { side, left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2) };
}

interface Taps {
  first: number;
  weights: number[];
}

/** What lies at an edge by less than this is left out, as OpenCV does. */
const LEAST_SHARE = 1e-3;

/** Which source positions make each target position, and their shares of it. */
function tapsOf(sourceSize: number, targetSize: number): Taps[] {
  const ratio = sourceSize / targetSize;
  return Array.from({ length: targetSize }, (_, index) => {
    const begin = index * ratio;
    const end = begin + ratio;
    const covered = Math.min(ratio, sourceSize - begin);
    const lastWhole = Math.min(Math.floor(end), sourceSize - 1);
    const firstWhole = Math.min(Math.ceil(begin), lastWhole);
    const hasHead = firstWhole - begin > LEAST_SHARE;
    const weights = hasHead ? [(firstWhole - begin) / covered] : [];
    for (let at = firstWhole; at < lastWhole; at++) weights.push(1 / covered);
    const tail = end - lastWhole;
    if (tail > LEAST_SHARE) weights.push(Math.min(tail, 1, covered) / covered);
    return { first: hasHead ? firstWhole - 1 : firstWhole, weights };
  });
}
