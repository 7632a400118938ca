import type { FileBytes } from '../frames/file-bytes.ts';

/** A recording holds something that a rewritten copy could not hold alike: it is left as it is. One sentence's middle. */
export class CannotCarry extends Error {
  override name = 'CannotCarry';
}

/** HDF5's word for "no address". */
const UNDEFINED = 0xffffffffffffffffn;

/** Reads little-endian fields one after the other. Throws CannotCarry where the bytes end before. */
export class Fields {
  #at = 0;
  readonly #view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#forward(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#forward(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#forward(4), true);
  }

  /** Of 1 to 8 bytes. */
  uint(width: number): number {
    const start = this.#forward(width);
    let value = 0n;
    for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[start + i] as number);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new CannotCarry('a number in its structure makes no sense');
    return Number(value);
  }

  u64(): number {
    return this.uint(8);
  }

  /** Null for none. */
  address(): number | null {
    const start = this.#forward(8);
    const value = this.#view.getBigUint64(start, true);
    if (value === UNDEFINED) return null;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new CannotCarry('an address in its structure makes no sense');
    return Number(value);
  }

  take(length: number): Uint8Array {
    const start = this.#forward(length);
    return this.bytes.subarray(start, start + length);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  skip(length: number): void {
    this.#forward(length);
  }

  /** Up to a zero, which is passed over. */
  untilZero(): Uint8Array {
    const end = this.bytes.indexOf(0, this.#at);
    if (end < 0) throw new CannotCarry('a name in its structure has no end');
    const text = this.bytes.subarray(this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #forward(length: number): number {
    const start = this.#at;
    if (length < 0 || start + length > this.bytes.length) throw new CannotCarry('its structure is damaged');
    this.#at += length;
    return start;
  }
}

/** Bytes of a file at an address; throws CannotCarry where the file has none. */
export function readAt(file: FileBytes, address: number, length: number): Uint8Array {
  const view = file.at(address, length);
  if (!view) throw new CannotCarry('its structure points outside of the file');
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

export function expectSignature(fields: Fields, signature: string): void {
  if (Buffer.from(fields.take(4)).toString('latin1') !== signature)
    throw new CannotCarry(`its structure is damaged (${signature} is missing)`);
}

type Field = number | bigint | Uint8Array | string;

/** Little-endian fields, each a [value, bytes], or bytes and ASCII text as they are. */
export function pack(...parts: (Field | readonly [number | bigint | null, number])[]): Uint8Array<ArrayBuffer> {
  const pieces = parts.map((part) => {
    if (typeof part === 'string') return Buffer.from(part, 'latin1');
    if (part instanceof Uint8Array) return part;
    const [value, width] = Array.isArray(part) ? (part as [number | bigint | null, number]) : [part as number, 1];
    const bytes = new Uint8Array(width);
    let rest = value === null ? UNDEFINED : BigInt(value);
    for (let i = 0; i < width; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
    return bytes;
  });
  return join(pieces);
}

export function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

export const wide = (length: number) => Math.ceil(length / 8) * 8;

export function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 8 === 0) return bytes;
  const filled = new Uint8Array(wide(bytes.length));
  filled.set(bytes);
  return filled;
}
