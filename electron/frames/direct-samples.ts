import { ChunkIndex, type StoredChunk } from './chunk-index.ts';
import { FileBytes } from './file-bytes.ts';
import type { DatasetFacts, OpenRecording } from './hdf5-files.ts';
import { hasPlainAddresses, layoutOf } from './hdf5-layout.ts';
import type { LibraryModule } from './hdf5-library.ts';
import type { Unpacker } from './unpacker.ts';

/** Filters make noise a little larger, never this much. */
const MOST_OVERHEAD = 65_536;
/** Samples above this are no camera's, and not worth memory of their own. */
const MOST_BYTES = 32 * 2 ** 20;

/** Fills `into` with a sample; see DirectSamples.read. */
type ReadSample = (index: number, into: Uint8Array, last?: LastStored) => boolean;

/**
 * The packed bytes that a sample was last unpacked from. Recorders store the same picture again while a sensor has no newer
 * one, and packing is repeatable: where the bytes are the same, the picture is, and need not be unpacked.
 */
export class LastStored {
  #bytes = new Uint8Array(0);
  #length = -1;
  #filterMask = 0;
  /** Whether the sample asked for last was stored as the one before it. */
  isSame = false;

  /** Nothing is known any more: what was read last came another way. */
  forget(): void {
    this.#length = -1;
  }

  /** Notes these bytes; true when they are those noted before. */
  meets(packed: Uint8Array, filterMask: number): boolean {
    this.isSame =
      packed.length === this.#length &&
      filterMask === this.#filterMask &&
      Buffer.compare(packed, this.#bytes.subarray(0, this.#length)) === 0;
    if (this.isSame) return true;
    if (this.#bytes.length < packed.length) this.#bytes = new Uint8Array(packed.length * 1.25);
    this.#bytes.set(packed);
    this.#length = packed.length;
    this.#filterMask = filterMask;
    return false;
  }
}

/**
 * Samples read from their place in the file, past the HDF5 library: it copies every chunk twice more and unpacks slower
 * than needs be, which is more than half of what a frame costs. It covers what recorders write (fixed-size integers, one
 * sample a chunk or contiguous, the filters of the Unpacker). Whatever else there is, or is not, is left to the library.
 */
export class DirectSamples {
  readonly #readers = new WeakMap<OpenRecording, Map<string, ReadSample>>();

  constructor(
    private readonly module: LibraryModule,
    private readonly unpacker: Unpacker,
  ) {}

  /**
   * Fills `into`, of exactly a sample's length, with one sample's bytes as they are stored. False: the library must read it,
   * and what is in `into` means nothing. With `last`: false with `last.isSame` where the sample is the one read before it
   * with the same `last`, and `into` was left alone.
   */
  read(
    file: OpenRecording,
    dataset: string,
    facts: DatasetFacts,
    index: number,
    into: Uint8Array,
    last?: LastStored,
  ): boolean {
    if (last) last.isSame = false;
    const known = this.#readers.get(file) ?? new Map<string, ReadSample>();
    this.#readers.set(file, known);
    let read = known.get(dataset);
    if (!read) {
      read = this.#reader(file, dataset, facts) ?? NOTHING;
      known.set(dataset, read);
    }
    const isRead = read(index, into, last);
    // What the library reads instead, or cannot read, is not known by its packed bytes.
    if (!isRead && !last?.isSame) last?.forget();
    return isRead;
  }

  #reader(file: OpenRecording, dataset: string, facts: DatasetFacts): ReadSample | null {
    const { metadata, shape, chunk } = facts;
    const isPlain = /^u?int(8|16)$/.test(facts.dtype) && (metadata.size === 1 || metadata.littleEndian);
    if (facts.fault || file.descriptor === null || !isPlain || shape.length < 2) return null;
    const bytes = new FileBytes(file.descriptor);
    if (!hasPlainAddresses(bytes)) return null;
    const length = shape.slice(1).reduce((product, size) => product * size, metadata.size);
    if (length === 0 || length > MOST_BYTES) return null;
    const reference = this.module.create_object_reference(file.id, `/${dataset}`);
    const header = new DataView(Uint8Array.from(reference).buffer).getBigUint64(0, true);
    const layout = layoutOf(bytes, Number(header));
    if (layout?.kind === 'contiguous') {
      if (chunk !== null || facts.filters.length > 0 || layout.bytes !== length * (shape[0] ?? 0)) return null;
      const at = (index: number) => ({ address: layout.address + index * length, bytes: length, filterMask: 0 });
      return this.#readerOf(bytes, at, facts, length);
    }
    if (layout?.kind !== 'chunks' || layout.valueBytes !== metadata.size) return null;
    const oneSample = [1, ...shape.slice(1)];
    const isOneSample = (sizes: readonly number[] | null) =>
      sizes?.length === oneSample.length && sizes.every((size, axis) => size === oneSample[axis]);
    if (!isOneSample(chunk) || !isOneSample(layout.chunk)) return null;
    const index = new ChunkIndex(bytes, layout.rootNode, shape.length);
    return this.#readerOf(bytes, (sample) => index.find(sample), facts, length);
  }

  #readerOf(
    bytes: FileBytes,
    find: (index: number) => StoredChunk | null,
    { filters, metadata }: DatasetFacts,
    length: number,
  ): ReadSample {
    return (index, into, last) => {
      const stored = find(index);
      if (!stored || stored.bytes === 0 || stored.bytes > length + MOST_OVERHEAD || into.length !== length)
        return false;
      const applied = filters.filter((_, at) => ((stored.filterMask >>> at) & 1) === 0).map(({ id }) => id);
      // Samples that are not packed are read into place: to compare them first would cost more than to read them.
      const isPacked = last !== undefined && stored.bytes !== length;
      if (!isPacked) last?.forget();
      const read = (target: Uint8Array) =>
        bytes.into(target, stored.address) && !(isPacked && last.meets(target, stored.filterMask));
      return this.unpacker.unpack(applied, metadata.size, stored.bytes, read, into);
    };
  }
}

const NOTHING: ReadSample = () => false;
