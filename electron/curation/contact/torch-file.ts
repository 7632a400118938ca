import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Picklable, pickle, type TensorFacts, type TorchDtype, valuesOf } from './pickle.ts';
import { directory, localHeader, placeOfBytes, ZIP64_FROM, type ZipRecord } from './zip-records.ts';

const BYTES: Record<TorchDtype, number> = { uint8: 1, float32: 4, float64: 8 };
/** Name of the folder inside; torch takes whichever it finds. */
const ROOT = 'archive';
/** Torch's own records begin at such places, so that they can be mapped into memory. */
const ALIGNMENT = 64;

/** A tensor's place in the file, and how a pickle names it. */
export interface PlacedTensor {
  facts: TensorFacts;
  /** `crc` is set by who writes the bytes. */
  record: ZipRecord;
}

/**
 * A file as torch.save makes them: a ZIP of stored records, whose pickle names the tensors. Tensors are announced with
 * their shapes, which fixes where their bytes go: they may then be written by anybody, in any order; `finish` writes all else.
 */
export class TorchFile {
  readonly #records: ZipRecord[] = [];
  #end = 0;
  #tensors = 0;

  /** `zip64From`: for tests, which cannot write files of four gigabytes. */
  constructor(private readonly zip64From = ZIP64_FROM) {}

  /** Where what was announced so far ends. */
  get end(): number {
    return this.#end;
  }

  tensor(dtype: TorchDtype, shape: readonly number[]): PlacedTensor {
    const storage = this.#tensors++;
    const record = this.#place(`data/${storage}`, valuesOf(shape) * BYTES[dtype]);
    return { facts: { storage, dtype, shape }, record };
  }

  /** Writes a record's bytes, all at once. */
  async write(handle: FileHandle, record: ZipRecord, bytes: Uint8Array): Promise<void> {
    if (bytes.length !== record.bytes) throw new Error(`${record.name} was announced with another length.`);
    record.crc = crc32(bytes);
    await writeAll(handle, bytes, record.at);
  }

  /** Writes the pickle, the records' headers and the directory, and cuts off what lies behind. */
  async finish(handle: FileHandle, value: Picklable): Promise<void> {
    const tensors = [...this.#records];
    const described: ZipRecord[] = [];
    for (const [name, bytes] of [
      ['data.pkl', pickle(value)],
      ['byteorder', Buffer.from('little')],
      ['version', Buffer.from('3\n')],
    ] as const) {
      const record = this.#place(name, bytes.length);
      described.push(record);
      await this.write(handle, record, bytes);
    }
    const all = [...described, ...tensors];
    for (const record of all) await writeAll(handle, localHeader(record, this.zip64From), record.headerAt);
    const last = directory(all, this.#end, this.zip64From);
    await writeAll(handle, last, this.#end);
    await handle.truncate(this.#end + last.length);
  }

  #place(inner: string, bytes: number): ZipRecord {
    const name = `${ROOT}/${inner}`;
    const headerAt = this.#end;
    const at = placeOfBytes(name, bytes, headerAt, ALIGNMENT, this.zip64From);
    const record = { name, bytes, at, headerAt, crc: 0 };
    this.#records.push(record);
    this.#end = at + bytes;
    return record;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
