import { addressAt, type FileBytes } from './file-bytes.ts';

/** One stored chunk. */
export interface StoredChunk {
  address: number;
  bytes: number;
  /** Bit i: the dataset's filter i was not applied to this chunk. */
  filterMask: number;
}

interface Node {
  level: number;
  entries: number;
  view: DataView;
}

/** "TREE", read big-endian. */
const NODE = 0x54524545;
const NODE_OF_CHUNKS = 1;
const NODE_HEADER_BYTES = 24;
/** What a node of the usual width fits into, for up to five axes. */
const USUAL_NODE_BYTES = 4096;
/** 64 chunks a leaf: enough for what is scrubbed over, and a quarter of a megabyte. */
const MAX_NODES = 64;
/** Deeper than any file: 2⁶⁴ chunks. */
const MAX_LEVELS = 12;

/**
 * Finds a chunk by its sample in a version 1 B-tree, for datasets whose chunks are one whole sample each. What it walked
 * over it keeps. Null for what is not there (it was never written, and reads as the fill value) and for every oddity.
 */
export class ChunkIndex {
  readonly #nodes = new Map<number, Node>();
  /** Of a chunk's description: bytes, filter mask, and its place on every axis and within the value. */
  readonly #keyBytes: number;

  constructor(
    private readonly file: FileBytes,
    private readonly rootNode: number,
    private readonly axes: number,
  ) {
    this.#keyBytes = 8 + 8 * (axes + 1);
  }

  find(sample: number): StoredChunk | null {
    let address = this.rootNode;
    let above = MAX_LEVELS;
    for (;;) {
      const node = this.#node(address);
      if (!node || node.level >= above) return null;
      const entry = this.#entryFor(node, sample);
      if (entry < 0) return null;
      const at = NODE_HEADER_BYTES + entry * (this.#keyBytes + 8);
      const child = addressAt(node.view, at + this.#keyBytes);
      if (child === null) return null;
      if (node.level === 0) return this.#chunk(node.view, at, child, sample);
      above = node.level;
      address = child;
    }
  }

  #chunk(view: DataView, at: number, address: number, sample: number): StoredChunk | null {
    if (view.getBigUint64(at + 8, true) !== BigInt(sample)) return null;
    for (let axis = 1; axis <= this.axes; axis++) if (view.getBigUint64(at + 8 + axis * 8, true) !== 0n) return null;
    return { address, bytes: view.getUint32(at, true), filterMask: view.getUint32(at + 4, true) };
  }

  /** The last entry that begins at the sample or before it; −1 when all begin behind it. */
  #entryFor({ view, entries }: Node, sample: number): number {
    const wanted = BigInt(sample);
    let low = 0;
    let high = entries;
    while (low < high) {
      const middle = (low + high) >> 1;
      const begin = view.getBigUint64(NODE_HEADER_BYTES + middle * (this.#keyBytes + 8) + 8, true);
      if (begin <= wanted) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #node(address: number): Node | null {
    const known = this.#nodes.get(address);
    if (known) return known;
    const read = this.#read(address);
    if (!read) return null;
    if (this.#nodes.size >= MAX_NODES) this.#nodes.clear();
    this.#nodes.set(address, read);
    return read;
  }

  #read(address: number): Node | null {
    const usual = this.file.at(address, USUAL_NODE_BYTES) ?? this.file.at(address, NODE_HEADER_BYTES);
    if (!usual || usual.getUint32(0) !== NODE || usual.getUint8(4) !== NODE_OF_CHUNKS) return null;
    const entries = usual.getUint16(6, true);
    const bytes = NODE_HEADER_BYTES + entries * (this.#keyBytes + 8);
    const view = bytes <= usual.byteLength ? usual : this.file.at(address, bytes);
    return view && { level: usual.getUint8(5), entries, view };
  }
}
