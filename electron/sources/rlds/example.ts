import { Portions } from '../common/portions.ts';
import type { FileReader } from '../source.ts';
import type { RecordPlace } from './tfrecord.ts';

/** What one record may hold of each, so that no claim of a file is taken at its word. */
const MAX_FEATURES = 4096;
const MAX_KEY_BYTES = 1024;
const MAX_ELEMENTS = 1_000_000;
const MAX_LIST_BYTES = 64 * 2 ** 20;
const LONGEST_VARINT = 10;
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };

/** Part of the file, the end excluded. */
interface Span {
  start: number;
  end: number;
}

/** A feature of a `tf.train.Example`: what kind of list it is, and where the list lies; null where it is empty. */
export interface Feature {
  kind: 'bytes' | 'floats' | 'ints' | null;
  spans: Span[];
}

/** Where each element of a list of bytes lies. */
export interface Elements {
  count: number;
  offsets: Float64Array;
  lengths: Float64Array;
}

/** The record does not hold what an Example does: a clause that says where. */
export class BrokenExample extends Error {}

/** A `tf.train.Example` in a file, taken apart by place: nothing is held but what is asked for. Throws BrokenExample. */
export class ExampleReader {
  readonly #portions: Portions;

  constructor(
    private readonly files: FileReader,
    private readonly path: string,
    private readonly place: RecordPlace,
  ) {
    this.#portions = new Portions(files, path, place.offset + place.length);
  }

  /** Every feature by its key. */
  async features(): Promise<Map<string, Feature>> {
    const found = new Map<string, Feature>();
    const { offset, length } = this.place;
    for await (const features of this.#fields({ start: offset, end: offset + length }, 1)) {
      for await (const entry of this.#fields(features, 1)) {
        let key = '';
        const feature: Feature = { kind: null, spans: [] };
        for await (const part of this.#fields(entry)) {
          if (part.number === 1) key = new TextDecoder().decode(await this.#bytes(part, MAX_KEY_BYTES));
          if (part.number !== 2) continue;
          for await (const list of this.#fields(part)) {
            const kind = ([null, 'bytes', 'floats', 'ints'] as const)[list.number] ?? null;
            if (kind === null) continue;
            // Of two kinds the last counts, and lists of one kind go on, as Protobuf has it.
            if (feature.kind !== kind) feature.spans = [];
            feature.kind = kind;
            feature.spans.push({ start: list.start, end: list.end });
          }
        }
        found.set(key, feature);
        if (found.size > MAX_FEATURES) throw new BrokenExample(`it holds more than ${MAX_FEATURES} features`);
      }
    }
    return found;
  }

  /** Numbers of a list of floats or integers; of any other list none. Integers beyond 2^53 lose their last digits. */
  async numbers({ kind, spans }: Feature): Promise<Float64Array> {
    if (kind !== 'floats' && kind !== 'ints') return new Float64Array(0);
    const parts: Float64Array[] = [];
    for (const span of spans) {
      const length = span.end - span.start;
      if (length > MAX_LIST_BYTES) throw new BrokenExample(`a list of ${length} bytes is more than is read`);
      const bytes = await this.files.readRange(this.path, span.start, length);
      if (bytes.length < length) throw new BrokenExample(`the file ends at byte ${span.start + bytes.length}`);
      parts.push(kind === 'floats' ? floatsOf(bytes, span.start) : intsOf(bytes, span.start));
    }
    if (parts.length === 1) return parts[0] as Float64Array;
    const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /** Where the elements of a list of bytes lie, none of them read. */
  async elements({ kind, spans }: Feature): Promise<Elements> {
    const offsets: number[] = [];
    const lengths: number[] = [];
    for (const span of kind === 'bytes' ? spans : []) {
      for await (const { start, end } of this.#fields(span, 1)) {
        offsets.push(start);
        lengths.push(end - start);
        if (offsets.length > MAX_ELEMENTS) throw new BrokenExample(`a list holds more than ${MAX_ELEMENTS} elements`);
      }
    }
    return { count: offsets.length, offsets: Float64Array.from(offsets), lengths: Float64Array.from(lengths) };
  }

  /** The first bytes of an element, at most `limit`. Good until the next call. */
  async element({ offsets, lengths }: Elements, index: number, limit: number): Promise<Uint8Array> {
    const start = offsets[index] ?? 0;
    return this.#bytes({ start, end: start + Math.min(lengths[index] ?? 0, limit) }, limit);
  }

  async #bytes({ start, end }: Span, limit: number): Promise<Uint8Array> {
    if (end - start > limit) throw new BrokenExample(`a name of ${end - start} bytes at byte ${start}`);
    return this.#portions.at(start, end - start);
  }

  /** Fields of a message that have a length, or those of one number alone; other fields are passed over. */
  async *#fields(message: Span, only?: number): AsyncGenerator<Span & { number: number }> {
    for (let at = message.start; at < message.end; ) {
      const head = await this.#portions.at(at, Math.min(2 * LONGEST_VARINT, message.end - at));
      const cursor: Cursor = { bytes: head, at: 0, base: at };
      const tag = varint(cursor);
      const number = Math.floor(tag / 8);
      const wire = tag % 8;
      const length = wire === WIRE.bytes ? varint(cursor) : lengthOf(wire, cursor);
      const start = at + cursor.at;
      const end = start + length;
      if (end > message.end) throw new BrokenExample(`a field at byte ${at} is longer than what holds it`);
      if (wire === WIRE.bytes && (only ?? number) === number) yield { number, start, end };
      at = end;
    }
  }
}

