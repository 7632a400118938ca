import type { FileBytes } from '../frames/file-bytes.ts';
import { CannotCarry, Fields, pack, readAt, wide } from './bytes.ts';
import { readType, type ValueType } from './datatype.ts';
import { readDense } from './dense.ts';
import { compactLinkInfo, HARD_TARGET_BYTES, type Link, readLinks } from './links.ts';
import { FLAG_SHARED, type HeaderMessage, MESSAGE, type ObjectHeader, readHeader } from './object-header.ts';

/** Where places of the old file come to lie in the new one. */
export interface Target {
  addressOf(object: number): number;
  /** Keeps what an element of variable length holds, and answers where. */
  kept(bytes: Uint8Array): { address: number; index: number };
  /** Values, `count` of `type`, with every place they name said anew. */
  moved(values: Uint8Array, count: number, type: ValueType): Uint8Array;
}

/** A message of the new header; where `make` is there, it makes bytes of the same length once all places are known. */
export interface PlannedMessage extends HeaderMessage {
  make?: (target: Target) => Uint8Array;
  /** Of an attribute: what it says, and where in `data` that stands. */
  attribute?: { values: Uint8Array; valuesAt: number; count: number; type: ValueType; name: string };
}

export interface PlannedHeader extends ObjectHeader {
  messages: PlannedMessage[];
}

export interface PlannedObject {
  /** Address of its header in the old file. */
  from: number;
  /** First path that leads to it by hard links, without the leading slash; "" is the root. */
  path: string;
  header: PlannedHeader;
  /** Names in it, where it is a group that keeps them in a symbol table. */
  table: Link[] | null;
  dataset: PlannedDataset | null;
}

export interface PlannedDataset {
  type: ValueType;
  shape: number[];
  /** Its filters as they are stored, in the order in which they were applied. */
  filters: { id: number }[];
  storage:
    | { kind: 'compact'; data: Uint8Array }
    | { kind: 'contiguous'; address: number | null; bytes: number }
    /** `tree` null: indexed in a way that only the library reads; undefined: no chunk was written. */
    | { kind: 'chunks'; tree: number | null | undefined; chunk: number[] };
}

const MOST_OBJECTS = 100_000;
const CARRIED = new Set<number>([
  ...[MESSAGE.dataspace, MESSAGE.linkInfo, MESSAGE.datatype, MESSAGE.oldFill, MESSAGE.fill, MESSAGE.link],
  ...[MESSAGE.layout, MESSAGE.groupInfo, MESSAGE.filters, MESSAGE.attribute, MESSAGE.comment, MESSAGE.oldModified],
  ...[MESSAGE.symbolTable, MESSAGE.modified, MESSAGE.attributeInfo, MESSAGE.references],
]);

/**
 * Everything in a file, each object once, the root first. Throws CannotCarry, with the middle of a sentence, for whatever
 * a copy could not hold alike.
 */
export function planFile(file: FileBytes): PlannedObject[] {
  const root = rootOf(file);
  const planned = new Map<number, PlannedObject>();
  const waiting: [address: number, path: string][] = [[root, '']];
  for (const [address, path] of waiting) {
    if (planned.has(address)) continue;
    if (planned.size >= MOST_OBJECTS) throw new CannotCarry('it holds too many objects');
    const { object, links } = planObject(file, address, path);
    planned.set(address, object);
    for (const link of links) {
      const name = Buffer.from(link.name).toString('utf8');
      if (link.kind === 'hard') waiting.push([link.target, path ? `${path}/${name}` : name]);
    }
  }
  return [...planned.values()];
}

/** Address of the root group's header. */
function rootOf(file: FileBytes): number {
  const start = new Fields(readAt(file, 0, 48));
  if (Buffer.from(start.take(8)).toString('latin1') !== '\u0089HDF\r\n\u001a\n')
    throw new CannotCarry('it is no HDF5 file, or begins with a block of another program');
  const version = start.u8();
  if (version <= 1) {
    start.skip(4);
    if (start.u8() !== 8 || start.u8() !== 8) throw new CannotCarry('its addresses are not of eight bytes');
    const at = version === 0 ? 24 : 28;
    const rest = new Fields(readAt(file, at, 8 * 6));
    if (rest.address() !== 0) throw new CannotCarry('it begins with a block of another program');
    rest.skip(16);
    if (rest.address() !== null) throw new CannotCarry('it lies in several files');
    rest.skip(8);
    return rest.address() ?? 0;
  }
  if (version > 3) throw new CannotCarry('it is of a version that is not known here');
  if (start.u8() !== 8 || start.u8() !== 8) throw new CannotCarry('its addresses are not of eight bytes');
  start.skip(1);
  if (start.address() !== 0) throw new CannotCarry('it begins with a block of another program');
  const extension = start.address();
  start.skip(8);
  if (extension !== null) {
    const types = readHeader(file, extension).messages.map(({ type }) => type);
    if (types.includes(MESSAGE.sharedTable)) throw new CannotCarry('its objects share descriptions in a table');
    if (types.includes(0x14)) throw new CannotCarry('it lies in several files');
  }
  return start.address() ?? 0;
}

