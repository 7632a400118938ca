/** Stored records of a ZIP, with ZIP64's fields where sizes and places need them. */

/** From here on they do. */
export const ZIP64_FROM = 0xffffffff;

/** A record whose place is known before its bytes are there. */
export interface ZipRecord {
  /** With its folder, ASCII. */
  name: string;
  bytes: number;
  /** Where its bytes begin in the file, and where its header does. */
  at: number;
  headerAt: number;
  /** Of its bytes; set by who writes them. */
  crc: number;
}

const LOCAL_HEADER_BYTES = 30;
const ZIP64_SIZES_BYTES = 20;
/** An extra field that says nothing, of the id that torch pads with. */
const PADDING_ID = 0x4246;
const PADDING_LEAST_BYTES = 4;
/** 1 January 1980: the same content is the same file. */
const DOS_DATE = 0x21;
const VERSION = 20;
const VERSION_ZIP64 = 45;

/** Where a record's bytes begin when its header stands here: at the next multiple of `alignment` that leaves room for it. */
export function placeOfBytes(
  name: string,
  bytes: number,
  headerAt: number,
  alignment: number,
  zip64From: number,
): number {
  const sizes = bytes >= zip64From ? ZIP64_SIZES_BYTES : 0;
  const least = headerAt + LOCAL_HEADER_BYTES + name.length + sizes + PADDING_LEAST_BYTES;
  return Math.ceil(least / alignment) * alignment;
}

/** What stands before a record's bytes, padded up to them. */
export function localHeader({ name, bytes, at, headerAt, crc }: ZipRecord, zip64From: number): Buffer {
  const isLarge = bytes >= zip64From;
  const header = Buffer.alloc(at - headerAt);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(isLarge ? VERSION_ZIP64 : VERSION, 4);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(isLarge ? ZIP64_FROM : bytes, 18);
  header.writeUInt32LE(isLarge ? ZIP64_FROM : bytes, 22);
  header.writeUInt16LE(name.length, 26);
  header.write(name, LOCAL_HEADER_BYTES, 'latin1');
  let extra = LOCAL_HEADER_BYTES + name.length;
  header.writeUInt16LE(header.length - extra, 28);
  if (isLarge) {
    zip64Field([bytes, bytes]).copy(header, extra);
    extra += ZIP64_SIZES_BYTES;
  }
  header.writeUInt16LE(PADDING_ID, extra);
  header.writeUInt16LE(header.length - extra - PADDING_LEAST_BYTES, extra + 2);
  return header;
}

/** What stands behind all records, at `at`. */
export function directory(records: readonly ZipRecord[], at: number, zip64From: number): Buffer {
  const entries = Buffer.concat(records.map((record) => directoryEntry(record, zip64From)));
  const isLarge = at >= zip64From;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(records.length, 8);
  end.writeUInt16LE(records.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(isLarge ? ZIP64_FROM : at, 16);
  if (!isLarge) return Buffer.concat([entries, end]);
  const large = Buffer.alloc(56);
  large.writeUInt32LE(0x06064b50, 0);
  large.writeBigUInt64LE(44n, 4);
  large.writeUInt16LE(VERSION_ZIP64, 12);
  large.writeUInt16LE(VERSION_ZIP64, 14);
  large.writeBigUInt64LE(BigInt(records.length), 24);
  large.writeBigUInt64LE(BigInt(records.length), 32);
  large.writeBigUInt64LE(BigInt(entries.length), 40);
  large.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at + entries.length), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([entries, large, locator, end]);
}

function directoryEntry({ name, bytes, headerAt, crc }: ZipRecord, zip64From: number): Buffer {
  const [isLarge, isFar] = [bytes >= zip64From, headerAt >= zip64From];
  const extra = zip64Field([...(isLarge ? [bytes, bytes] : []), ...(isFar ? [headerAt] : [])]);
  const version = extra.length > 0 ? VERSION_ZIP64 : VERSION;
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(version, 4);
  entry.writeUInt16LE(version, 6);
  entry.writeUInt16LE(DOS_DATE, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(isLarge ? ZIP64_FROM : bytes, 20);
  entry.writeUInt32LE(isLarge ? ZIP64_FROM : bytes, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(isFar ? ZIP64_FROM : headerAt, 42);
  return Buffer.concat([entry, Buffer.from(name, 'latin1'), extra]);
}

/** The extra field with the numbers that do not fit elsewhere; nothing for none. */
function zip64Field(values: readonly number[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + values.length * 8);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(values.length * 8, 2);
  for (const [at, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + at * 8);
  return field;
}
