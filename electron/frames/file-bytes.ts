import { fstatSync, readSync } from 'node:fs';

/** Addresses above this are no place in a file, and no exact numbers either. HDF5's "undefined" is all ones. */
const LARGEST_ADDRESS = BigInt(Number.MAX_SAFE_INTEGER);

/** Reads an open file at absolute offsets. The descriptor stays its owner's, and its own position where it was. */
export class FileBytes {
  constructor(private readonly descriptor: number) {}

  /** Fills `target` from `offset` on; false when the file ends before. */
  into(target: Uint8Array, offset: number): boolean {
    let done = 0;
    while (done < target.length) {
      const read = readSync(this.descriptor, target, done, target.length - done, offset + done);
      if (read === 0) return false;
      done += read;
    }
    return true;
  }

  /** A copy of these bytes; null when the file ends before or the place makes no sense. */
  at(offset: number, length: number): DataView | null {
    const size = fstatSync(this.descriptor).size;
    if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || offset + length > size) return null;
    const bytes = new Uint8Array(length);
    return this.into(bytes, offset) ? new DataView(bytes.buffer) : null;
  }
}

/** A 64-bit address of the file; null where it is undefined or no such place can be. */
export function addressAt(view: DataView, at: number): number | null {
  const address = view.getBigUint64(at, true);
  return address > LARGEST_ADDRESS ? null : Number(address);
}