function planObject(file: FileBytes, from: number, path: string) {
  const header = readHeader(file, from);
  const links = readLinks(file, header) ?? [];
  const hasTable = header.messages.some(({ type }) => type === MESSAGE.symbolTable);
  const dataset = header.messages.some(({ type }) => type === MESSAGE.layout) ? planDataset(file, header) : null;
  const messages: PlannedMessage[] = [];
  for (const message of header.messages) {
    if (!CARRIED.has(message.type)) throw new CannotCarry(`${path || 'its root'} ${reasonOf(message.type)}`);
    if (message.type === MESSAGE.link) continue;
    messages.push(...planMessage(file, message, path));
  }
  if (!hasTable) for (const link of links) messages.push(planLink(link));
  const object: PlannedObject = {
    from,
    path,
    header: { ...header, messages },
    table: hasTable ? links : null,
    dataset,
  };
  return { object, links };
}

function reasonOf(type: number): string {
  return type === MESSAGE.external ? 'keeps its data in other files' : 'is described in a way that is not known here';
}

function planMessage(file: FileBytes, message: HeaderMessage, path: string): PlannedMessage[] {
  const { type, flags, data } = message;
  if (flags & FLAG_SHARED) {
    if (type !== MESSAGE.datatype) throw new CannotCarry(`${path || 'its root'} shares a description with others`);
    const at = sharedAddressAt(data);
    return [{ ...message, make: (target) => withAddress(data, at, target) }];
  }
  switch (type) {
    case MESSAGE.linkInfo:
      return [{ ...message, data: compactLinkInfo(data) }];
    case MESSAGE.attribute:
      return [{ ...message, ...planAttribute(file, data) }];
    case MESSAGE.attributeInfo:
      return planAttributeInfo(file, message);
    default:
      return [message];
  }
}

/** Links in messages carry the order they were made in, if the group tracks it. */
function planLink(link: Link): PlannedMessage {
  const data = link.message;
  if (!data) throw new Error('A link of a symbol table has no message.');
  const message = { type: MESSAGE.link, flags: 0, order: 0, data };
  if (link.kind !== 'hard') return message;
  return { ...message, make: (target) => withAddress(data, data.length - HARD_TARGET_BYTES, target) };
}

function withAddress(data: Uint8Array, at: number, target: Target): Uint8Array {
  const made = data.slice();
  made.set(pack([target.addressOf(new Fields(data.subarray(at)).u64()), 8]), at);
  return made;
}

/** Where the address of the shared object lies. */
function sharedAddressAt(data: Uint8Array): number {
  const version = data[0];
  if (version === 3 && data[1] !== 2) throw new CannotCarry('its objects share descriptions in a table');
  return version === 1 ? 8 : 2;
}

/** Attributes of an object that has many of them come back into its header. */
function planAttributeInfo(file: FileBytes, message: HeaderMessage): PlannedMessage[] {
  const fields = new Fields(message.data);
  fields.skip(1);
  const flags = fields.u8();
  const mostOrder = flags & 1 ? fields.take(2) : new Uint8Array();
  const heap = fields.address();
  const tree = fields.address();
  const compact = pack(0, flags, mostOrder, [null, 8], [null, 8], ...(flags & 2 ? [[null, 8] as const] : []));
  const info = { ...message, data: compact };
  if (heap === null || tree === null) return [info];
  const attributes = readDense(file, heap, tree).map(({ record, object }) => {
    const of = new Fields(record);
    const id = of.take(8);
    if (of.u8() & FLAG_SHARED) throw new CannotCarry('its objects share attributes in a table');
    const order = flags & 1 ? of.u32() : 0;
    const data = object(id);
    return { type: MESSAGE.attribute, flags: 0, order, data, ...planAttribute(file, data) };
  });
  return [info, ...attributes.sort((a, b) => a.order - b.order)];
}

function planAttribute(file: FileBytes, data: Uint8Array): Required<Pick<PlannedMessage, 'make' | 'attribute'>> {
  const fields = new Fields(data);
  const version = fields.u8();
  const flags = fields.u8();
  if (version < 1 || version > 3) throw new CannotCarry('an attribute in it is of an unknown version');
  const sizes = [fields.u16(), fields.u16(), fields.u16()] as [number, number, number];
  if (version === 3) fields.skip(1);
  const taken = (bytes: number) => (version === 1 ? wide(bytes) : bytes);
  const name = Buffer.from(new Fields(fields.take(taken(sizes[0]))).untilZero()).toString('utf8');
  const typeAt = fields.at;
  const typeBytes = fields.take(taken(sizes[1]));
  const isShared = version > 1 && (flags & 1) !== 0;
  if (version > 1 && flags & 2) throw new CannotCarry('its objects share descriptions in a table');
  const type = isShared ? committedType(file, typeBytes) : readType(typeBytes);
  const count = elementsOf(shapeOf(fields.take(taken(sizes[2]))));
  const valuesAt = fields.at;
  const values = data.subarray(valuesAt, valuesAt + count * type.bytes);
  if (values.length < count * type.bytes) throw new CannotCarry('an attribute in it is damaged');
  const make = (target: Target) => {
    const made = isShared ? withAddress(data, typeAt + sharedAddressAt(typeBytes), target) : data.slice();
    if (type.slots.length > 0) made.set(target.moved(values, count, type), valuesAt);
    return made;
  };
  return { make, attribute: { values, valuesAt, count, type, name } };
}

