import { lastReason, type OpenRecording } from '../frames/hdf5-files.ts';
import type { Hdf5Library, LibraryModule } from '../frames/hdf5-library.ts';
import { CannotCarry } from './bytes.ts';
import { keepsChunks, newChunk } from './chunks.ts';
import type { Difference } from './compare-structure.ts';
import type { Slot } from './datatype.ts';
import type { FileEdit } from './edit-plan.ts';
import type { PlannedObject } from './plan.ts';

/** Bytes of each file that are compared at once. */
const AT_ONCE = 8 * 2 ** 20;
const MOST_AT_ONCE = 128 * 2 ** 20;

export interface CompareOptions {
  /** What the copy was packed with; null where it was to stay as it is. */
  level: number | null;
  /** What the copy says otherwise by intent: `objects` leave it out. */
  edit: FileEdit | null;
  onBytes(bytes: number): void;
}

/**
 * What the reference library says of both files: the members of each group, and of each dataset its type, shape, filters
 * and every value. It is the judge of the copy, for it shares no code with what wrote it.
 */
export function compareByLibrary(
  library: Hdf5Library,
  old: OpenRecording,
  copy: OpenRecording,
  objects: readonly PlannedObject[],
  { level, edit, onBytes }: CompareOptions,
): Difference {
  const { module } = library;
  for (const object of objects) {
    const { path, dataset } = object;
    const name = path || 'the root';
    const attribute = differentAttribute(library, old, copy, object);
    if (attribute !== null) return `the attribute ${attribute} of ${name}`;
    if (!dataset) {
      if (!isGroup(object)) continue;
      // What only one of them has was seen by the plan; the order of the rest is the library's to tell.
      const listed = [old, copy].map(({ id }) => [...module.get_names(id, `/${path}`, false)]) as [string[], string[]];
      const [names, others] = listed.map((all, at) =>
        all.filter((each) => !edit || (listed[1 - at] as string[]).includes(each)).join('\n'),
      );
      if (names !== others) return `the members of ${name}`;
      continue;
    }
    const [before, after] = [old, copy].map((file) => file.facts(path)) as [Facts, Facts];
    if (before.fault ?? after.fault) return `${name}, which cannot be read (${before.fault ?? after.fault})`;
    const about = [before, after].map(({ metadata }) => JSON.stringify({ ...metadata, chunks: null }));
    if (about[0] !== about[1]) return `the type or shape of ${name}`;
    if (JSON.stringify(after.chunk) !== JSON.stringify(newChunk(dataset, level))) return `the chunks of ${name}`;
    const isFilterKept = keepsChunks(dataset, level);
    if (isFilterKept && JSON.stringify(before.filters) !== JSON.stringify(after.filters))
      return `the filters of ${name}`;
    // Values that name other places are compared where they are stored: the library answers pointers.
    if (dataset.type.slots.length > 0 || before.isNull) continue;
    if (!sameValues(module, old, copy, path, before, onBytes)) return `the values of ${name}`;
  }
  return null;
}

/** Name of an attribute that the library reads differently. */
function differentAttribute(
  library: Hdf5Library,
  old: OpenRecording,
  copy: OpenRecording,
  { path, header }: PlannedObject,
): string | null {
  const planned = header.messages.flatMap(({ attribute }) => attribute ?? []);
  if (planned.length === 0) return null;
  const [before, after] = [old, copy].map(({ id }) => new library.Group(id, `/${path}`).attrs);
  for (const { name, type } of planned) {
    // References are addresses, which are others in the copy.
    if (namesObjects(type.slots)) continue;
    const [said, saidOther] = [before, after].map((attributes) => sayAttribute(attributes?.[name]));
    if (said !== saidOther) return name;
  }
  return null;
}

function namesObjects(slots: readonly Slot[]): boolean {
  return slots.some((slot) => slot.kind !== 'vlen' || namesObjects(slot.slots));
}

