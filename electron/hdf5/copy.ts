import type { FileBytes } from '../frames/file-bytes.ts';
import { CannotCarry, Fields, pack, readAt } from './bytes.ts';
import {
  type ChunkTools,
  chunkedLayout,
  copyChunks,
  DEFAULT_LEVEL,
  gzipFilters,
  keepsChunks,
  newChunk,
} from './chunks.ts';
import type { Slot, ValueType } from './datatype.ts';
import { NewFile } from './new-file.ts';
import { MESSAGE, writeHeader } from './object-header.ts';
import { OldHeap } from './old-heap.ts';
import type { PlannedDataset, PlannedHeader, PlannedObject, Target } from './plan.ts';

const COPY_BYTES = 4 * 2 ** 20;

/**
 * Writes a new file that holds everything that is planned: every object, link, attribute and value, descriptions byte by
 * byte as they are; chunked datasets as they are stored, or (with a level) shuffled and packed with gzip, their chunks no
 * longer than the dataset. Throws CannotCarry, or the system's error.
 */
export async function copyPlanned(
  objects: readonly PlannedObject[],
  descriptor: number,
  tools: ChunkTools,
): Promise<{ bytes: number }> {
  const to = new NewFile(descriptor);
  const places = new Map<number, number>();
  // Headers come first, so that all can name each other; how long each is is known before what is in it.
  for (const object of objects) places.set(object.from, to.allocate(writeHeader(prepared(object, tools.level)).length));
  const target = targetOf(tools.file, to, places);
  let rootTable: { tree: number; heap: number } | null = null;
  for (const object of objects) {
    const { dataset } = object;
    const layout = dataset ? await copyValues({ ...object, dataset }, to, target, tools) : null;
    const table = object.table ? to.symbolTable(object.table, target.addressOf) : null;
    if (object.path === '') rootTable = table;
    const messages = prepared(object, tools.level).messages.map((message) => {
      if (message.type === MESSAGE.layout && layout) return { ...message, data: layout };
      if (message.type === MESSAGE.symbolTable && table)
        return { ...message, data: pack([table.tree, 8], [table.heap, 8]) };
      return message.make ? { ...message, data: message.make(target) } : message;
    });
    to.write(target.addressOf(object.from), writeHeader({ ...object.header, messages }));
  }
  to.finish(target.addressOf((objects[0] as PlannedObject).from), rootTable);
  return { bytes: to.bytes };
}

/** The new header, with addresses that are not known yet left open. */
function prepared({ header, dataset }: PlannedObject, level: number | null): PlannedHeader {
  if (!dataset) return header;
  const messages = header.messages.map((message) =>
    message.type === MESSAGE.layout ? { ...message, data: openLayout(dataset, level) } : message,
  );
  if (keepsChunks(dataset, level)) return { ...header, messages };
  const packed = gzipFilters(dataset.type.bytes, level ?? DEFAULT_LEVEL);
  const filters = { type: MESSAGE.filters, flags: 0, order: 0, data: packed };
  return { ...header, messages: [...messages.filter(({ type }) => type !== MESSAGE.filters), filters] };
}

function openLayout(dataset: PlannedDataset, level: number | null): Uint8Array {
  const { storage, type } = dataset;
  switch (storage.kind) {
    case 'compact':
      return pack(3, 0, [storage.data.length, 2], storage.data);
    case 'contiguous':
      return pack(3, 1, [null, 8], [storage.bytes, 8]);
    case 'chunks':
      return chunkedLayout(null, newChunk(dataset, level) as number[], type.bytes);
  }
}

type WithDataset = PlannedObject & { dataset: PlannedDataset };

/** Answers the layout that says where the values lie now. */
async function copyValues(object: WithDataset, to: NewFile, target: Target, tools: ChunkTools): Promise<Uint8Array> {
  const { storage, type } = object.dataset;
  switch (storage.kind) {
    case 'compact': {
      const values = target.moved(storage.data, Math.floor(storage.data.length / type.bytes), type);
      return pack(3, 0, [values.length, 2], values);
    }
    case 'contiguous': {
      if (storage.address === null) return openLayout(object.dataset, tools.level);
      const address = to.allocate(storage.bytes);
      const step = Math.max(1, Math.floor(COPY_BYTES / type.bytes)) * type.bytes;
      for (let done = 0; done < storage.bytes; done += step) {
        const bytes = readAt(tools.file, storage.address + done, Math.min(step, storage.bytes - done));
        to.write(address + done, target.moved(bytes, Math.floor(bytes.length / type.bytes), type));
        tools.onBytes(bytes.length);
      }
      return pack(3, 1, [address, 8], [storage.bytes, 8]);
    }
    case 'chunks': {
      const tree = await copyChunks(object, to, target, tools);
      return chunkedLayout(tree, newChunk(object.dataset, tools.level) as number[], type.bytes);
    }
  }
}

function targetOf(file: FileBytes, to: NewFile, places: ReadonlyMap<number, number>): Target {
  const heap = new OldHeap(file);
  const addressOf = (object: number) => {
    const address = places.get(object);
    if (address === undefined) throw new CannotCarry('it holds a reference to something that has no name');
    return address;
  };
  const move = (bytes: Uint8Array, count: number, valueBytes: number, slots: readonly Slot[]) => {
    for (let i = 0; i < count; i++) {
      for (const slot of slots) moveOne(bytes.subarray(i * valueBytes + slot.offset), slot);
    }
  };
  const moveOne = (at: Uint8Array, slot: Slot) => {
    const fields = new Fields(at);
    if (slot.kind === 'object') {
      const object = fields.address();
      if (object) at.set(pack([addressOf(object), 8]));
      return;
    }
    const length = slot.kind === 'vlen' ? fields.u32() : 0;
    const address = fields.address();
    const index = fields.u32();
    if (!address) return;
    const object = heap.object(address, index).slice();
    if (slot.kind === 'region') {
      const dataset = new Fields(object).u64();
      object.set(pack([addressOf(dataset), 8]));
      const kept = to.heapObject(object);
      at.set(pack([kept.address, 8], [kept.index, 4]));
      return;
    }
    const values = object.subarray(0, length * slot.elementBytes);
    if (values.length < length * slot.elementBytes) throw new CannotCarry('a text or list in it is damaged');
    move(values, length, slot.elementBytes, slot.slots);
    const kept = to.heapObject(values);
    at.set(pack([length, 4], [kept.address, 8], [kept.index, 4]));
  };
  return {
    addressOf,
    kept: (bytes) => to.heapObject(bytes),
    moved(values: Uint8Array, count: number, type: ValueType) {
      if (type.slots.length === 0) return values;
      const moved = values.slice();
      move(moved, count, type.bytes, type.slots);
      return moved;
    },
  };
}