interface Cursor {
  bytes: Uint8Array;
  at: number;
  /** Place in the file of the first byte. */
  base: number;
}

/** Below 2^53, as tags and lengths are. */
function varint(cursor: Cursor): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < LONGEST_VARINT; count++) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      if (Number.isSafeInteger(value)) return value;
      break;
    }
    scale *= 128;
  }
  throw new BrokenExample(`no number can be read at byte ${cursor.base + cursor.at}`);
}

/** Bytes of a field without a length; the cursor moves over those of a varint. */
function lengthOf(wire: number, cursor: Cursor): number {
  if (wire === WIRE.fixed64) return 8;
  if (wire === WIRE.fixed32) return 4;
  if (wire !== WIRE.varint) throw new BrokenExample(`a field of kind ${wire} at byte ${cursor.base}`);
  skipVarint(cursor);
  return 0;
}

function skipVarint(cursor: Cursor): void {
  for (let count = 0; count < LONGEST_VARINT; count++) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) break;
    if (byte < 0x80) return;
  }
  throw new BrokenExample(`no number can be read at byte ${cursor.base + cursor.at}`);
}

/** Runs of values of field 1, packed or each with a tag of its own. */
function runs(bytes: Uint8Array, base: number, single: number, take: (start: number, end: number) => void): void {
  const cursor: Cursor = { bytes, at: 0, base };
  while (cursor.at < bytes.length) {
    const tag = varint(cursor);
    const wire = tag % 8;
    const from = cursor.at;
    const length = wire === WIRE.bytes ? varint(cursor) : lengthOf(wire, cursor);
    // A varint has been moved over, all else begins here.
    const start = wire === WIRE.varint ? from : cursor.at;
    const end = cursor.at + length;
    if (end > bytes.length) throw new BrokenExample(`a list at byte ${base + from} is longer than what holds it`);
    if (Math.floor(tag / 8) === 1 && (wire === WIRE.bytes || wire === single)) take(start, end);
    cursor.at = end;
  }
}

function floatsOf(bytes: Uint8Array, base: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(Math.floor(bytes.length / 4));
  let count = 0;
  runs(bytes, base, WIRE.fixed32, (start, end) => {
    if ((end - start) % 4 !== 0) throw new BrokenExample(`a list of floats at byte ${base + start} is cut short`);
    for (let at = start; at < end; at += 4) values[count++] = view.getFloat32(at, true);
  });
  return values.slice(0, count);
}

function intsOf(bytes: Uint8Array, base: number): Float64Array {
  const values = new Float64Array(bytes.length);
  let count = 0;
  runs(bytes, base, WIRE.varint, (start, end) => {
    for (let at = start; at < end; ) {
      let low = 0;
      let high = 0;
      let byte = 0x80;
      for (let shift = 0; byte >= 0x80; shift += 7) {
        if (at >= end || shift >= 7 * LONGEST_VARINT) {
          throw new BrokenExample(`no number can be read at byte ${base + at}`);
        }
        byte = bytes[at++] as number;
        const bits = byte & 0x7f;
        if (shift <= 28) low |= bits << shift;
        if (shift === 28) high |= bits >> 4;
        else if (shift > 28) high |= bits << (shift - 32);
      }
      // Two halves, the upper one with the sign.
      values[count++] = high * 2 ** 32 + (low >>> 0);
    }
  });
  return values.slice(0, count);
}
