import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { FileBytes } from '../frames/file-bytes.ts';
import type { Unpacker } from '../frames/unpacker.ts';
import { CannotCarry, expectSignature, Fields, pack, readAt } from './bytes.ts';
import type { NewFile } from './new-file.ts';
import type { PlannedDataset, PlannedObject, Target } from './plan.ts';

const GZIP = 1;
const SHUFFLE = 2;
const MASK_WITHOUT_GZIP = 2;
/** For what cannot be kept as it is stored. */
export const DEFAULT_LEVEL = 4;

/** Chunks packed at the same time: the system's own threads do it, so that two cores have work. */
const AT_ONCE = 4;
const MOST_CHUNK_BYTES = 512 * 2 ** 20;
const MAX_LEVELS = 16;
const deflateAside = promisify(deflate);

/** Reads a region of a dataset with the reference library, as its values are stored. */
export type ReadRegion = (path: string, offset: readonly number[], count: readonly number[]) => Uint8Array;

export interface ChunkTools {
  file: FileBytes;
  unpacker: Unpacker;
  readRegion: ReadRegion;
  /** How hard chunks are packed with gzip; null keeps them as they are stored, as far as their index can be read. */
  level: number | null;
  /** Bytes of the old file that were worked through. */
  onBytes(bytes: number): void;
}

interface OldChunk {
  offsets: number[];
  bytes: number;
  filterMask: number;
  /** Null: only the library knows where it lies. */
  address: number | null;
}

/** Shuffled (where a value has several bytes) and gzip: nothing is left to be done for it. */
export function isPacked({ filters, type, storage, shape }: PlannedDataset): boolean {
  if (storage.kind !== 'chunks') return true;
  const ids = filters.map(({ id }) => id).join(' ');
  const isGzip = ids === `${SHUFFLE} ${GZIP}` || (ids === `${GZIP}` && type.bytes === 1);
  return isGzip && storage.tree !== null && clamped(storage.chunk, shape).every((size, i) => size === storage.chunk[i]);
}

/** Whether the chunks of a dataset go over as they are stored, under the filters that they have. */
export function keepsChunks(dataset: PlannedDataset, level: number | null): boolean {
  const { storage, type, filters } = dataset;
  if (storage.kind !== 'chunks') return true;
  if (level !== null) return isPacked(dataset);
  // Values that name other places are said anew, so they have to be there unpacked.
  return storage.tree !== null && (type.slots.length === 0 || filters.length === 0);
}

/** Chunks of a dataset in the new file: no longer than the dataset where they are packed anew. */
export function newChunk(dataset: PlannedDataset, level: number | null): number[] | null {
  if (dataset.storage.kind !== 'chunks') return null;
  const { chunk } = dataset.storage;
  return level === null && keepsChunks(dataset, level) ? chunk : clamped(chunk, dataset.shape);
}

/** Chunks no longer than the dataset, and at least one value long. */
export function clamped(chunk: readonly number[], shape: readonly number[]): number[] {
  return chunk.map((size, axis) => Math.min(size, Math.max(1, shape[axis] ?? 1)));
}

/** What the header says of a dataset's filters: shuffle, then gzip. */
export function gzipFilters(valueBytes: number, level: number): Uint8Array {
  const filter = (id: number, name: string, parameter: number) =>
    pack([id, 2], [8, 2], [1, 2], [1, 2], name.padEnd(8, '\0'), [parameter, 4], [0, 4]);
  return pack(1, 2, [0, 6], filter(SHUFFLE, 'shuffle', valueBytes), filter(GZIP, 'deflate', level));
}

/** Where the chunks of a dataset lie, as its header says. */
export function chunkedLayout(tree: number | null, chunk: readonly number[], valueBytes: number): Uint8Array {
  const sizes = chunk.map((size) => [size, 4] as const);
  return pack(3, 2, chunk.length + 1, [tree, 8], ...sizes, [valueBytes, 4]);
}

