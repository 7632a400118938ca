import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Unpacker } from './unpacker.ts';

const GZIP = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
const LZF = 32000;
const BLOSC = 32001;

const unpacker = new Unpacker();

/** What comes out of the unpacker for these packed bytes; null where it leaves them to the library. */
function unpacked(filters: number[], valueBytes: number, packed: Uint8Array, length: number): Uint8Array | null {
  const into = new Uint8Array(length);
  const read = (target: Uint8Array) => {
    target.set(packed);
    return true;
  };
  return unpacker.unpack(filters, valueBytes, packed.length, read, into) ? into : null;
}

/** A dictionary stream as it is made: bytes as they are, then bytes from `distance` before, again. */
interface Step {
  literals: number[];
  distance: number;
  length: number;
}

const steps = (longest: number, farthest: number) =>
  fc.array(
    fc.record({
      literals: fc.oneof(
        fc.array(fc.nat(255), { minLength: 1, maxLength: 20 }),
        fc.array(fc.nat(255), { minLength: 250, maxLength: 300 }),
      ),
      distance: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: farthest })),
      length: fc.oneof(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 4, max: longest })),
    }),
    { minLength: 1, maxLength: 30 },
  );

/** What the steps mean, byte by byte; distances are shortened to what is there. */
function plainOf(made: readonly Step[]): { plain: number[]; exact: Step[] } {
  const plain: number[] = [];
  const exact = made.map(({ literals, distance, length }) => {
    for (const value of literals) plain.push(value);
    const back = Math.min(distance, plain.length);
    for (let i = 0; i < length; i++) plain.push(plain[plain.length - back] as number);
    return { literals, distance: back, length };
  });
  return { plain, exact };
}

function longLength(length: number): number[] {
  if (length < 15) return [];
  const rest = length - 15;
  return [...new Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
}

/** LZ4's own end: the last sequence is literals alone. */
function asLz4(made: readonly Step[], tail: readonly number[]): number[] {
  const sequences = made.flatMap(({ literals, distance, length }) => [
    (Math.min(15, literals.length) << 4) | Math.min(15, length - 4),
    ...longLength(literals.length),
    ...literals,
    distance & 255,
    distance >> 8,
    ...longLength(length - 4),
  ]);
  return [...sequences, Math.min(15, tail.length) << 4, ...longLength(tail.length), ...tail];
}

function asLzf(made: readonly Step[]): number[] {
  return made.flatMap(({ literals, distance, length }) => {
    const runs: number[] = [];
    for (let at = 0; at < literals.length; at += 32) {
      const run = literals.slice(at, at + 32);
      runs.push(run.length - 1, ...run);
    }
    const back = distance - 1;
    const copied = length - 2;
    const head = copied < 7 ? [(copied << 5) | (back >> 8)] : [(7 << 5) | (back >> 8), copied - 7];
    return [...runs, ...head, back & 255];
  });
}

const word = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];

/** A BLOSC buffer of blocks with one stream each. */
function asBlosc(blocks: readonly number[][], blockLength: number, length: number, flags = 0, size = 1): Uint8Array {
  let at = 16 + blocks.length * 4;
  const starts = blocks.flatMap((block) => {
    const start = word(at);
    at += 4 + block.length;
    return start;
  });
  const body = blocks.flatMap((block) => [...word(block.length), ...block]);
  const header = [2, 1, flags | 0x30, size, ...word(length), ...word(blockLength), ...word(at)];
  return Uint8Array.from([...header, ...starts, ...body]);
}

