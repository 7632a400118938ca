import type { File as Hdf5File, ready } from 'h5wasm/node';

/** Filters a sample can be recorded with. "blosc" is what the rigs of this layout recorded with: LZ4, byte shuffle. */
export type SampleFilter = 'blosc' | 'blosc-bitshuffle' | 'gzip' | 'none';
export const SAMPLE_FILTERS: readonly SampleFilter[] = ['blosc', 'blosc-bitshuffle', 'gzip', 'none'];

const BLOSC_ID = 32001;
const GZIP_ID = 1;
/** The rigs record with 5; 9 is decoded alike and takes an eighth less room. */
const BLOSC_LEVEL = 9;
/** The library's word for "may grow without end". */
const UNLIMITED = 0xffffffffffffffffn;

type H5Module = Awaited<typeof ready>;
interface Library {
  File: typeof Hdf5File;
  module: H5Module;
}
let library: Promise<Library> | undefined;

async function load(pluginDir: string): Promise<Library> {
  // Objects carry the time they were made at: hold it still, so that the same seed gives the same bytes.
  const fixed = Date.UTC(2026, 6, 2);
  Date.now = () => fixed;
  Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true, writable: true });
  const { File, ready } = await import('h5wasm/node');
  const module = await ready;
  module.activate_throwing_error_handler();
  while (module.get_plugin_search_paths().length > 0) module.remove_plugin_search_path(0);
  module.insert_plugin_search_path(pluginDir, 0);
  return { File, module };
}

/** Loads the library. Only for a worker of our own: it stops that thread's clock (see above). */
export function loadWriter(pluginDir: string): Promise<Library> {
  library ??= load(pluginDir);
  return library;
}

export type Attribute = { value: string | string[] } | { value: bigint };

/** One HDF5 file being written: one-frame chunks that grow, numbers whole, attributes. */
export class Hdf5Writer {
  private readonly module: H5Module;
  private readonly file: Hdf5File;
  private pointer = 0;
  private capacity = 0;

  constructor({ File, module }: Library, path: string) {
    this.module = module;
    // The recorders write the oldest structures (superblock 0, B-trees 1): so do we.
    this.file = new File(path, 'w', { libver: ['earliest', 'latest'] });
    if (this.file.file_id < 0n) throw new Error(`${path} cannot be created: check that the folder can be written to.`);
  }

  group(path: string): void {
    this.file.create_group(path);
  }

  attributes(group: string, values: Record<string, Attribute>): void {
    const target = this.file.get(group);
    if (!target || !('create_attribute' in target)) throw new Error(`${group}: there is no such group to describe.`);
    for (const [name, { value }] of Object.entries(values)) {
      if (typeof value === 'bigint') target.create_attribute(name, BigInt64Array.of(value), [], '<q');
      else target.create_attribute(name, value, Array.isArray(value) ? [value.length] : [], 'S');
    }
  }

  /** Float64 numbers of any shape, chunked and growable along the first axis as the recorder leaves them. */
  numbers(path: string, values: Float64Array, shape: number[]): void {
    const rows = Math.max(1, Math.min(1024, shape[0] as number));
    this.file.create_dataset({
      name: path,
      data: values,
      shape,
      dtype: '<d',
      maxshape: [null, ...shape.slice(1)],
      chunks: [rows, ...shape.slice(1)],
    });
  }

  /** A stream of `count` frames of one shape, a chunk each; frames not written read as zeros and take no room. */
  frames(path: string, count: number, frame: number[], bytesPerValue: 1 | 2, filter: SampleFilter): void {
    const { compression, options } = filterOf(
      filter,
      frame.reduce((a, b) => a * b, bytesPerValue),
      bytesPerValue,
    );
    const size = frame.map(BigInt);
    const status = this.module.create_dataset(this.file.file_id, `/${path}`, BigInt(this.room(8)), {
      signed: false,
      type: 0,
      vlen: false,
      littleEndian: true,
      size: bytesPerValue,
      total_size: 0,
      shape: [0n, ...size],
      maxshape: [UNLIMITED, ...size],
      chunks: [1n, ...size],
      compression,
      compression_opts: options,
      track_order: false,
    } as unknown as Parameters<H5Module['create_dataset']>[3]);
    if (status < 0) throw new Error(`${path}: the stream cannot be created.`);
    this.module.resize_dataset(this.file.file_id, `/${path}`, [BigInt(count), ...size]);
  }

  /** Writes frame `index` of a stream made by `frames`; `shape` is one frame's. */
  frame(path: string, index: number, data: Uint8Array, shape: number[]): void {
    const pointer = this.room(data.byteLength);
    this.module.HEAPU8.set(data, pointer);
    const count = [1n, ...shape.map(BigInt)];
    const offset = [BigInt(index), ...shape.map(() => 0n)];
    const strides = count.map(() => 1n);
    const status = this.module.set_dataset_data(this.file.file_id, `/${path}`, count, offset, strides, BigInt(pointer));
    if (status < 0) throw new Error(`${path}: frame ${index} cannot be written: check that the disk has room.`);
  }

  linkOut(name: string, file: string, target: string): void {
    this.module.create_external_link(this.file.file_id, file, target, `/${name}`);
  }

  /** Where the object's header lies in the file. */
  addressOf(path: string): bigint {
    const dataset = this.file.get(path) as { create_reference(): { ref_data: Iterable<number> } } | null;
    if (!dataset) throw new Error(`${path}: there is no such object.`);
    const bytes = Uint8Array.from(dataset.create_reference().ref_data);
    return new DataView(bytes.buffer).getBigUint64(0, true);
  }

  close(): void {
    if (this.pointer) this.module._free(this.pointer);
    this.pointer = 0;
    this.file.close();
  }

  private room(bytes: number): number {
    if (bytes > this.capacity) {
      if (this.pointer) this.module._free(this.pointer);
      this.pointer = this.module._malloc(bytes);
      if (!this.pointer) throw new Error('The recording thread is out of memory.');
      this.capacity = bytes;
    }
    return this.pointer;
  }
}

function filterOf(filter: SampleFilter, chunkBytes: number, bytesPerValue: number) {
  switch (filter) {
    case 'blosc':
      return { compression: BLOSC_ID, options: [2, 2, bytesPerValue, chunkBytes, BLOSC_LEVEL, 1, 1] };
    case 'blosc-bitshuffle':
      return { compression: BLOSC_ID, options: [2, 2, bytesPerValue, chunkBytes, BLOSC_LEVEL, 2, 1] };
    case 'gzip':
      return { compression: GZIP_ID, options: [4] };
    case 'none':
      return { compression: 0, options: [] };
  }
}
