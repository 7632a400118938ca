import { CannotCarry, Fields } from './bytes.ts';

/** A place in a value where another place of the file is named, which has to be said anew in a copy. */
export type Slot =
  /** Length, heap address, index: elements that lie in the file's global heap. */
  | { offset: number; kind: 'vlen'; elementBytes: number; slots: Slot[] }
  /** Address of an object's header. */
  | { offset: number; kind: 'object' }
  /** Heap address and index of a region of a dataset. */
  | { offset: number; kind: 'region' };

export interface ValueType {
  /** Bytes of one value as stored. */
  bytes: number;
  slots: Slot[];
  /** What the library makes of it in memory: values as they are stored, with their bytes turned round, or neither. */
  read: 'stored' | 'turned' | null;
}

const MAX_SLOTS = 10_000;
const MAX_DEPTH = 32;

/** What a datatype message says of where other places are named. Throws CannotCarry for types that nobody knows. */
export function readType(message: Uint8Array): ValueType {
  return readOne(new Fields(message), 0);
}

function readOne(fields: Fields, depth: number): ValueType {
  if (depth > MAX_DEPTH) throw new CannotCarry('a type in it is nested without end');
  const first = fields.u8();
  const version = first >> 4;
  const bits = fields.uint(3);
  const bytes = fields.u32();
  switch (first & 15) {
    case 0: // Whole numbers
      fields.skip(4);
      return { bytes, slots: [], read: (bits & 1) === 0 || bytes === 1 ? 'stored' : 'turned' };
    case 1: // Fractions
      fields.skip(12);
      return { bytes, slots: [], read: bits & 0x40 ? null : bits & 1 ? 'turned' : 'stored' };
    case 2: // Times
      fields.skip(2);
      return { bytes, slots: [], read: null };
    case 3: // Text of a fixed length
      return { bytes, slots: [], read: 'stored' };
    case 4: // Bits
      fields.skip(4);
      return { bytes, slots: [], read: null };
    case 5: // Opaque, with a tag
      fields.skip(Math.ceil((bits & 0xff) / 8) * 8);
      return { bytes, slots: [], read: 'stored' };
    case 6:
      return { bytes, ...readMembers(fields, version, bits & 0xffff, bytes, depth) };
    case 7:
      if ((bits & 15) > 1) throw new CannotCarry('it holds references of the newest kind');
      return { bytes, slots: [{ offset: 0, kind: (bits & 15) === 0 ? 'object' : 'region' }], read: null };
    case 8: {
      const base = readOne(fields, depth + 1);
      for (let i = 0; i < (bits & 0xffff); i++) skipName(fields, version);
      fields.skip((bits & 0xffff) * base.bytes);
      return { bytes, slots: [], read: base.read === 'stored' ? 'stored' : null };
    }
    case 9: {
      const base = readOne(fields, depth + 1);
      return {
        bytes,
        slots: [{ offset: 0, kind: 'vlen', elementBytes: base.bytes, slots: base.slots }],
        read: null,
      };
    }
    case 10:
      return { bytes, ...readArray(fields, version, depth) };
    default:
      throw new CannotCarry('it holds values of an unknown type');
  }
}

type Inside = Pick<ValueType, 'slots' | 'read'>;

function readMembers(fields: Fields, version: number, count: number, bytes: number, depth: number): Inside {
  const inside: Inside = { slots: [], read: 'stored' };
  for (let i = 0; i < count; i++) {
    skipName(fields, version);
    const offset = version >= 3 ? fields.uint(bytesToCount(bytes)) : fields.u32();
    let times = 1;
    if (version === 1) {
      const dimensions = fields.u8();
      fields.skip(11);
      for (let at = 0; at < 4; at++) {
        const size = fields.u32();
        if (at < dimensions) times *= size;
      }
    }
    add(inside, readOne(fields, depth + 1), offset, times);
  }
  return inside;
}

function readArray(fields: Fields, version: number, depth: number): Inside {
  const dimensions = fields.u8();
  if (version < 3) fields.skip(3);
  let times = 1;
  for (let i = 0; i < dimensions; i++) times *= fields.u32();
  if (version < 3) fields.skip(4 * dimensions);
  const inside: Inside = { slots: [], read: 'stored' };
  add(inside, readOne(fields, depth + 1), 0, times);
  return inside;
}

function add(inside: Inside, type: ValueType, from: number, times: number): void {
  if (type.read !== 'stored') inside.read = null;
  const { slots } = inside;
  if (type.slots.length === 0) return;
  if (slots.length + type.slots.length * times > MAX_SLOTS) throw new CannotCarry('a type in it is too large');
  for (let i = 0; i < times; i++) {
    for (const slot of type.slots) slots.push({ ...slot, offset: from + i * type.bytes + slot.offset });
  }
}

/** Up to version 2 names are filled up to eight bytes. */
function skipName(fields: Fields, version: number): void {
  const { length } = fields.untilZero();
  if (version < 3) fields.skip(Math.ceil((length + 1) / 8) * 8 - length - 1);
}

/** Bytes that are needed to say an offset within so many. */
function bytesToCount(bytes: number): number {
  let width = 1;
  while (2 ** (8 * width) <= bytes) width++;
  return width;
}