/** Writes every chunk of a dataset into the new file; answers the root of their index, null when there is none. */
export async function copyChunks(
  { path, dataset }: PlannedObject & { dataset: PlannedDataset },
  to: NewFile,
  target: Target,
  tools: ChunkTools,
): Promise<number | null> {
  if (dataset.storage.kind !== 'chunks') throw new Error(`${path} has no chunks.`);
  const { chunk } = dataset.storage;
  const chunkNow = newChunk(dataset, tools.level) as number[];
  if (sizeOf(chunk, dataset.type.bytes) > MOST_CHUNK_BYTES) throw new CannotCarry(`${path} has chunks of over 512 MB`);
  const isKept = keepsChunks(dataset, tools.level);
  const keepsBytes = isKept && dataset.type.slots.length === 0;
  const tree = to.chunkTree(chunkNow);
  // Packed in the order of the chunks, a few at a time; written in that order.
  const underWay: { old: OldChunk; packed: Promise<{ bytes: Uint8Array; mask: number }> }[] = [];
  const writeFirst = async () => {
    const { old, packed } = underWay.shift() as (typeof underWay)[number];
    const { bytes, mask } = await packed;
    tree.add(to.append(bytes), bytes.length, mask, old.offsets);
    tools.onBytes(old.bytes);
  };
  try {
    for (const old of chunksOf(tools.file, path, dataset)) {
      if (keepsBytes) {
        const bytes = readAt(tools.file, old.address as number, old.bytes);
        underWay.push({ old, packed: Promise.resolve({ bytes, mask: old.filterMask }) });
      } else {
        const raw = decode(path, dataset, old, tools);
        const values = target.moved(crop(raw, chunk, chunkNow, dataset.type.bytes), sizeOf(chunkNow, 1), dataset.type);
        const packed =
          isKept && tools.level === null
            ? Promise.resolve({ bytes: values, mask: old.filterMask })
            : packAside(values, dataset.type.bytes, tools.level ?? DEFAULT_LEVEL);
        underWay.push({ old, packed });
      }
      if (underWay.length >= AT_ONCE) await writeFirst();
    }
    while (underWay.length > 0) await writeFirst();
  } finally {
    await Promise.allSettled(underWay.map(({ packed }) => packed));
  }
  return tree.finish();
}

async function packAside(values: Uint8Array, valueBytes: number, level: number) {
  const shuffled = shuffle(values, valueBytes);
  const packed = await deflateAside(shuffled, { level });
  return packed.length < shuffled.length
    ? { bytes: packed as Uint8Array, mask: 0 }
    : { bytes: shuffled, mask: MASK_WITHOUT_GZIP };
}

/** First all first bytes of the values, then all second ones … */
function shuffle(values: Uint8Array, valueBytes: number): Uint8Array {
  if (valueBytes === 1) return values;
  const count = Math.floor(values.length / valueBytes);
  const shuffled = new Uint8Array(values.length);
  for (let byte = 0; byte < valueBytes; byte++) {
    const begin = byte * count;
    for (let i = 0, from = byte; i < count; i++, from += valueBytes) shuffled[begin + i] = values[from] as number;
  }
  shuffled.set(values.subarray(count * valueBytes), count * valueBytes);
  return shuffled;
}

/** Every chunk's values as they are stored, in the order of their places, in chunks no longer than the dataset. */
export function* chunkValues(
  path: string,
  dataset: PlannedDataset,
  tools: Pick<ChunkTools, 'file' | 'unpacker' | 'readRegion'>,
): Generator<Uint8Array> {
  if (dataset.storage.kind !== 'chunks') return;
  const { chunk } = dataset.storage;
  for (const old of chunksOf(tools.file, path, dataset)) {
    yield crop(decode(path, dataset, old, tools), chunk, clamped(chunk, dataset.shape), dataset.type.bytes);
  }
}

function decode(
  path: string,
  dataset: PlannedDataset,
  old: OldChunk,
  tools: Pick<ChunkTools, 'file' | 'unpacker' | 'readRegion'>,
): Uint8Array {
  if (dataset.storage.kind !== 'chunks') throw new Error(`${path} has no chunks.`);
  const { chunk } = dataset.storage;
  const { bytes: valueBytes, read: readsAs } = dataset.type;
  const { address } = old;
  const into = new Uint8Array(sizeOf(chunk, valueBytes));
  if (address !== null) {
    const applied = dataset.filters.filter((_, at) => ((old.filterMask >>> at) & 1) === 0).map(({ id }) => id);
    const read = (bytes: Uint8Array) => tools.file.into(bytes, address);
    if (tools.unpacker.unpack(applied, valueBytes, old.bytes, read, into)) return into;
  }
  if (readsAs === null)
    throw new CannotCarry(`${path} is packed in a way that is not known here for values of its type`);
  const count = chunk.map((size, axis) => Math.min(size, (dataset.shape[axis] as number) - (old.offsets[axis] ?? 0)));
  const values = tools.readRegion(path, old.offsets, count);
  if (readsAs === 'turned') turn(values, valueBytes);
  return place(values, count, chunk, valueBytes);
}

