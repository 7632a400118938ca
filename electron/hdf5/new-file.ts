import { ftruncateSync, writeSync } from 'node:fs';
import { join, pack, padded, wide } from './bytes.ts';
import type { Link } from './links.ts';

const SUPERBLOCK_BYTES = 96;
const GROUP_LEAF_K = 4;
const GROUP_NODE_K = 16;
/** The format's default: in files like these it is written nowhere. */
const CHUNK_NODE_K = 32;

/** A file in the oldest structures, which every reader knows, written from its begin to its end. */
export class NewFile {
  #end = SUPERBLOCK_BYTES;
  #heap: { address: number; bytes: Uint8Array; used: number; count: number } | null = null;

  constructor(private readonly descriptor: number) {}

  get bytes(): number {
    return this.#end;
  }

  /** Address of so many bytes that nobody else gets, at a multiple of eight. */
  allocate(bytes: number): number {
    const address = wide(this.#end);
    this.#end = address + bytes;
    return address;
  }

  write(address: number, bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) done += writeSync(this.descriptor, bytes, done, bytes.length - done, address + done);
  }

  append(bytes: Uint8Array): number {
    const address = this.allocate(bytes.length);
    this.write(address, bytes);
    return address;
  }

  /** Keeps the bytes of an element of variable length. */
  heapObject(bytes: Uint8Array): { address: number; index: number } {
    const needed = 16 + wide(bytes.length);
    if (!this.#heap || this.#heap.count >= 0xffff || this.#heap.bytes.length - this.#heap.used < needed + 16) {
      this.#closeHeap();
      const length = Math.max(4096, 16 + needed + 16);
      this.#heap = { address: this.allocate(length), bytes: new Uint8Array(length), used: 16, count: 0 };
      this.#heap.bytes.set(pack('GCOL', 1, [0, 3], [length, 8]));
    }
    const heap = this.#heap;
    heap.count++;
    heap.bytes.set(pack([heap.count, 2], [1, 2], [0, 4], [bytes.length, 8]), heap.used);
    heap.bytes.set(bytes, heap.used + 16);
    heap.used += needed;
    return { address: heap.address, index: heap.count };
  }

  #closeHeap(): void {
    if (!this.#heap) return;
    const { address, bytes, used } = this.#heap;
    bytes.set(pack([0, 2], [0, 2], [0, 4], [bytes.length - used, 8]), used);
    this.write(address, bytes);
    this.#heap = null;
  }

  /** The links of a group as a symbol table; answers what the group's header says of it. */
  symbolTable(links: readonly Link[], addressOf: (target: number) => number): { tree: number; heap: number } {
    const sorted = [...links].sort((a, b) => Buffer.compare(a.name, b.name));
    const texts: Uint8Array[] = [new Uint8Array(8)];
    let textBytes = 8;
    const text = (value: Uint8Array) => {
      const bytes = padded(join([value, new Uint8Array(1)]));
      texts.push(bytes);
      textBytes += bytes.length;
      return textBytes - bytes.length;
    };
    const symbols = sorted.map((link) => {
      const name = text(link.name);
      if (link.kind === 'soft')
        return { name, bytes: pack([name, 8], [null, 8], [2, 4], [0, 4], [text(link.value), 4], [0, 12]) };
      if (link.kind !== 'hard') throw new Error('A symbol table holds no links to other files.');
      return { name, bytes: pack([name, 8], [addressOf(link.target), 8], [0, 4], [0, 4], [0, 16]) };
    });
    const data = this.append(join(texts));
    const heap = this.append(pack('HEAP', 0, [0, 3], [textBytes, 8], [1, 8], [data, 8]));
    // Each child, and the last name in it.
    let children: { at: number; last: number }[] = [];
    for (const group of inGroups(symbols, 2 * GROUP_LEAF_K)) {
      const node = new Uint8Array(8 + 2 * GROUP_LEAF_K * 40);
      node.set(pack('SNOD', 1, 0, [group.length, 2], ...group.map(({ bytes }) => bytes)));
      children.push({ at: this.append(node), last: (group.at(-1) as { name: number }).name });
    }
    for (let level = 0; ; level++) {
      const groups = children.length === 0 ? [[]] : inGroups(children, 2 * GROUP_NODE_K);
      const nodeBytes = 24 + 2 * GROUP_NODE_K * 8 + (2 * GROUP_NODE_K + 1) * 8;
      const addresses = groups.map(() => this.allocate(nodeBytes));
      let first = 0;
      children = groups.map((group, at) => {
        const node = new Uint8Array(nodeBytes);
        const siblings = [[addresses[at - 1] ?? null, 8] as const, [addresses[at + 1] ?? null, 8] as const];
        const entries = group.flatMap((child) => [[child.at, 8] as const, [child.last, 8] as const]);
        node.set(pack('TREE', 0, level, [group.length, 2], ...siblings, [first, 8], ...entries));
        this.write(addresses[at] as number, node);
        first = group.at(-1)?.last ?? 0;
        return { at: addresses[at] as number, last: first };
      });
      if (children.length === 1) return { tree: (children[0] as { at: number }).at, heap };
    }
  }

