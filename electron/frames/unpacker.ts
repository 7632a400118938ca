import { Inflater } from './inflater.ts';
import { UNPACK_MODULE } from './unpack-module.ts';

/** What wasm/unpack exports; places and lengths are bytes of its memory. */
interface UnpackModule {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
  bloscBlocks(from: number, fromLength: number, length: number): number;
  bloscBlockLength(from: number): number;
  bloscBlock(from: number, fromLength: number, length: number, block: number, to: number, scratch: number): number;
  lzf(from: number, fromLength: number, to: number, toLength: number): number;
  unshuffle(from: number, to: number, length: number, size: number): void;
}

// The runtime has WebAssembly; Node's own types describe its types only.
const { Module, Instance } = (
  globalThis as unknown as {
    WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } };
  }
).WebAssembly;

const SHUFFLE = 2;
const GZIP = 1;
const LZF = 32000;
const BLOSC = 32001;

const PAGE_BYTES = 65_536;
const SLACK_BYTES = 64;
const align = (at: number) => Math.ceil(at / SLACK_BYTES) * SLACK_BYTES;

/** Regions of the module's memory, by their begin. */
interface Places {
  packed: number;
  unpacked: number;
  shuffled: number;
  scratch: number;
}

/**
 * Undoes HDF5 filters without the library, in memory of its own that every call writes anew. Only what it is sure of is
 * unpacked: anything else, and everything damaged, is left for the library to read or to name the damage of.
 */
export class Unpacker {
  readonly #module: UnpackModule;
  readonly #inflater: Inflater;

  constructor(inflater = new Inflater()) {
    this.#inflater = inflater;
    const module = new Module(Buffer.from(UNPACK_MODULE, 'base64'));
    this.#module = new Instance(module).exports as UnpackModule;
  }

  /**
   * Fills `into` with the chunk whose packed bytes `read` fetches, filtered by these (registered numbers, in the order in
   * which they were applied) as values of `valueBytes`. False: not done, and what is in `into` means nothing.
   */
  unpack(
    filters: readonly number[],
    valueBytes: number,
    packedLength: number,
    read: (target: Uint8Array) => boolean,
    into: Uint8Array,
  ): boolean {
    // Bytes alone have no order to be rearranged in.
    const steps = filters.filter((id) => id !== SHUFFLE || valueBytes > 1);
    const isShuffled = steps[0] === SHUFFLE;
    if (steps.length > (isShuffled ? 2 : 1)) return false;
    const packer = steps[isShuffled ? 1 : 0];
    if (packer === undefined && packedLength !== into.length) return false;
    if (packer === undefined && !isShuffled) return read(into);
    const places = this.#layOut(packedLength, into.length);
    if (!read(this.#bytes(places.packed, packedLength))) return false;
    if (!isShuffled) return this.#unpackInto(packer, packedLength, places, into);
    const shuffled = packer === undefined ? places.packed : places.shuffled;
    const isUnpacked =
      packer === undefined || this.#unpackInto(packer, packedLength, places, this.#bytes(shuffled, into.length));
    if (!isUnpacked) return false;
    this.#module.unshuffle(shuffled, places.unpacked, into.length, valueBytes);
    into.set(this.#bytes(places.unpacked, into.length));
    return true;
  }

  #unpackInto(packer: number | undefined, packedLength: number, places: Places, into: Uint8Array): boolean {
    const { packed, unpacked } = places;
    switch (packer) {
      case GZIP:
        return this.#inflater.inflate(this.#bytes(packed, packedLength), into);
      case LZF: {
        if (!this.#module.lzf(packed, packedLength, unpacked, into.length)) return false;
        into.set(this.#bytes(unpacked, into.length));
        return true;
      }
      case BLOSC:
        return this.#unpackBlocks(packedLength, places, into);
      default:
        return false;
    }
  }

  #unpackBlocks(packedLength: number, { packed, unpacked, scratch }: Places, into: Uint8Array): boolean {
    const blocks = this.#module.bloscBlocks(packed, packedLength, into.length);
    const blockLength = blocks < 0 ? 0 : this.#module.bloscBlockLength(packed);
    for (let block = 0; block < blocks; block++) {
      if (!this.#module.bloscBlock(packed, packedLength, into.length, block, unpacked, scratch)) return false;
      const done = block * blockLength;
      into.set(this.#bytes(unpacked, Math.min(blockLength, into.length - done)), done);
    }
    return blocks >= 0;
  }

  /** Room for what is read, for what is unpacked, shuffled and not, and for twice as much to rearrange it in. */
  #layOut(packedLength: number, length: number): Places {
    const packed = align(this.#module.heapBase());
    const unpacked = align(packed + packedLength + SLACK_BYTES);
    const shuffled = align(unpacked + length + SLACK_BYTES);
    const scratch = align(shuffled + length + SLACK_BYTES);
    const end = align(scratch + 2 * (length + SLACK_BYTES));
    const { memory } = this.#module;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return { packed, unpacked, shuffled, scratch };
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#module.memory.buffer, at, length);
  }
}
