import { crc32 } from 'node:zlib';

export interface NpyArray {
  shape: number[];
  data: Float64Array | Float32Array | BigInt64Array;
}

/** An NPZ file as np.savez writes it: NPY members, stored, in the given order. The same bytes for the same arrays. */
export function encodeNpz(arrays: Record<string, NpyArray>): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, array] of Object.entries(arrays)) {
    const fileName = new TextEncoder().encode(`${name}.npy`);
    const content = encodeNpy(array);
    const local = record(0x04034b50, false, fileName, content, 0);
    directory.push(record(0x02014b50, true, fileName, content, offset));
    parts.push(local, content);
    offset += local.length + content.length;
  }
  const directoryBytes = directory.reduce((sum, entry) => sum + entry.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, directory.length, true);
  end.setUint16(10, directory.length, true);
  end.setUint32(12, directoryBytes, true);
  end.setUint32(16, offset, true);
  return joined([...parts, ...directory, new Uint8Array(end.buffer)]);
}

/** 1980-01-01, the first day a zip knows. */
const FIRST_DAY = 0x21;

function record(mark: number, isCentral: boolean, name: Uint8Array, content: Uint8Array, offset: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(isCentral ? 46 : 30));
  // The directory's records hold one field more before those that both have.
  const shift = isCentral ? 2 : 0;
  view.setUint32(0, mark, true);
  view.setUint16(4, 20, true);
  if (isCentral) view.setUint16(6, 20, true);
  view.setUint16(12 + shift, FIRST_DAY, true);
  view.setUint32(14 + shift, crc32(content), true);
  view.setUint32(18 + shift, content.length, true);
  view.setUint32(22 + shift, content.length, true);
  view.setUint16(26 + shift, name.length, true);
  if (isCentral) view.setUint32(42, offset, true);
  return joined([new Uint8Array(view.buffer), name]);
}

function encodeNpy({ shape, data }: NpyArray): Uint8Array {
  const descr = data instanceof Float64Array ? '<f8' : data instanceof Float32Array ? '<f4' : '<i8';
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const head = new Uint8Array(10);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  return joined([
    head,
    new TextEncoder().encode(padded),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
