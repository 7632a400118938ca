/** Codes are at most twelve bits wide. */
const MOST_CODES = 4096;
/** Larger than twice the codes, so that places are found at once; a power of two. */
const TABLE = 1 << 14;

/** Bytes that grow; written from the front. */
export class ByteSink {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  byte(value: number): void {
    this.room(1);
    this.bytes[this.length++] = value;
  }

  /** Little-endian. */
  short(value: number): void {
    this.byte(value & 255);
    this.byte(value >> 8);
  }

  add(part: ArrayLike<number>): void {
    this.room(part.length);
    this.bytes.set(part, this.length);
    this.length += part.length;
  }

  /** So many bytes can be written behind `length` without asking again. */
  room(wanted: number): void {
    if (this.length + wanted <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.length + wanted, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Indices of a picture: `height` rows of `width`, the first at `from`, each `stride` behind the one before. */
export interface IndexRows {
  indices: Uint8Array;
  from: number;
  width: number;
  height: number;
  stride: number;
}

/**
 * Packs indices as GIF pictures are packed: LZW with codes that grow, in blocks of at most 255 bytes. The table of known
 * strings is its own, used again from picture to picture.
 *
 * One index may be named that comes in long runs ("as before"): strings of it alone are known by their length, so that a
 * run costs a step a code and not a step a pixel. What is written is the same.
 */
export class LzwEncoder {
  readonly #keys = new Int32Array(TABLE);
  readonly #codes = new Int16Array(TABLE);
  /** By length: the code of a string of nothing but the index of runs. */
  readonly #runs = new Int16Array(MOST_CODES);
  readonly #packed = new ByteSink();

  /** `bits`: width of an index, 2…8. Writes the width, the blocks and the end of them. */
  write(rows: IndexRows, bits: number, into: ByteSink, runIndex = -1): void {
    const packed = this.#pack(rows, bits, runIndex);
    into.byte(bits);
    for (let at = 0; at < packed.length; at += 255) {
      const block = packed.subarray(at, at + 255);
      into.byte(block.length);
      into.add(block);
    }
    into.byte(0);
  }

  #pack({ indices, from, width: columns, height, stride }: IndexRows, bits: number, runIndex: number): Uint8Array {
    const keys = this.#keys;
    const codes = this.#codes;
    const runs = this.#runs;
    const sink = this.#packed;
    const clear = 1 << bits;
    let next = clear + 2;
    let width = bits + 1;
    let waiting = clear;
    let waitingBits = width;
    let longestRun = 1;
    keys.fill(-1);
    runs[1] = runIndex;
    let prefix = indices[from] as number;
    /** How many indices of runs the prefix is; 0 where it holds another one. */
    let run = prefix === runIndex ? 1 : 0;
    sink.length = 0;
    for (let row = 0; row < height; row += 1) {
      // A pixel puts a code of twelve bits and, where the table is full, another one.
      sink.room(3 * columns + 16);
      const out = sink.bytes;
      let filled = sink.length;
      const start = from + row * stride;
      const end = start + columns;
      for (let at = row === 0 ? start + 1 : start; at < end; at += 1) {
        const index = indices[at] as number;
        let place = 0;
        let key = -1;
        if (run > 0 && index === runIndex) {
          const wanted = longestRun - run;
          let known = 0;
          while (known < wanted && at + known < end && indices[at + known] === runIndex) known += 1;
          if (known > 0) {
            run += known;
            prefix = runs[run] as number;
            at += known - 1;
            continue;
          }
        } else {
          key = (prefix << 8) | index;
          place = (key ^ (key >>> 7) ^ (prefix << 3)) & (TABLE - 1);
          while (keys[place] !== key && keys[place] !== -1) place = (place + 1) & (TABLE - 1);
          if (keys[place] === key) {
            prefix = codes[place] as number;
            run = 0;
            continue;
          }
        }
        waiting |= prefix << waitingBits;
        waitingBits += width;
        while (waitingBits >= 8) {
          out[filled++] = waiting & 255;
          waiting >>>= 8;
          waitingBits -= 8;
        }
        prefix = index;
        run = index === runIndex ? 1 : 0;
        if (next < MOST_CODES) {
          if (key < 0) runs[++longestRun] = next;
          else {
            keys[place] = key;
            codes[place] = next;
          }
          // The reader is one code behind: the width grows when the code just made no longer fits.
          if (next === 1 << width) width += 1;
          next += 1;
        } else {
          waiting |= clear << waitingBits;
          waitingBits += width;
          while (waitingBits >= 8) {
            out[filled++] = waiting & 255;
            waiting >>>= 8;
            waitingBits -= 8;
          }
          keys.fill(-1);
          longestRun = 1;
          next = clear + 2;
          width = bits + 1;
        }
      }
      sink.length = filled;
    }
    sink.room(8);
    for (const code of [prefix, clear + 1]) {
      waiting |= code << waitingBits;
      waitingBits += width;
      while (waitingBits >= 8) {
        sink.byte(waiting & 255);
        waiting >>>= 8;
        waitingBits -= 8;
      }
    }
    if (waitingBits > 0) sink.byte(waiting & 255);
    return sink.bytes.subarray(0, sink.length);
  }
}
