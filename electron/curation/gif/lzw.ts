/** Codes are at most twelve bits wide. */
const MOST_CODES = 4096;
/** Larger than twice the codes, so that places are found at once; a power of two. */
const TABLE = 1 << 14;

/** Bytes that grow; written from the front. */
export class ByteSink {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  byte(value: number): void {
    if (this.length === this.bytes.length) this.#grow(this.length + 1);
    this.bytes[this.length++] = value;
  }

  /** Little-endian. */
  short(value: number): void {
    this.byte(value & 255);
    this.byte(value >> 8);
  }

  add(part: ArrayLike<number>): void {
    if (this.length + part.length > this.bytes.length) this.#grow(this.length + part.length);
    this.bytes.set(part, this.length);
    this.length += part.length;
  }

  #grow(atLeast: number): void {
    const larger = new Uint8Array(Math.max(atLeast, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/**
 * Packs indices as GIF pictures are packed: LZW with codes that grow, in blocks of at most 255 bytes. The table of known
 * strings is its own, used again from picture to picture.
 */
export class LzwEncoder {
  readonly #keys = new Int32Array(TABLE);
  readonly #codes = new Int16Array(TABLE);

  /** `bits`: width of an index, 2…8. Writes the width, the blocks and the end of them. */
  write(indices: Uint8Array, bits: number, into: ByteSink): void {
    const keys = this.#keys;
    const codes = this.#codes;
    const clear = 1 << bits;
    let next = clear + 2;
    let width = bits + 1;
    let waiting = 0;
    let waitingBits = 0;
    const block = new Uint8Array(255);
    let filled = 0;
    const flush = (): void => {
      if (filled === 0) return;
      into.byte(filled);
      into.add(filled === 255 ? block : block.subarray(0, filled));
      filled = 0;
    };
    const put = (code: number): void => {
      waiting |= code << waitingBits;
      waitingBits += width;
      while (waitingBits >= 8) {
        block[filled++] = waiting & 255;
        if (filled === 255) flush();
        waiting >>>= 8;
        waitingBits -= 8;
      }
    };
    into.byte(bits);
    keys.fill(-1);
    put(clear);
    let prefix = indices[0] as number;
    for (let at = 1; at < indices.length; at += 1) {
      const index = indices[at] as number;
      const key = (prefix << 8) | index;
      let place = (key ^ (key >>> 7) ^ (prefix << 3)) & (TABLE - 1);
      while (keys[place] !== key && keys[place] !== -1) place = (place + 1) & (TABLE - 1);
      if (keys[place] === key) {
        prefix = codes[place] as number;
        continue;
      }
      put(prefix);
      prefix = index;
      if (next < MOST_CODES) {
        keys[place] = key;
        codes[place] = next;
        // The reader is one code behind: the width grows when the code just made no longer fits.
        if (next === 1 << width) width += 1;
        next += 1;
      } else {
        put(clear);
        keys.fill(-1);
        next = clear + 2;
        width = bits + 1;
      }
    }
    put(prefix);
    put(clear + 1);
    if (waitingBits > 0) {
      block[filled++] = waiting & 255;
    }
    flush();
    into.byte(0);
  }
}