function sayAttribute(attribute: { metadata: unknown; json_value: unknown } | undefined): string {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
  try {
    return JSON.stringify([attribute?.metadata, attribute?.json_value], plain);
  } catch {
    // A kind of value that the library's wrapper has no words for.
    return JSON.stringify(attribute?.metadata ?? null, plain);
  }
}

type Facts = ReturnType<OpenRecording['facts']>;

function isGroup({ header }: PlannedObject): boolean {
  return header.messages.some(({ type }) => type === 0x11 || type === 0x02 || type === 0x06);
}

function sameValues(
  module: LibraryModule,
  old: OpenRecording,
  copy: OpenRecording,
  path: string,
  { shape, metadata, chunk }: Facts,
  onBytes: (bytes: number) => void,
): boolean {
  for (const { offset, count } of slabs(shape, metadata.size, chunk?.[0])) {
    const bytes = count.reduce((product, size) => product * size, metadata.size);
    const [a, b] = [module._malloc(bytes), module._malloc(bytes)];
    try {
      if (!a || !b) throw new Error('The comparing thread is out of memory.');
      read(module, old, path, offset, count, a);
      read(module, copy, path, offset, count, b);
      if (Buffer.compare(module.HEAPU8.subarray(a, a + bytes), module.HEAPU8.subarray(b, b + bytes)) !== 0)
        return false;
    } finally {
      module._free(a);
      module._free(b);
    }
    onBytes(bytes);
  }
  return true;
}

/** Reads a region into the library's memory. Throws CannotCarry where it is damaged. */
export function read(
  module: LibraryModule,
  file: OpenRecording,
  path: string,
  offset: readonly number[],
  count: readonly number[],
  pointer: number,
): void {
  const isScalar = count.length === 0;
  const wide = (numbers: readonly number[]) => (isScalar ? null : numbers.map(BigInt));
  let reason = '';
  try {
    const [size, from, steps] = [count, offset, count.map(() => 1)].map(wide) as (bigint[] | null)[];
    const status = module.get_dataset_data(
      file.id,
      `/${path}`,
      size ?? null,
      from ?? null,
      steps ?? null,
      BigInt(pointer),
    );
    if (status >= 0) return;
    reason = `status ${status}`;
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    // The library's own words where a plugin lacks a part, such as BLOSC around zlib.
    reason = told.startsWith('Aborted(') ? 'its filter cannot be undone here' : lastReason(told);
  }
  const where = isScalar ? '' : ` at ${offset[0]}`;
  throw new CannotCarry(`${path} is damaged${where} and cannot be read (${reason})`);
}

/** Parts of an array of at most so many bytes, whole rows where they are small enough. */
export function* slabs(
  shape: readonly number[],
  valueBytes: number,
  chunkRows = 1,
): Generator<{ offset: number[]; count: number[] }> {
  if (shape.includes(0)) return;
  if (shape.length === 0) {
    yield { offset: [], count: [] };
    return;
  }
  const [rows = 0, ...rest] = shape;
  const rowBytes = rest.reduce((product, size) => product * size, valueBytes);
  if (rowBytes > AT_ONCE && rest.length > 0) {
    for (let row = 0; row < rows; row++) {
      for (const { offset, count } of slabs(rest, valueBytes)) {
        yield { offset: [row, ...offset], count: [1, ...count] };
      }
    }
    return;
  }
  // A chunk is unpacked whole, so it is read whole as long as memory allows.
  const chunks = Math.max(1, Math.floor(AT_ONCE / (rowBytes * chunkRows)));
  const step = rowBytes * chunkRows <= MOST_AT_ONCE ? chunks * chunkRows : Math.max(1, Math.floor(AT_ONCE / rowBytes));
  for (let row = 0; row < rows; row += step) {
    yield { offset: [row, ...rest.map(() => 0)], count: [Math.min(step, rows - row), ...rest] };
  }
}