describe('the unpacker', () => {
  it('unpacks every LZF stream, by the format', () => {
    fc.assert(
      fc.property(steps(264, 8192), (made) => {
        const { plain, exact } = plainOf(made);
        const packed = Uint8Array.from(asLzf(exact));
        expect(unpacked([LZF], 1, packed, plain.length)).toEqual(Uint8Array.from(plain));
        expect(unpacked([LZF], 1, packed, plain.length + 1)).toBeNull();
        expect(unpacked([LZF], 1, packed, plain.length - 1)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('unpacks every LZ4 block of a BLOSC buffer, by the format', () => {
    const tails = fc.array(fc.nat(255), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(steps(700, 65_535), tails, (made, tail) => {
        const { plain, exact } = plainOf(made);
        const block = [...plain, ...tail];
        const sequences = asLz4(exact, tail);
        // Of the very length of what it stands for it would be taken for stored bytes, rightly.
        fc.pre(sequences.length !== block.length);
        const packed = asBlosc([sequences], block.length, block.length);
        expect(unpacked([BLOSC], 1, packed, block.length)).toEqual(Uint8Array.from(block));
        expect(unpacked([BLOSC], 1, packed, block.length + 1)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('puts blocks one after the other, a stored and a shorter one among them', () => {
    const noise = Array.from({ length: 100 }, (_, i) => (i * 37) % 251);
    const flat = asLz4([{ literals: [9], distance: 1, length: 90 }], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const short = asLz4([], [7, 7, 8]);
    const packed = asBlosc([noise, flat, short], 100, 203);
    const plain = [...noise, ...new Array<number>(91).fill(9), 1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 7, 8];
    expect(unpacked([BLOSC], 1, packed, 203)).toEqual(Uint8Array.from(plain));
  });

  it('puts bits and bytes back, by their meaning', () => {
    for (const size of [1, 2, 4]) {
      for (const count of [8, 24, 136, 1000]) {
        const length = size * count;
        const plain = Uint8Array.from({ length }, (_, i) => (i * i * 31 + (i >> 3)) & 255);
        const byBits = new Uint8Array(length);
        const byBytes = new Uint8Array(length);
        for (let value = 0; value < count; value++) {
          for (let byte = 0; byte < size; byte++) {
            const stored = plain[value * size + byte] as number;
            byBytes[byte * count + value] = stored;
            for (let bit = 0; bit < 8; bit++) {
              const row = ((byte * 8 + bit) * count) / 8;
              byBits[row + (value >> 3)]! |= ((stored >> bit) & 1) << (value & 7);
            }
          }
        }
        const bits = asBlosc([[...byBits]], length, length, 4, size);
        expect(unpacked([BLOSC], 1, bits, length)).toEqual(plain);
        expect(unpacked([BLOSC], 1, asBlosc([[...byBytes]], length, length, 1, size), length)).toEqual(
          size === 1 ? byBytes : plain,
        );
        expect(unpacked([SHUFFLE], size, byBytes, length)).toEqual(plain);
        expect(unpacked([SHUFFLE, GZIP], size, deflateSync(byBytes), length)).toEqual(plain);
      }
    }
  });

  it('leaves what it is not sure of', () => {
    const plain = Uint8Array.from({ length: 64 }, (_, i) => i);
    const gzip = deflateSync(plain);
    expect(unpacked([GZIP], 1, gzip, 64)).toEqual(plain);
    expect(unpacked([GZIP], 1, gzip, 63)).toBeNull();
    expect(unpacked([GZIP], 1, gzip, 65)).toBeNull();
    expect(unpacked([GZIP], 1, gzip.subarray(0, 20), 64)).toBeNull();
    expect(unpacked([GZIP, FLETCHER32], 1, gzip, 64)).toBeNull();
    expect(unpacked([GZIP, SHUFFLE], 2, gzip, 64)).toBeNull();
    expect(unpacked([307], 1, gzip, 64)).toBeNull();
    expect(unpacked([], 1, plain, 63)).toBeNull();
    const other = (flags: number, version = 2) => {
      const packed = asBlosc([[...plain]], 64, 64);
      packed[0] = version;
      packed[2] = flags;
      return unpacked([BLOSC], 1, packed, 64);
    };
    expect(other(0x30)).toEqual(plain);
    // blosclz, zstd, a delta, another format.
    for (const flags of [0x10, 0x90, 0x38]) expect(other(flags)).toBeNull();
    expect(other(0x30, 1)).toBeNull();
  });

  it('answers damage with null and stays as it was', () => {
    const { plain, exact } = plainOf([
      { literals: [1, 2, 3], distance: 3, length: 200 },
      { literals: [4], distance: 150, length: 60 },
    ]);
    const block = [...plain, 5, 6];
    const sound = asBlosc([asLz4(exact, [5, 6]), asLz4(exact, [5, 6])], block.length, block.length * 2, 4);
    const lzf = Uint8Array.from(asLzf(exact));
    const damage = fc.array(fc.tuple(fc.nat(1000), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(damage, fc.nat(30), (changes, cut) => {
        for (const [filter, packed, length] of [
          [BLOSC, sound, block.length * 2],
          [LZF, lzf, plain.length],
        ] as const) {
          const damaged = packed.slice(0, Math.max(1, packed.length - cut));
          for (const [at, value] of changes) damaged[at % damaged.length] = value;
          const out = unpacked([filter], 1, damaged, length);
          expect(out === null || out.length === length).toBe(true);
        }
        expect(unpacked([LZF], 1, lzf, plain.length)).toEqual(Uint8Array.from(plain));
      }),
      { numRuns: 1000 },
    );
  });
});
