import type { FileBytes } from '../frames/file-bytes.ts';
import { metadataChecksum } from '../frames/metadata-checksum.ts';
import { CannotCarry, expectSignature, Fields, join, pack, padded, readAt } from './bytes.ts';

/** Message types of an object header. */
export const MESSAGE = {
  nil: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFill: 0x04,
  fill: 0x05,
  link: 0x06,
  external: 0x07,
  layout: 0x08,
  groupInfo: 0x0a,
  filters: 0x0b,
  attribute: 0x0c,
  comment: 0x0d,
  oldModified: 0x0e,
  sharedTable: 0x0f,
  continuation: 0x10,
  symbolTable: 0x11,
  modified: 0x12,
  treeSizes: 0x13,
  attributeInfo: 0x15,
  references: 0x16,
} as const;

export const FLAG_SHARED = 2;

export interface HeaderMessage {
  type: number;
  flags: number;
  /** Of attributes in a header that tracks their order; else 0. */
  order: number;
  data: Uint8Array;
}

export interface ObjectHeader {
  version: 1 | 2;
  /** Version 1: how many hard links lead to it. */
  references: number;
  /** Version 2: the header's flags, and its times and attribute limits as they are stored. */
  flags: number;
  prefix: Uint8Array;
  messages: HeaderMessage[];
}

const MAX_BLOCKS = 4096;
const FLAG_ATTRIBUTE_ORDER = 4;

/** Reads the header of an object with all its continuations. Throws CannotCarry. */
export function readHeader(file: FileBytes, address: number): ObjectHeader {
  const start = readAt(file, address, 16);
  return start[0] === 1 ? readVersion1(file, address, start) : readVersion2(file, address, start);
}

function readVersion1(file: FileBytes, address: number, start: Uint8Array): ObjectHeader {
  const fields = new Fields(start);
  fields.skip(2);
  fields.u16();
  const references = fields.u32();
  const messages: HeaderMessage[] = [];
  const blocks: [number, number][] = [[address + 16, fields.u32()]];
  for (let at = 0; at < blocks.length; at++) {
    if (at > MAX_BLOCKS) throw new CannotCarry('an object in it has a header without end');
    const [from, length] = blocks[at] as [number, number];
    const block = new Fields(readAt(file, from, length));
    while (block.left >= 8) {
      const type = block.u16();
      const size = block.u16();
      const flags = block.u8();
      block.skip(3);
      keep(blocks, messages, { type, flags, order: 0, data: block.take(size) });
    }
  }
  return { version: 1, references, flags: 0, prefix: new Uint8Array(), messages };
}

function readVersion2(file: FileBytes, address: number, start: Uint8Array): ObjectHeader {
  const begin = new Fields(start);
  expectSignature(begin, 'OHDR');
  if (begin.u8() !== 2) throw new CannotCarry('an object in it has a header of an unknown version');
  const flags = begin.u8();
  const prefixBytes = (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const sizeBytes = 1 << (flags & 3);
  const whole = new Fields(readAt(file, address + 6, prefixBytes + sizeBytes));
  const prefix = whole.take(prefixBytes);
  const messages: HeaderMessage[] = [];
  const blocks: [number, number][] = [[address + 6 + prefixBytes + sizeBytes, whole.uint(sizeBytes)]];
  const isOrdered = (flags & FLAG_ATTRIBUTE_ORDER) !== 0;
  for (let at = 0; at < blocks.length; at++) {
    if (at > MAX_BLOCKS) throw new CannotCarry('an object in it has a header without end');
    const [from, length] = blocks[at] as [number, number];
    const bytes = readAt(file, from, length);
    // What continues a header has a signature before its messages and a checksum behind.
    const block = new Fields(at === 0 ? bytes : bytes.subarray(4, Math.max(4, length - 4)));
    if (at > 0) expectSignature(new Fields(bytes), 'OCHK');
    while (block.left >= (isOrdered ? 6 : 4)) {
      const type = block.u8();
      const size = block.u16();
      const messageFlags = block.u8();
      const order = isOrdered ? block.u16() : 0;
      keep(blocks, messages, { type, flags: messageFlags, order, data: block.take(size) });
    }
  }
  return { version: 2, references: 1, flags, prefix, messages };
}

function keep(blocks: [number, number][], messages: HeaderMessage[], message: HeaderMessage): void {
  if (message.type === MESSAGE.nil) return;
  if (message.type !== MESSAGE.continuation) {
    messages.push(message);
    return;
  }
  const fields = new Fields(message.data);
  blocks.push([fields.address() ?? 0, fields.u64()]);
}

/** The header as one block, with nothing continued elsewhere. Its length follows from the lengths of its messages. */
export function writeHeader(header: ObjectHeader): Uint8Array {
  return header.version === 1 ? writeVersion1(header) : writeVersion2(header);
}

const MAX_MESSAGE_BYTES = 0xffff;

function writeVersion1({ references, messages }: ObjectHeader): Uint8Array {
  const body = messages.map(({ type, flags, data }) => {
    const wholeData = padded(data);
    if (wholeData.length > MAX_MESSAGE_BYTES) throw new CannotCarry('a description in it is longer than 64 kB');
    return join([pack([type, 2], [wholeData.length, 2], flags, [0, 3]), wholeData]);
  });
  if (messages.length > MAX_MESSAGE_BYTES) throw new CannotCarry('an object in it has too many attributes');
  const bodyBytes = body.reduce((sum, { length }) => sum + length, 0);
  return join([pack(1, 0, [messages.length, 2], [references, 4], [bodyBytes, 4], [0, 4]), ...body]);
}

function writeVersion2({ flags, prefix, messages }: ObjectHeader): Uint8Array {
  const isOrdered = (flags & FLAG_ATTRIBUTE_ORDER) !== 0;
  const body = messages.map(({ type, flags: messageFlags, order, data }) => {
    if (data.length > MAX_MESSAGE_BYTES) throw new CannotCarry('a description in it is longer than 64 kB');
    return join([pack(type, [data.length, 2], messageFlags, ...(isOrdered ? [[order, 2] as const] : [])), data]);
  });
  const bodyBytes = body.reduce((sum, { length }) => sum + length, 0);
  // Always with four bytes of length.
  const start = join([pack('OHDR', 2, (flags & ~3) | 2), prefix, pack([bodyBytes, 4]), ...body]);
  return padded(join([start, pack([metadataChecksum(start), 4])]));
}
