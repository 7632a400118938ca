import type { FileBytes } from '../frames/file-bytes.ts';
import { Fields, readAt } from './bytes.ts';
import { type ChunkTools, chunkValues } from './chunks.ts';
import type { Slot, ValueType } from './datatype.ts';
import { MESSAGE } from './object-header.ts';
import { OldHeap } from './old-heap.ts';
import type { PlannedObject } from './plan.ts';

/** What the copy says otherwise than its original, as the middle of a sentence; null where everything is said alike. */
export type Difference = string | null;

export interface Side {
  objects: readonly PlannedObject[];
  tools: Pick<ChunkTools, 'file' | 'unpacker' | 'readRegion'>;
}

/** These say where things lie, and how they are packed. */
const PLACES = new Set<number>([MESSAGE.layout, MESSAGE.filters, MESSAGE.symbolTable]);

/**
 * Objects, names, links, types, shapes, fill values, comments, times and attributes of both files; and the values of
 * datasets that name other places (texts of any length, lists, references), which the library does not hand out as they
 * are stored.
 */
export function compareStructure(old: Side, copy: Side): Difference {
  if (old.objects.length !== copy.objects.length) return 'the number of objects';
  const readers = [readerOf(old), readerOf(copy)] as const;
  for (const [at, before] of old.objects.entries()) {
    const after = copy.objects[at] as PlannedObject;
    const name = before.path || 'the root';
    if (before.path !== after.path) return `the name of ${name}`;
    const difference = compareObject(before, after, readers);
    if (difference) return `${difference} of ${name}`;
  }
  return null;
}

type Reader = ReturnType<typeof readerOf>;

function readerOf({ objects, tools }: Side) {
  const heap = new OldHeap(tools.file);
  const paths = new Map(objects.map(({ from, path }) => [from, path]));
  const pathOf = (address: number) => paths.get(address) ?? `nothing at ${address}`;
  /** The values with what they name instead of where it lies. */
  const meaning = (bytes: Uint8Array, count: number, valueBytes: number, slots: readonly Slot[]): Buffer => {
    const plain = Buffer.from(bytes);
    const named: Buffer[] = [plain];
    for (let i = 0; i < count; i++) {
      for (const slot of slots) {
        const from = i * valueBytes + slot.offset;
        named.push(meaningOf(bytes.subarray(from), slot));
        plain.fill(0, from, from + (slot.kind === 'object' ? 8 : slot.kind === 'region' ? 12 : 16));
      }
    }
    return Buffer.concat(named);
  };
  const meaningOf = (at: Uint8Array, slot: Slot): Buffer => {
    const fields = new Fields(at);
    if (slot.kind === 'object') {
      const address = fields.address();
      return Buffer.from(address ? pathOf(address) : '\0');
    }
    const length = slot.kind === 'vlen' ? fields.u32() : 0;
    const address = fields.address();
    const index = fields.u32();
    if (!address) return Buffer.from([0]);
    const object = heap.object(address, index);
    if (slot.kind === 'region') {
      return Buffer.concat([Buffer.from(pathOf(new Fields(object).u64())), object.subarray(8)]);
    }
    const values = object.subarray(0, length * slot.elementBytes);
    return Buffer.concat([Buffer.from(`${length}:`), meaning(values, length, slot.elementBytes, slot.slots)]);
  };
  return { tools, pathOf, meaning };
}

function compareObject(
  before: PlannedObject,
  after: PlannedObject,
  [old, copy]: readonly [Reader, Reader],
): Difference {
  if (before.header.references !== after.header.references) return 'the number of links';
  const told = [before, after].map(({ header }) => header.messages.filter(({ type }) => !PLACES.has(type)));
  const [beforeMessages = [], afterMessages = []] = told;
  if (beforeMessages.length !== afterMessages.length) return 'the description';
  for (const [at, message] of beforeMessages.entries()) {
    const other = afterMessages[at];
    if (message.type !== other?.type || message.order !== other.order) return 'the order of the description';
    // What names places is made for both of the same addresses: of paths.
    const [said, saidOther] = [old, copy].map((reader, side) => {
      const of = side === 0 ? message : other;
      if (!of.attribute && !of.make) return Buffer.from(of.data);
      const made = Buffer.from(of.data);
      if (!of.attribute) return made.subarray(0, made.length - 8);
      const { values, valuesAt, count, type } = of.attribute;
      return Buffer.concat([made.subarray(0, valuesAt), reader.meaning(values, count, type.bytes, type.slots)]);
    }) as [Buffer, Buffer];
    // A type that other objects share is named by its address.
    const isShared = message.make !== undefined && message.attribute === undefined;
    if (!isShared && !said.equals(saidOther))
      return message.attribute ? `the attribute ${message.attribute.name}` : 'the description';
  }
  const names = [before, after].map(({ table }, side) => {
    const reader = side === 0 ? old : copy;
    return JSON.stringify(
      (table ?? []).map((link) => [
        Buffer.from(link.name).toString('hex'),
        link.kind,
        link.kind === 'hard'
          ? reader.pathOf(link.target)
          : link.kind === 'soft'
            ? Buffer.from(link.value).toString('hex')
            : '',
      ]),
    );
  });
  if (names[0] !== names[1]) return 'the names';
  return compareNamedValues(before, after, old, copy);
}

function compareNamedValues(before: PlannedObject, after: PlannedObject, old: Reader, copy: Reader): Difference {
  if (!before.dataset || !after.dataset) return before.dataset === after.dataset ? null : 'the kind';
  if (before.dataset.storage.kind !== after.dataset.storage.kind) return 'the storage';
  const { type } = before.dataset;
  if (type.slots.length === 0) return null;
  const [a, b] = [valuesOf(before, old), valuesOf(after, copy)];
  for (;;) {
    const [one, other] = [a.next(), b.next()];
    if (one.done || other.done) return one.done === other.done ? null : 'the values';
    const count = Math.floor(one.value.length / type.bytes);
    const said = old.meaning(one.value, count, type.bytes, type.slots);
    if (!said.equals(copy.meaning(other.value, count, type.bytes, type.slots))) return 'the values';
  }
}

function* valuesOf({ path, dataset }: PlannedObject, { tools }: Reader): Generator<Uint8Array> {
  if (!dataset) return;
  const { storage, type } = dataset;
  if (storage.kind === 'compact') yield storage.data;
  else if (storage.kind === 'chunks') yield* chunkValues(path, dataset, tools);
  else if (storage.address !== null) yield* contiguous(tools.file, storage.address, storage.bytes, type);
}

function* contiguous(file: FileBytes, address: number, bytes: number, type: ValueType): Generator<Uint8Array> {
  const step = Math.max(1, Math.floor(2 ** 20 / type.bytes)) * type.bytes;
  for (let done = 0; done < bytes; done += step) yield readAt(file, address + done, Math.min(step, bytes - done));
}