  chunkTree(chunk: readonly number[]): ChunkTree {
    return new ChunkTree(this, chunk, CHUNK_NODE_K);
  }

  /** What stands at the file's begin; last of all, for it makes the file one. */
  finish(root: number, table: { tree: number; heap: number } | null): void {
    this.#closeHeap();
    this.#end = wide(this.#end);
    // The file is as long as it says, though what was written last may end before.
    ftruncateSync(this.descriptor, this.#end);
    const cached = table ? pack([1, 4], [0, 4], [table.tree, 8], [table.heap, 8]) : pack([0, 4], [0, 4], [0, 16]);
    const start = pack(
      Uint8Array.of(0x89),
      'HDF\r\n',
      Uint8Array.of(0x1a),
      '\n',
      ...[0, 0, 0, 0, 0, 8, 8, 0],
      [GROUP_LEAF_K, 2],
      [GROUP_NODE_K, 2],
      [0, 4],
      [0, 8],
      [null, 8],
      [this.#end, 8],
      [null, 8],
      [0, 8],
      [root, 8],
      cached,
    );
    this.write(0, start);
  }
}

interface ChunkEntry {
  /** Of the first chunk below. */
  key: Uint8Array;
  address: number;
}

interface Level {
  entries: ChunkEntry[];
  /** The node written last. */
  before: number | null;
}

/** The index of a dataset's chunks, made while they come in order; of most chunks nothing stays in memory. */
export class ChunkTree {
  readonly #levels: Level[] = [];
  readonly #keyBytes: number;
  #lastOffsets: readonly number[] | null = null;

  constructor(
    private readonly file: NewFile,
    private readonly chunk: readonly number[],
    private readonly k: number,
  ) {
    this.#keyBytes = 8 + 8 * (chunk.length + 1);
  }

  add(address: number, bytes: number, filterMask: number, offsets: readonly number[]): void {
    this.#lastOffsets = offsets;
    this.#put(0, { key: this.#key(bytes, filterMask, offsets), address });
  }

  /** Address of the root; null when no chunk was added. */
  finish(): number | null {
    if (!this.#lastOffsets) return null;
    for (let level = 0; ; level++) {
      const { entries, before } = this.#levels[level] as Level;
      const isTop = level === this.#levels.length - 1;
      // The top is a node of its own unless it has only one child that is a node already.
      if (isTop && level > 0 && entries.length === 1 && before === null) return (entries[0] as ChunkEntry).address;
      if (entries.length > 0) this.#write(level, null);
    }
  }

  #put(level: number, entry: ChunkEntry): void {
    this.#levels[level] ??= { entries: [], before: null };
    const { entries } = this.#levels[level];
    if (entries.length === 2 * this.k) this.#write(level, entry);
    entries.push(entry);
  }

  /** Writes the node that is full; its neighbour to the right, if there is one, comes to lie where `next` says. */
  #write(level: number, next: ChunkEntry | null): void {
    const state = this.#levels[level] as Level;
    const nodeBytes = 24 + 2 * this.k * 8 + (2 * this.k + 1) * this.#keyBytes;
    const address = this.file.allocate(nodeBytes);
    const node = new Uint8Array(nodeBytes);
    const entries = state.entries.flatMap(({ key, address: child }) => [key, pack([child, 8])]);
    const end = next?.key ?? this.#endKey();
    node.set(pack('TREE', 1, level, [state.entries.length, 2], [state.before, 8], [null, 8], ...entries, end));
    this.file.write(address, node);
    if (state.before !== null) this.file.write(state.before + 16, pack([address, 8]));
    state.before = address;
    this.#put(level + 1, { key: (state.entries[0] as ChunkEntry).key, address });
    state.entries.length = 0;
  }

  #key(bytes: number, filterMask: number, offsets: readonly number[]): Uint8Array {
    return pack([bytes, 4], [filterMask, 4], ...offsets.map((offset) => [offset, 8] as const), [0, 8]);
  }

  /** Behind the last chunk. */
  #endKey(): Uint8Array {
    const last = this.#lastOffsets as readonly number[];
    return this.#key(
      0,
      0,
      last.map((offset, axis) => offset + (this.chunk[axis] as number)),
    );
  }
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
