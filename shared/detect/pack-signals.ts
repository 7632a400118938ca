import { align8, decodeEnvelopeHeader, encodeEnvelopeHead, envelopeHeadBytes } from '../api/envelope.ts';
import { type EpisodeSignals, SIGNALS_VERSION } from './signals.ts';

/** Arrays of numbers behind a JSON header, in the envelope of shared/api: one format for the disk and the window. */

type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array;
const TYPES = { u8: Uint8Array, i32: Int32Array, f32: Float32Array, f64: Float64Array } as const;
type TypeName = keyof typeof TYPES;

interface Packed<Meta> {
  meta: Meta;
  arrays: { type: TypeName; offset: number; count: number }[];
}

/** A JSON-safe description and arrays by their place, as one piece. `encode` is a TextEncoder's. */
export function packArrays(
  meta: unknown,
  arrays: readonly Numbers[],
  encode: (text: string) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  let length = 0;
  const placed = arrays.map((array) => {
    const offset = length;
    length += align8(array.byteLength);
    return { type: typeOf(array), offset, count: array.length };
  });
  const head = encodeEnvelopeHead({ meta, arrays: placed } satisfies Packed<unknown>, encode);
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  placed.forEach(({ offset }, at) => {
    const { buffer, byteOffset, byteLength } = arrays[at] as Numbers;
    bytes.set(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), head.length + offset);
  });
  return bytes;
}

/** The other way round; the arrays are copies. Throws for what is no such piece, or cut short. */
export function unpackArrays<Meta>(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => string,
): { meta: Meta; arrays: Numbers[] } {
  const { meta, arrays } = decodeEnvelopeHeader<Packed<Meta>>(bytes, decode);
  const start = envelopeHeadBytes(bytes);
  return {
    meta,
    arrays: arrays.map(({ type, offset, count }) => {
      const Type = TYPES[type];
      const from = start + offset;
      const to = from + count * Type.BYTES_PER_ELEMENT;
      if (!Number.isSafeInteger(to) || from < start || count < 0 || to > bytes.length)
        throw new Error('It is cut short.');
      // A copy of its own, whatever kind of bytes these are.
      return new Type(new Uint8Array(bytes.subarray(from, to)).buffer);
    }),
  };
}

function typeOf(array: Numbers): TypeName {
  for (const [name, Type] of Object.entries(TYPES)) if (array instanceof Type) return name as TypeName;
  throw new Error('Arrays of other numbers are not packed.');
}

/** Where an array of the signals stands among the packed ones. */
interface ArrayAt {
  $array: number;
}

/** For the way to a window: see unpackSignals. `encode` is a TextEncoder's. */
export function packSignals(signals: EpisodeSignals, encode: (text: string) => Uint8Array): Uint8Array<ArrayBuffer> {
  const arrays: Numbers[] = [];
  const lifted = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) return { $array: arrays.push(value as Numbers) - 1 } satisfies ArrayAt;
    if (Array.isArray(value)) return value.map(lifted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, lifted(each)]));
  };
  const meta = lifted(signals);
  return packArrays(meta, arrays, encode);
}

/** Throws for what is cut short or of another version. */
export function unpackSignals(bytes: Uint8Array, decode: (bytes: Uint8Array) => string): EpisodeSignals {
  const { meta, arrays } = unpackArrays<{ version?: number }>(bytes, decode);
  if (meta.version !== SIGNALS_VERSION) throw new Error('These signals are of another version.');
  const lowered = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(lowered);
    if (typeof value !== 'object' || value === null) return value;
    if ('$array' in value) return arrays[(value as ArrayAt).$array];
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, lowered(each)]));
  };
  return lowered(meta) as EpisodeSignals;
}
