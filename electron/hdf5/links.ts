import type { FileBytes } from '../frames/file-bytes.ts';
import { CannotCarry, expectSignature, Fields, pack, readAt } from './bytes.ts';
import { readDense } from './dense.ts';
import { MESSAGE, type ObjectHeader } from './object-header.ts';

/** A name in a group. `message` is the link as newer groups keep it; absent in a symbol table. */
export type Link = { name: Uint8Array; message?: Uint8Array } & (
  | { kind: 'hard'; target: number }
  /** `value` is the path it leads to. */
  | { kind: 'soft'; value: Uint8Array }
  | { kind: 'external' }
);

/** Where the address of a hard link lies in its message. */
export const HARD_TARGET_BYTES = 8;
const MAX_LINKS = 1_000_000;
const MAX_DEPTH = 12;

/** Every name in a group, whatever it is kept in; null for what is no group. Throws CannotCarry. */
export function readLinks(file: FileBytes, { messages }: ObjectHeader): Link[] | null {
  const table = messages.find(({ type }) => type === MESSAGE.symbolTable);
  if (table) return readSymbolTable(file, table.data);
  const info = messages.find(({ type }) => type === MESSAGE.linkInfo);
  const compact = messages.filter(({ type }) => type === MESSAGE.link).map(({ data }) => readLink(data));
  if (!info) return compact.length > 0 ? compact : null;
  const fields = new Fields(info.data);
  fields.skip(1);
  const flags = fields.u8();
  if (flags & 1) fields.skip(8);
  const heap = fields.address();
  const tree = fields.address();
  if (heap === null || tree === null) return compact;
  return readDense(file, heap, tree).map(({ record, object }) => readLink(object(record.subarray(4))));
}

/** Link Info that says that the links are messages of the header. */
export function compactLinkInfo(data: Uint8Array): Uint8Array {
  const fields = new Fields(data);
  fields.skip(1);
  const flags = fields.u8();
  const mostOrder = flags & 1 ? fields.take(8) : new Uint8Array();
  return pack(0, flags, mostOrder, [null, 8], [null, 8], ...(flags & 2 ? [[null, 8] as const] : []));
}

export function readLink(message: Uint8Array): Link {
  const fields = new Fields(message);
  fields.skip(1);
  const flags = fields.u8();
  const kind = flags & 8 ? fields.u8() : 0;
  if (flags & 4) fields.skip(8);
  if (flags & 16) fields.skip(1);
  const name = fields.take(fields.uint(1 << (flags & 3)));
  if (kind === 0) {
    const target = fields.address();
    if (target === null) throw new CannotCarry('a link in it leads nowhere');
    return { kind: 'hard', name, target, message: message.slice(0, fields.at) };
  }
  const value = fields.take(fields.u16());
  // Older headers fill messages up.
  const whole = message.slice(0, fields.at);
  if (kind === 1) return { kind: 'soft', name, value, message: whole };
  if (kind === 64) return { kind: 'external', name, message: whole };
  throw new CannotCarry('a link in it is of a kind that only its own program knows');
}

function readSymbolTable(file: FileBytes, message: Uint8Array): Link[] {
  const fields = new Fields(message);
  const tree = fields.address();
  const heap = localHeap(file, fields.address());
  const links: Link[] = [];
  const walk = (address: number, above: number) => {
    if (above === 0) throw new CannotCarry('a group in it is nested without end');
    const node = new Fields(readAt(file, address, 24));
    expectSignature(node, 'TREE');
    node.skip(1);
    const level = node.u8();
    const entries = node.u16();
    const children = new Fields(readAt(file, address + 24, entries * 16 + 8));
    for (let i = 0; i < entries; i++) {
      children.skip(8);
      const child = children.address();
      if (child === null) throw new CannotCarry('its structure is damaged');
      if (level > 0) walk(child, above - 1);
      else readSymbols(file, child, heap, links);
    }
  };
  if (tree !== null) walk(tree, MAX_DEPTH);
  return links;
}

function readSymbols(file: FileBytes, address: number, heap: (at: number) => Uint8Array, links: Link[]): void {
  const head = new Fields(readAt(file, address, 8));
  expectSignature(head, 'SNOD');
  head.skip(2);
  const count = head.u16();
  const entries = new Fields(readAt(file, address + 8, count * 40));
  for (let i = 0; i < count; i++) {
    const name = heap(entries.u64());
    const target = entries.address();
    const cache = entries.u32();
    entries.skip(4);
    const scratch = new Fields(entries.take(16));
    if (links.length > MAX_LINKS) throw new CannotCarry('it holds too many links');
    if (cache === 2) links.push({ kind: 'soft', name, value: heap(scratch.u32()) });
    else if (target !== null) links.push({ kind: 'hard', name, target });
    else throw new CannotCarry('a link in it leads nowhere');
  }
}

/** Answers the text at an offset of a group's own heap. */
function localHeap(file: FileBytes, address: number | null): (at: number) => Uint8Array {
  if (address === null) throw new CannotCarry('its structure is damaged (HEAP is missing)');
  const header = new Fields(readAt(file, address, 32));
  expectSignature(header, 'HEAP');
  header.skip(4);
  const length = header.u64();
  header.skip(8);
  const data = readAt(file, header.address() ?? 0, length);
  return (at) => new Fields(data.subarray(at)).untilZero();
}
