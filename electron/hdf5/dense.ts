import type { FileBytes } from '../frames/file-bytes.ts';
import { CannotCarry, expectSignature, Fields, readAt } from './bytes.ts';

/**
 * Links and attributes of an object that has many of them: a version 2 B-tree names their places in a fractal heap.
 * Answers each record's heap bytes beside the record itself, in the tree's order. Throws CannotCarry.
 */
export function readDense(
  file: FileBytes,
  heapAddress: number,
  treeAddress: number,
): { record: Uint8Array; object: (heapId: Uint8Array) => Uint8Array }[] {
  const object = fractalHeap(file, heapAddress);
  return treeRecords(file, treeAddress).map((record) => ({ record, object }));
}

const MAX_RECORDS = 1_000_000;
/** What a header can hold of one description. */
const MAX_OBJECT_BYTES = 0xffff;

function treeRecords(file: FileBytes, address: number): Uint8Array[] {
  const header = new Fields(readAt(file, address, 38));
  expectSignature(header, 'BTHD');
  header.skip(2);
  const nodeBytes = header.u32();
  const recordBytes = header.u16();
  const depth = header.u16();
  header.skip(2);
  const root = header.address();
  const rootRecords = header.u16();
  if (root === null) return [];
  // A child's count is stored in as many bytes as its largest count needs.
  const OVERHEAD = 10;
  const most: { records: number; width: number; total: number; totalWidth: number }[] = [];
  const leafMost = Math.floor((nodeBytes - OVERHEAD) / recordBytes);
  most.push({ records: leafMost, width: widthOf(leafMost), total: leafMost, totalWidth: 0 });
  for (let level = 1; level <= depth; level++) {
    const below = most[level - 1] as (typeof most)[number];
    const pointer = 8 + (most[0] as (typeof most)[number]).width + below.totalWidth;
    const records = Math.floor((nodeBytes - OVERHEAD - pointer) / (recordBytes + pointer));
    const total = (records + 1) * below.total + records;
    most.push({ records, width: widthOf(records), total, totalWidth: widthOf(total) });
  }
  const all: Uint8Array[] = [];
  const walk = (at: number, records: number, level: number) => {
    if (all.length > MAX_RECORDS) throw new CannotCarry('it holds too many links or attributes');
    const node = new Fields(readAt(file, at, nodeBytes));
    expectSignature(node, level === 0 ? 'BTLF' : 'BTIN');
    node.skip(2);
    const own = Array.from({ length: records }, () => node.take(recordBytes).slice());
    if (level === 0) {
      all.push(...own);
      return;
    }
    const below = most[level - 1] as (typeof most)[number];
    for (let i = 0; i <= records; i++) {
      const child = node.address();
      const count = node.uint((most[0] as (typeof most)[number]).width);
      if (level > 1) node.skip(below.totalWidth);
      if (child !== null) walk(child, count, level - 1);
      if (i < records) all.push(own[i] as Uint8Array);
    }
  };
  walk(root, rootRecords, depth);
  return all;
}

/** Bytes that hold numbers up to this one. */
function widthOf(limit: number): number {
  let width = 1;
  while (2 ** (8 * width) <= limit) width++;
  return width;
}

/** Answers the bytes that a heap id stands for. */
function fractalHeap(file: FileBytes, address: number): (id: Uint8Array) => Uint8Array {
  const header = new Fields(readAt(file, address, 146));
  expectSignature(header, 'FRHP');
  header.skip(1);
  header.u16();
  const filterBytes = header.u16();
  if (filterBytes > 0) throw new CannotCarry('its links or attributes are compressed');
  header.skip(1);
  const mostManaged = header.u32();
  header.skip(8);
  const hugeTree = header.address();
  header.skip(10 * 8);
  const width = header.u16();
  const startBytes = header.u64();
  const mostDirect = header.u64();
  const offsetBits = header.u16();
  header.skip(2);
  const root = header.address();
  const rootRows = header.u16();
  const offsetBytes = Math.ceil(offsetBits / 8);
  const lengthBytes = Math.min(widthOf(mostDirect), widthOf(mostManaged));
  const directRows = Math.log2(mostDirect / startBytes) + 2;
  const rowBytes = (row: number) => (row === 0 ? startBytes : startBytes * 2 ** (row - 1));

  /** Where the heap's byte `offset` lies in the file, below an indirect block with so many rows. */
  const find = (block: number, rows: number, offset: number): number => {
    const directCount = Math.min(rows, directRows) * width;
    const indirectCount = Math.max(0, rows - directRows) * width;
    const fields = new Fields(readAt(file, block, 5 + 8 + offsetBytes + 8 * (directCount + indirectCount)));
    expectSignature(fields, 'FHIB');
    fields.skip(9 + offsetBytes);
    let begin = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < width; column++) {
        const child = fields.address();
        const end = begin + rowBytes(row);
        if (offset < end) {
          if (child === null) throw new CannotCarry('its structure is damaged (a heap block is missing)');
          if (row < directRows) return child + (offset - begin);
          const rowsBelow = Math.log2(rowBytes(row)) - Math.log2(startBytes * width) + 1;
          return find(child, rowsBelow, offset - begin);
        }
        begin = end;
      }
    }
    throw new CannotCarry('its structure is damaged (a heap is too short)');
  };

  // Objects too large for the heap's blocks lie elsewhere in the file, by numbers that a tree of their own knows.
  let places: Map<number, [address: number, length: number]> | undefined;
  const huge = (id: Uint8Array): Uint8Array => {
    if (hugeTree === null) throw new CannotCarry('its structure is damaged (a large description is missing)');
    places ??= new Map(
      treeRecords(file, hugeTree).map((record) => {
        const fields = new Fields(record);
        const [address, length] = [fields.u64(), fields.u64()];
        return [fields.u64(), [address, length]];
      }),
    );
    const place = places.get(new Fields(id.subarray(1)).uint(Math.min(8, id.length - 1)));
    if (!place || place[1] > MAX_OBJECT_BYTES) throw new CannotCarry('a description in it is longer than 64 kB');
    return readAt(file, ...place);
  };

  return (id) => {
    const fields = new Fields(id);
    const kind = (fields.u8() >> 4) & 3;
    if (kind === 2) return fields.take(((id[0] as number) & 15) + 1).slice();
    if (kind === 1) return huge(id);
    if (kind !== 0 || root === null) throw new CannotCarry('its structure is damaged (a heap is missing)');
    const offset = fields.uint(offsetBytes);
    const length = fields.uint(lengthBytes);
    return readAt(file, rootRows === 0 ? root + offset : find(root, rootRows, offset), length);
  };
}
