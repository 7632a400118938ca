import { addressAt, type FileBytes } from './file-bytes.ts';

/**
 * Where a dataset's samples lie in the file. Only the forms that recorders write are known here: chunks indexed by a
 * version 1 B-tree, and one contiguous run. Whatever else there is (newer chunk indices, compact storage, user blocks,
 * addresses of another width, external files) is null: the HDF5 library reads it.
 */
export type StorageLayout =
  | { kind: 'chunks'; rootNode: number; chunk: number[]; valueBytes: number }
  | { kind: 'contiguous'; address: number; bytes: number };

const SIGNATURE = 0x89484446;
const SIGNATURE_END = 0x0d0a1a0a;
/** "OHDR" and "OCHK", read big-endian. */
const OBJECT_HEADER = 0x4f484452;
const HEADER_CONTINUED = 0x4f43484b;

const MESSAGE_EXTERNAL_FILES = 0x07;
const MESSAGE_LAYOUT = 0x08;
const MESSAGE_CONTINUATION = 0x10;
const MESSAGE_IS_SHARED = 2;
/** A dataset's header has a handful of blocks; a file made to exhaust the reader meets these. */
const MAX_BLOCKS = 64;
const MAX_BLOCK_BYTES = 2 ** 20;

/** Whether addresses in this file are plain offsets of 8 bytes: its superblock stands at its begin and says so. */
export function hasPlainAddresses(file: FileBytes): boolean {
  const start = file.at(0, 48);
  if (!start || start.getUint32(0) !== SIGNATURE || start.getUint32(4) !== SIGNATURE_END) return false;
  const version = start.getUint8(8);
  if (version > 3) return false;
  const [widths, base] = version < 2 ? [13, version === 0 ? 24 : 28] : [9, 12];
  return start.getUint8(widths) === 8 && start.getUint8(widths + 1) === 8 && start.getBigUint64(base, true) === 0n;
}

/** The layout that the dataset with its object header at this address has; null where it is none of the known ones. */
export function layoutOf(file: FileBytes, header: number): StorageLayout | null {
  let layout: StorageLayout | null = null;
  for (const { type, flags, data } of messagesOf(file, header)) {
    if (type === MESSAGE_EXTERNAL_FILES) return null;
    if (type !== MESSAGE_LAYOUT) continue;
    if (flags & MESSAGE_IS_SHARED || layout) return null;
    layout = parseLayout(data);
    if (!layout) return null;
  }
  return layout;
}

interface Message {
  type: number;
  flags: number;
  data: DataView;
}

/** A stretch of messages: of version 1, or of version 2 with or without creation order. */
interface Block {
  view: DataView;
  version: 1 | 2;
  isOrdered: boolean;
}

function* messagesOf(file: FileBytes, header: number): Generator<Message> {
  const first = firstBlock(file, header);
  const blocks = first ? [first] : [];
  for (let at = 0; at < blocks.length && at < MAX_BLOCKS; at++) {
    const block = blocks[at] as Block;
    for (const message of messagesIn(block)) {
      const { type, data } = message;
      if (type === MESSAGE_CONTINUATION) {
        const next = data.byteLength >= 16 ? continuation(file, block, data) : null;
        // A header that cannot be read whole is not read at all: the part that is missing may forbid what the rest allows.
        if (!next) yield { type: MESSAGE_EXTERNAL_FILES, flags: 0, data };
        else blocks.push(next);
      } else yield message;
    }
  }
}

function firstBlock(file: FileBytes, header: number): Block | null {
  const start = file.at(header, 16);
  if (!start) return null;
  if (start.getUint32(0) !== OBJECT_HEADER) {
    if (start.getUint8(0) !== 1) return null;
    const view = block(file, header + 16, start.getUint32(8, true));
    return view && { view, version: 1, isOrdered: false };
  }
  const flags = start.getUint8(5);
  if (start.getUint8(4) !== 2) return null;
  const sizeAt = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const sizeBytes = 1 << (flags & 3);
  const sized = sizeBytes <= 4 ? file.at(header + sizeAt, sizeBytes) : null;
  if (!sized) return null;
  const size =
    sizeBytes === 1 ? sized.getUint8(0) : sizeBytes === 2 ? sized.getUint16(0, true) : sized.getUint32(0, true);
  const view = block(file, header + sizeAt + sizeBytes, size);
  return view && { view, version: 2, isOrdered: (flags & 4) !== 0 };
}

function continuation(file: FileBytes, { version, isOrdered }: Block, data: DataView): Block | null {
  const address = addressAt(data, 0);
  const length = addressAt(data, 8);
  const view = address === null || length === null ? null : block(file, address, length);
  if (!view || version === 1) return view && { view, version, isOrdered };
  // A signature before, a checksum behind.
  if (view.byteLength < 8 || view.getUint32(0) !== HEADER_CONTINUED) return null;
  return { view: new DataView(view.buffer, 4, view.byteLength - 8), version, isOrdered };
}

function block(file: FileBytes, at: number, length: number): DataView | null {
  return length > MAX_BLOCK_BYTES ? null : file.at(at, length);
}

function* messagesIn({ view, version, isOrdered }: Block): Generator<Message> {
  const prefix = version === 1 ? 8 : isOrdered ? 6 : 4;
  let at = 0;
  while (at + prefix <= view.byteLength) {
    const type = version === 1 ? view.getUint16(at, true) : view.getUint8(at);
    const size = view.getUint16(at + (version === 1 ? 2 : 1), true);
    const flags = view.getUint8(at + (version === 1 ? 4 : 3));
    const begin = at + prefix;
    if (begin + size > view.byteLength) return;
    yield { type, flags, data: new DataView(view.buffer, view.byteOffset + begin, size) };
    at = begin + size;
  }
}

const CONTIGUOUS = 1;
const CHUNKED = 2;

/** Version 3 is what every library writes unless it was told to be understood by the newest alone. */
function parseLayout(data: DataView): StorageLayout | null {
  if (data.byteLength < 3 || data.getUint8(0) !== 3) return null;
  const kind = data.getUint8(1);
  if (kind === CONTIGUOUS && data.byteLength >= 18) {
    const address = addressAt(data, 2);
    const bytes = addressAt(data, 10);
    return address === null || bytes === null ? null : { kind: 'contiguous', address, bytes };
  }
  if (kind !== CHUNKED) return null;
  const sizes = data.getUint8(2);
  if (sizes < 2 || data.byteLength < 11 + sizes * 4) return null;
  const rootNode = addressAt(data, 3);
  const chunk = Array.from({ length: sizes }, (_, axis) => data.getUint32(11 + axis * 4, true));
  const valueBytes = chunk.pop() as number;
  return rootNode === null ? null : { kind: 'chunks', rootNode, chunk, valueBytes };
}
