import { inflateSync } from 'node:zlib';
import { BrokenExample } from './example.ts';
import type { Leaf } from './features.ts';

type ReadAt = (view: DataView, at: number) => number;
interface Dtype {
  bytes: number;
  read: ReadAt;
}

/** Of arrays stored as their bytes, the lowest first. */
const DTYPES: Readonly<Record<string, Dtype>> = {
  bool: { bytes: 1, read: (view, at) => view.getUint8(at) },
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  int8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  uint16: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  int16: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  uint32: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  int32: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  uint64: { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  int64: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  float32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  float64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

/** Bytes that one array of this feature takes when it is stored as bytes; null where its type or size is not known. */
export function arrayBytes({ dtype, shape }: Leaf): number | null {
  const of = DTYPES[dtype];
  return of && shape.every((length) => length > 0) ? of.bytes * valuesOf(shape) : null;
}

export function valuesOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The bytes of one array as stored or as TFDS packs them, exactly `expected`. Throws BrokenExample. */
export function unpackArray(stored: Uint8Array, { encoding }: Leaf, expected: number): Uint8Array {
  let bytes = stored;
  if (encoding === 'zlib') {
    try {
      // One byte more than expected is enough to tell that it is too much.
      bytes = inflateSync(stored, { maxOutputLength: expected + 1 });
    } catch {
      throw new BrokenExample(`${stored.length} bytes cannot be unpacked into the ${expected} of an array`);
    }
  }
  if (bytes.length !== expected)
    throw new BrokenExample(`it has ${bytes.length} bytes where an array takes ${expected}`);
  return bytes;
}

/** Numbers of one unpacked array, put where `at` says. */
export function putNumbers(bytes: Uint8Array, { dtype }: Leaf, values: Float64Array, at: number): void {
  const { bytes: size, read } = DTYPES[dtype] as Dtype;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let value = 0; value * size < bytes.length; value++) values[at + value] = read(view, value * size);
}
