import { SourceFault } from '../sources/source.ts';
import { decoderTrap } from './decoder-trap.ts';
import type { DatasetFacts, OpenRecording } from './hdf5-files.ts';
import { lastReason, rethrowRuntime } from './hdf5-files.ts';
import type { LibraryModule } from './hdf5-library.ts';

/** Numbers larger than this are no clock, track or series. */
const MAX_NUMBERS_BYTES = 64 * 2 ** 20;

/** More texts than these are no names or paths. */
const MAX_STRINGS = 100_000;

/** One growing piece of the library's memory, used by every read of a worker. */
export class Scratch {
  #pointer = 0;
  #capacity = 0;

  constructor(private readonly module: LibraryModule) {}

  /** Pointer to at least this many bytes; what was there before is gone. */
  reserve(bytes: number): number {
    if (bytes > this.#capacity) {
      if (this.#pointer) this.module._free(this.#pointer);
      this.#capacity = 0;
      this.#pointer = this.module._malloc(bytes);
      if (!this.#pointer) throw decoderTrap('the decoder is out of memory');
      this.#capacity = bytes;
    }
    return this.#pointer;
  }
}

/** Whether a dataset can hold one encoded picture a row: ragged bytes, or rows of bytes padded with zeros. */
export function holdsEncodedRows({ dtype, shape }: Pick<DatasetFacts, 'dtype' | 'shape'>): boolean {
  return (dtype === 'vlen-uint8' && shape.length === 1) || (dtype === 'uint8' && shape.length === 2);
}

/**
 * Sample `index` of a dataset as a view of the library's memory, valid until the next call into it.
 * For a ragged dataset (dtype "vlen-…") the bytes are that one element's own. Throws SourceFault with a sentence.
 */
export function readSample(
  module: LibraryModule,
  scratch: Scratch,
  file: OpenRecording,
  dataset: string,
  facts: DatasetFacts,
  index: number,
): { bytes: Uint8Array; done: () => void } {
  refuseUnreadable(file, facts);
  const { metadata } = facts;
  const count = facts.shape.map((size, axis) => (axis === 0 ? 1n : BigInt(size)));
  const offset = facts.shape.map((_, axis) => (axis === 0 ? BigInt(index) : 0n));
  const length = facts.shape.slice(1).reduce((product, size) => product * size, metadata.size);
  const pointer = scratch.reserve(Math.max(length, 8));
  readInto(module, file, dataset, pointer, [count, offset], `sample ${index} of ${dataset}`);
  if (!metadata.vlen_type) return { bytes: module.HEAPU8.subarray(pointer, pointer + length), done: () => {} };
  // A ragged element is read as (element count, pointer), both 32 bits wide.
  const [elements = 0, start = 0] = new Uint32Array(module.HEAPU8.buffer, pointer, 2);
  const bytes = module.HEAPU8.subarray(start, start + elements * metadata.vlen_type.size);
  return {
    bytes,
    done: () => module.reclaim_vlen_memory_count(file.id, `/${dataset}`, '', BigInt(pointer), [1n]),
  };
}

/** A numeric dataset, whole, as f64. Throws SourceFault with a sentence. */
export function readNumbers(
  module: LibraryModule,
  scratch: Scratch,
  file: OpenRecording,
  dataset: string,
  facts: DatasetFacts,
): { shape: number[]; data: Float64Array } {
  refuseUnreadable(file, facts);
  const view = VIEWS[facts.dtype];
  if (!view) {
    throw new SourceFault(
      'not-numeric',
      `${file.name}: ${dataset} holds ${facts.dtype} values where numbers are expected.`,
    );
  }
  const values = facts.shape.reduce((product, size) => product * size, 1);
  const length = values * facts.metadata.size;
  if (length > MAX_NUMBERS_BYTES || values * 8 > MAX_NUMBERS_BYTES) {
    throw new SourceFault(
      'too-large',
      `${file.name}: ${dataset} holds ${values} numbers, more than is read at once: restore the file from a copy.`,
    );
  }
  if (values === 0) return { shape: [...facts.shape], data: new Float64Array(0) };
  const pointer = scratch.reserve(length);
  readInto(module, file, dataset, pointer, null, dataset);
  const { buffer } = module.HEAPU8;
  return { shape: [...facts.shape], data: view(buffer as ArrayBuffer, pointer, values) };
}

/** A dataset of strings, whole; a scalar is one. Throws SourceFault with a sentence. */
export function readStrings(file: OpenRecording, dataset: string, facts: DatasetFacts): string[] {
  refuseUnreadable(file, facts);
  const values = facts.shape.reduce((product, size) => product * size, 1);
  if (facts.dtype !== 'string') {
    throw new SourceFault('not-text', `${file.name}: ${dataset} holds ${facts.dtype} values where text is expected.`);
  }
  if (values > MAX_STRINGS) {
    throw new SourceFault('too-large', `${file.name}: ${dataset} holds ${values} texts, more than is read at once.`);
  }
  return file.strings(dataset);
}

/** Throws what the dataset's description already tells. */
export function refuseUnreadable(file: OpenRecording, facts: DatasetFacts): void {
  if (facts.fault) throw new SourceFault('unreadable', `${file.name}: ${facts.fault}`);
}

function readInto(
  module: LibraryModule,
  file: OpenRecording,
  dataset: string,
  pointer: number,
  selection: [count: bigint[], offset: bigint[]] | null,
  what: string,
): void {
  const [count, offset] = selection ?? [null, null];
  const strides = count ? count.map(() => 1n) : null;
  let status: number;
  try {
    status = module.get_dataset_data(file.id, `/${dataset}`, count, offset, strides, BigInt(pointer));
  } catch (error) {
    rethrowRuntime(error);
    throw corrupt(file, what, lastReason(error instanceof Error ? error.message : String(error)));
  }
  if (status < 0) throw corrupt(file, what, `status ${status}`);
}

function corrupt(file: OpenRecording, what: string, reason: string): SourceFault {
  return new SourceFault(
    'corrupt-chunk',
    `${file.name}: ${what} is damaged and cannot be read (${reason}); the rest of the recording is not affected.`,
  );
}

/** From the library's memory to numbers of our own, by type name. The pointer is 8-aligned (malloc). */
const VIEWS: Record<string, (buffer: ArrayBuffer, at: number, count: number) => Float64Array> = {
  float64: (buffer, at, count) => new Float64Array(buffer, at, count).slice(),
  float32: (buffer, at, count) => Float64Array.from(new Float32Array(buffer, at, count)),
  int64: (buffer, at, count) => Float64Array.from(new BigInt64Array(buffer, at, count), Number),
  uint64: (buffer, at, count) => Float64Array.from(new BigUint64Array(buffer, at, count), Number),
  int32: (buffer, at, count) => Float64Array.from(new Int32Array(buffer, at, count)),
  uint32: (buffer, at, count) => Float64Array.from(new Uint32Array(buffer, at, count)),
  int16: (buffer, at, count) => Float64Array.from(new Int16Array(buffer, at, count)),
  uint16: (buffer, at, count) => Float64Array.from(new Uint16Array(buffer, at, count)),
  int8: (buffer, at, count) => Float64Array.from(new Int8Array(buffer, at, count)),
  uint8: (buffer, at, count) => Float64Array.from(new Uint8Array(buffer, at, count)),
  bool: (buffer, at, count) => Float64Array.from(new Uint8Array(buffer, at, count)),
  float16: (buffer, at, count) => Float64Array.from(new Uint16Array(buffer, at, count), halfToNumber),
};

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
