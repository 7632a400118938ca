import { metadataChecksum } from '../frames/metadata-checksum.ts';

/**
 * Changes to a closed HDF5 file that no library makes: for the sample's broken files only. Files are in the earliest
 * format (superblock 0, object headers 1, symbol tables, B-trees 1), all numbers little-endian, offsets eight bytes wide.
 */

const MESSAGE = {
  dataspace: 0x1,
  datatype: 0x3,
  fill: 0x5,
  externalFiles: 0x7,
  layout: 0x8,
  filters: 0xb,
  attribute: 0xc,
  more: 0x10,
};
const END_OF_FILE_AT = 40;
const UNDEFINED_ADDRESS = 0xffffffffffffffffn;

export class Hdf5Surgery {
  bytes: Uint8Array;
  private view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = Uint8Array.from(bytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** File offset and stored size of one chunk of the dataset whose header lies at `header`: chunk number along the first axis. */
  chunk(header: bigint, number: number): { at: number; size: number } {
    const layout = this.message(header, MESSAGE.layout);
    const dimensions = this.bytes[layout + 2] as number;
    const node = Number(this.view.getBigUint64(layout + 3, true));
    const keyBytes = 8 + 8 * dimensions;
    const entries = this.view.getUint16(node + 6, true);
    for (let i = 0; i < entries; i++) {
      const key = node + 24 + i * (keyBytes + 8);
      if (Number(this.view.getBigUint64(key + 8, true)) !== number) continue;
      return { at: Number(this.view.getBigUint64(key + keyBytes, true)), size: this.view.getUint32(key, true) };
    }
    throw new Error(`Chunk ${number} is not stored.`);
  }

  /** Gives the first filter of a dataset another number and a name of at most the old one's length. */
  renameFilter(header: bigint, id: number, name: string): void {
    const first = this.message(header, MESSAGE.filters) + 8;
    this.view.setUint16(first, id, true);
    const room = this.view.getUint16(first + 2, true);
    this.bytes.fill(0, first + 8, first + 8 + room);
    this.bytes.set(new TextEncoder().encode(name.slice(0, Math.max(0, room - 1))), first + 8);
  }

  /** Lets the name that led to `from` lead to the dataset described here, whose bytes lie in other files. */
  replaceByOutside(from: bigint, shape: readonly number[], outside: Outside): void {
    const messages: [number, Uint8Array][] = [
      [MESSAGE.dataspace, fields([1, 1], [shape.length, 1], [0, 6], ...shape.map((n): Field => [n, 8]))],
      [MESSAGE.datatype, fields([0x10, 1], [0, 3], [1, 4], [0, 2], [8, 2], [0, 4])],
      [MESSAGE.fill, fields([2, 1], [2, 1], [2, 1], [0, 1], [0, 4])],
      ...(outside.kind === 'external' ? this.externalStorage(outside) : this.virtualLayout(outside)),
    ];
    this.replace(from, messages);
  }

  private replace(from: bigint, messages: readonly [number, Uint8Array][]): void {
    const body = joined(messages.map(([type, data]) => joined([fields([type, 2], [data.length, 2], [0, 4]), data])));
    const header = this.append(
      joined([fields([1, 1], [0, 1], [messages.length, 2], [1, 4], [body.length, 4], [0, 4]), body]),
    );
    this.redirect(from, header);
  }

  /** Turns a scalar dataset into one with a null dataspace: declared, and nothing recorded. */
  makeNull(header: bigint): void {
    const space = this.message(header, MESSAGE.dataspace);
    this.bytes.set(fields([2, 1], [0, 1], [0, 1], [2, 1], [0, 4]), space);
    const layout = this.message(header, MESSAGE.layout);
    this.bytes.set(fields([3, 1], [1, 1], [UNDEFINED_ADDRESS, 8], [0, 8]), layout);
  }

  /** Turns an attribute that was written as a compound of one byte into the boolean h5py writes: an enum of FALSE and TRUE. */
  makeBoolean(header: bigint, name: string): void {
    for (const at of this.messages(header, MESSAGE.attribute)) {
      const nameBytes = this.view.getUint16(at + 2, true);
      const found = new TextDecoder().decode(this.bytes.subarray(at + 8, at + 8 + nameBytes - 1));
      if (found !== name) continue;
      const type = at + 8 + wide(nameBytes);
      const room = wide(this.view.getUint16(at + 4, true));
      const member = (text: string) => fields(...[...text.padEnd(8, '\0')].map((c): Field => [c.charCodeAt(0), 1]));
      const int8 = fields([0x10, 1], [0x08, 1], [0, 2], [1, 4], [0, 2], [8, 2]);
      const boolean = joined([
        fields([0x18, 1], [2, 3], [1, 4]),
        int8,
        member('FALSE'),
        member('TRUE'),
        Uint8Array.of(0, 1),
      ]);
      if (boolean.length > room) throw new Error(`The attribute ${name} leaves no room for a boolean.`);
      this.bytes.fill(0, type, type + room);
      this.bytes.set(boolean, type);
      return;
    }
    throw new Error(`There is no attribute ${name}.`);
  }

  /** Lets the name that led to `from` lead to a dataset of these rows of bytes. */
  replaceByRows(from: bigint, rows: readonly Uint8Array[]): void {
    const objects = rows.map((row, at) => joined([fields([at + 1, 2], [1, 2], [0, 4], [row.length, 8]), padded(row)]));
    const used = 16 + objects.reduce((sum, { length }) => sum + length, 0);
    const collectionBytes = Math.max(4096, used + 16);
    const collection = this.append(
      joined([
        new TextEncoder().encode('GCOL'),
        fields([1, 1], [0, 3], [collectionBytes, 8]),
        ...objects,
        fields([0, 2], [0, 2], [0, 4], [collectionBytes - used, 8]),
        new Uint8Array(collectionBytes - used - 16),
      ]),
    );
    const references = joined(rows.map(({ length }, at) => fields([length, 4], [collection, 8], [at + 1, 4])));
    const data = this.append(references);
    const byte = fields([0x10, 1], [0, 3], [1, 4], [0, 2], [8, 2]);
    this.replace(from, [
      [MESSAGE.dataspace, fields([1, 1], [1, 1], [0, 6], [rows.length, 8])],
      [MESSAGE.datatype, padded(joined([fields([0x19, 1], [0, 3], [16, 4]), byte]))],
      [MESSAGE.fill, fields([2, 1], [2, 1], [2, 1], [0, 1], [0, 4])],
      [MESSAGE.layout, fields([3, 1], [1, 1], [data, 8], [references.length, 8], [0, 6])],
    ]);
  }

  private externalStorage({ file, bytes }: ExternalStorage): [number, Uint8Array][] {
    const names = joined([new Uint8Array(8), text(file)]);
    const segment = this.append(padded(names));
    const heap = this.append(
      joined([new TextEncoder().encode('HEAP'), fields([0, 4], [padded(names).length, 8], [1, 8], [segment, 8])]),
    );
    return [
      [MESSAGE.layout, fields([3, 1], [1, 1], [UNDEFINED_ADDRESS, 8], [bytes, 8], [0, 6])],
      [MESSAGE.externalFiles, fields([1, 1], [0, 3], [1, 2], [1, 2], [heap, 8], [8, 8], [0, 8], [bytes, 8])],
    ];
  }

  private virtualLayout({ file, dataset }: VirtualSource): [number, Uint8Array][] {
    const everything = fields([3, 4], [1, 4], [0, 4], [0, 4]);
    const mapping = joined([fields([0, 1], [1, 8]), text(file), text(dataset), everything, everything]);
    const object = padded(joined([mapping, fields([metadataChecksum(mapping), 4])]));
    const collectionBytes = 4096;
    const used = 16 + 16 + object.length;
    const collection = joined([
      new TextEncoder().encode('GCOL'),
      fields([1, 1], [0, 3], [collectionBytes, 8]),
      fields([1, 2], [1, 2], [0, 4], [mapping.length + 4, 8]),
      object,
      fields([0, 2], [0, 2], [0, 4], [collectionBytes - used, 8]),
      new Uint8Array(collectionBytes - used - 16),
    ]);
    return [[MESSAGE.layout, fields([4, 1], [3, 1], [this.append(collection), 8], [1, 4], [0, 2])]];
  }

  /** Start of the data of an object header's first message of a type. */
  private message(header: bigint, type: number): number {
    const first = this.messages(header, type).next().value;
    if (first === undefined) throw new Error(`The object at ${header} has no message of type ${type}.`);
    return first;
  }

  private *messages(header: bigint, type: number): Generator<number, undefined> {
    const at = Number(header);
    const blocks: [start: number, length: number][] = [[at + 16, this.view.getUint32(at + 8, true)]];
    for (const [start, length] of blocks) {
      for (let offset = start; offset + 8 <= start + length; ) {
        const found = this.view.getUint16(offset, true);
        const size = this.view.getUint16(offset + 2, true);
        if (found === type) yield offset + 8;
        if (found === MESSAGE.more) {
          blocks.push([
            Number(this.view.getBigUint64(offset + 8, true)),
            Number(this.view.getBigUint64(offset + 16, true)),
          ]);
        }
        offset += 8 + size;
      }
    }
  }

  /** Adds bytes at the end, eight-aligned, and answers where. */
  private append(added: Uint8Array): number {
    const start = (this.bytes.length + 7) & ~7;
    const grown = new Uint8Array(start + padded(added).length);
    grown.set(this.bytes);
    grown.set(added, start);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
    this.view.setBigUint64(END_OF_FILE_AT, BigInt(grown.length), true);
    return start;
  }

  /** Points the one symbol-table entry that names the object at `from` to another header. */
  private redirect(from: bigint, to: number): void {
    for (let node = 0; node + 8 <= this.bytes.length; node += 8) {
      if (this.view.getUint32(node, false) !== 0x534e4f44) continue; // "SNOD"
      const symbols = this.view.getUint16(node + 6, true);
      for (let i = 0; i < symbols; i++) {
        const entry = node + 8 + i * 40;
        if (this.view.getBigUint64(entry + 8, true) !== from) continue;
        this.view.setBigUint64(entry + 8, BigInt(to), true);
        return;
      }
    }
    throw new Error(`No name leads to the object at ${from}.`);
  }
}

export interface ExternalStorage {
  kind: 'external';
  file: string;
  bytes: number;
}
export interface VirtualSource {
  kind: 'virtual';
  file: string;
  dataset: string;
}
export type Outside = ExternalStorage | VirtualSource;

type Field = [value: number | bigint, bytes: number];

function fields(...list: Field[]): Uint8Array {
  const bytes: number[] = [];
  for (const [value, width] of list) {
    let rest = BigInt(value);
    for (let i = 0; i < width; i++, rest >>= 8n) bytes.push(Number(rest & 255n));
  }
  return Uint8Array.from(bytes);
}

function text(value: string): Uint8Array {
  return joined([new TextEncoder().encode(value), new Uint8Array(1)]);
}

const wide = (length: number) => (length + 7) & ~7;

function padded(bytes: Uint8Array): Uint8Array {
  const filled = new Uint8Array(wide(bytes.length));
  filled.set(bytes);
  return filled;
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
