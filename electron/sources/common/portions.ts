import type { FileReader } from '../source.ts';

/** For walking over what is mostly passed over: few bytes are wanted at a place. */
const PORTION_BYTES = 4096;

/** Bytes of a file by their place, for walking through it: read in portions, of which one is kept. */
export class Portions {
  #start = 0;
  #kept: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly files: FileReader,
    private readonly path: string,
    /** Nothing at or behind it is read. */
    private readonly end: number,
    /** How much is read at once. */
    private readonly portionBytes = PORTION_BYTES,
  ) {}

  /** Good until the next call; shorter where the file ends. The caller bounds `length`. */
  async at(offset: number, length: number): Promise<Uint8Array> {
    const until = Math.min(offset + length, this.end);
    if (offset < this.#start || until > this.#start + this.#kept.length) {
      const wanted = Math.min(Math.max(length, this.portionBytes), this.end - offset);
      this.#kept = wanted > 0 ? await this.files.readRange(this.path, offset, wanted) : new Uint8Array(0);
      this.#start = offset;
    }
    return this.#kept.subarray(offset - this.#start, Math.max(offset, until) - this.#start);
  }
}