function committedType(file: FileBytes, shared: Uint8Array): ValueType {
  const address = new Fields(shared.subarray(sharedAddressAt(shared))).u64();
  const found = readHeader(file, address).messages.find(({ type }) => type === MESSAGE.datatype);
  if (!found || found.flags & FLAG_SHARED) throw new CannotCarry('a type in it is missing');
  return readType(found.data);
}

/** Null for a dataspace without values. */
function shapeOf(space: Uint8Array): number[] | null {
  const fields = new Fields(space);
  const version = fields.u8();
  const rank = fields.u8();
  fields.skip(1);
  if (version === 2 && fields.u8() === 2) return null;
  if (version === 1) fields.skip(5);
  return Array.from({ length: rank }, () => fields.u64());
}

function elementsOf(shape: number[] | null): number {
  return shape === null ? 0 : shape.reduce((product, size) => product * size, 1);
}

function planDataset(file: FileBytes, { messages }: ObjectHeader): PlannedDataset {
  const messageOf = (wanted: number) => messages.find(({ type }) => type === wanted);
  const typeMessage = messageOf(MESSAGE.datatype);
  const space = messageOf(MESSAGE.dataspace);
  const layout = messageOf(MESSAGE.layout);
  if (!typeMessage || !space || !layout) throw new CannotCarry('a dataset in it is not described');
  const type = typeMessage.flags & FLAG_SHARED ? committedType(file, typeMessage.data) : readType(typeMessage.data);
  const isFilled = [MESSAGE.fill, MESSAGE.oldFill].some((wanted) => hasFill(wanted, messageOf(wanted)?.data));
  if (type.slots.length > 0 && isFilled) throw new CannotCarry('a dataset of texts or references has a fill value');
  const filters = messageOf(MESSAGE.filters);
  return {
    type,
    shape: shapeOf(space.data) ?? [],
    filters: filters ? readFilters(filters.data) : [],
    storage: readStorage(layout.data, shapeOf(space.data)?.length ?? 0),
  };
}

function hasFill(kind: number, data: Uint8Array | undefined): boolean {
  if (!data) return false;
  const fields = new Fields(data);
  if (kind === MESSAGE.oldFill) return fields.u32() > 0;
  const version = fields.u8();
  if (version === 3) return (fields.u8() & 0x20) !== 0 && fields.u32() > 0;
  fields.skip(2);
  const isDefined = fields.u8() === 1;
  return (version === 1 || isDefined) && fields.left >= 4 && fields.u32() > 0;
}

function readFilters(data: Uint8Array): { id: number }[] {
  const fields = new Fields(data);
  const version = fields.u8();
  const count = fields.u8();
  if (version === 1) fields.skip(6);
  return Array.from({ length: count }, () => {
    const id = fields.u16();
    const nameBytes = version === 1 || id >= 256 ? fields.u16() : 0;
    fields.skip(2);
    const parameters = fields.u16();
    fields.skip(version === 1 ? wide(nameBytes) : nameBytes);
    fields.skip(parameters * 4 + (version === 1 && parameters % 2 === 1 ? 4 : 0));
    return { id };
  });
}

function readStorage(data: Uint8Array, rank: number): PlannedDataset['storage'] {
  const fields = new Fields(data);
  const version = fields.u8();
  if (version < 3 || version > 4) throw new CannotCarry('a dataset in it is laid out in a way that is not known here');
  const kind = fields.u8();
  if (kind === 0) return { kind: 'compact', data: fields.take(fields.u16()) };
  if (kind === 1) return { kind: 'contiguous', address: fields.address(), bytes: fields.u64() };
  if (kind !== 2) throw new CannotCarry('a dataset in it shows the data of other files');
  if (version === 4) {
    fields.skip(1);
    const sizes = fields.u8();
    const width = fields.u8();
    const chunk = Array.from({ length: sizes }, () => fields.uint(width)).slice(0, rank);
    return { kind: 'chunks', tree: null, chunk };
  }
  const sizes = fields.u8();
  const tree = fields.address();
  const chunk = Array.from({ length: sizes }, () => fields.u32()).slice(0, rank);
  return { kind: 'chunks', tree: tree ?? undefined, chunk };
}