/** The bytes of every value in the other order. */
function turn(values: Uint8Array, valueBytes: number): void {
  for (let at = 0; at < values.length; at += valueBytes) values.subarray(at, at + valueBytes).reverse();
}

/** The first part of every axis. */
function crop(raw: Uint8Array, from: readonly number[], to: readonly number[], valueBytes: number): Uint8Array {
  if (from.every((size, axis) => size === to[axis])) return raw;
  const cropped = new Uint8Array(sizeOf(to, valueBytes));
  eachRow(to, (row, offsets) => {
    const start = startOf(offsets, from, valueBytes);
    cropped.set(
      raw.subarray(start, start + (to.at(-1) as number) * valueBytes),
      row * (to.at(-1) as number) * valueBytes,
    );
  });
  return cropped;
}

/** A chunk at the dataset's edge, filled up with zeros. */
function place(values: Uint8Array, from: readonly number[], to: readonly number[], valueBytes: number): Uint8Array {
  if (from.every((size, axis) => size === to[axis])) return values;
  const placed = new Uint8Array(sizeOf(to, valueBytes));
  const rowBytes = (from.at(-1) as number) * valueBytes;
  eachRow(from, (row, offsets) => {
    placed.set(values.subarray(row * rowBytes, (row + 1) * rowBytes), startOf(offsets, to, valueBytes));
  });
  return placed;
}

/** Calls for every row (along the last axis) with its number and where it begins. */
function eachRow(shape: readonly number[], call: (row: number, offsets: readonly number[]) => void): void {
  const rows = sizeOf(shape.slice(0, -1), 1);
  const offsets = shape.map(() => 0);
  for (let row = 0; row < rows; row++) {
    call(row, offsets);
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      offsets[axis] = (offsets[axis] as number) + 1;
      if ((offsets[axis] as number) < (shape[axis] as number)) break;
      offsets[axis] = 0;
    }
  }
}

function startOf(offsets: readonly number[], shape: readonly number[], valueBytes: number): number {
  return offsets.reduce((at, offset, axis) => at * (shape[axis] as number) + offset, 0) * valueBytes;
}

function sizeOf(shape: readonly number[], valueBytes: number): number {
  return shape.reduce((product, size) => product * size, valueBytes);
}

function* chunksOf(file: FileBytes, path: string, { storage, shape, type }: PlannedDataset): Generator<OldChunk> {
  if (storage.kind !== 'chunks' || storage.tree === undefined || shape.includes(0)) return;
  if (storage.tree !== null) {
    yield* stored(file, path, storage.tree, storage.chunk.length, MAX_LEVELS);
    return;
  }
  const counts = storage.chunk.map((size, axis) => Math.ceil((shape[axis] as number) / size));
  const bytes = sizeOf(storage.chunk, type.bytes);
  const places: OldChunk[] = [];
  // One row of chunks at a time along the last axis.
  const last = counts.length - 1;
  const rows: number[][] = [];
  eachRow([...counts.slice(0, -1), 1], (_, at) => rows.push([...at]));
  for (const row of rows) {
    for (let column = 0; column < (counts[last] as number); column++) {
      const at = [...row.slice(0, last), column];
      places.push({
        offsets: at.map((each, axis) => each * (storage.chunk[axis] as number)),
        bytes,
        filterMask: 0,
        address: null,
      });
    }
    yield* places.splice(0);
  }
}

/** Chunks in the order of their places, from the tree that indexes them. */
function* stored(file: FileBytes, path: string, node: number, axes: number, levels: number): Generator<OldChunk> {
  if (levels === 0) throw new CannotCarry(`the index of ${path} is damaged`);
  const head = new Fields(readAt(file, node, 24));
  expectSignature(head, 'TREE');
  head.skip(1);
  const level = head.u8();
  const entries = head.u16();
  const keyBytes = 8 + 8 * (axes + 1);
  const fields = new Fields(readAt(file, node + 24, entries * (keyBytes + 8)));
  for (let i = 0; i < entries; i++) {
    const bytes = fields.u32();
    const filterMask = fields.u32();
    const offsets = Array.from({ length: axes }, () => fields.u64());
    fields.skip(8);
    const address = fields.address();
    if (address === null) throw new CannotCarry(`the index of ${path} is damaged`);
    if (level > 0) yield* stored(file, path, address, axes, levels - 1);
    else yield { offsets, bytes, filterMask, address };
  }
}
