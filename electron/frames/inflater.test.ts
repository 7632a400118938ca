import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Inflater } from './inflater.ts';

const ways = [
  ['memory that is there', new Inflater()],
  ['new memory', new Inflater({ mayReuse: false })],
] as const;

const room = (length: number) => new Uint8Array(length).fill(0xaa);

describe.each(ways)('inflating into %s', (_, inflater) => {
  it('gives the very bytes, one stream after the other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.nat(9), (plain, level) => {
        const to = room(plain.length);
        expect(inflater.inflate(deflateSync(plain, { level }), to)).toBe(true);
        expect(to).toEqual(plain);
      }),
    );
  });

  it('says no to another length and to every damage, and goes on with the next', () => {
    const plain = Uint8Array.from({ length: 2000 }, (_, at) => (at * 7919) >> 3);
    const packed = deflateSync(plain);
    // Every byte that may be missing at the end: the checksum is there too.
    for (let missing = 1; missing < 8; missing++)
      expect(inflater.inflate(packed.subarray(0, packed.length - missing), room(plain.length))).toBe(false);
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const damaged = Uint8Array.from(packed);
        damaged[at] = (damaged[at] as number) ^ by;
        const to = room(plain.length);
        const isSame = () => Buffer.compare(to, plain) === 0;
        // A changed bit may be one that says nothing: then the checksum at the end vouches for what came of it.
        expect(!inflater.inflate(damaged, to) || isSame()).toBe(true);
        expect(inflater.inflate(packed.subarray(0, at), to)).toBe(false);
        expect(inflater.inflate(packed, room(plain.length - 1))).toBe(false);
        expect(inflater.inflate(packed, room(plain.length + 1))).toBe(false);
        expect(inflater.inflate(packed, to) && isSame()).toBe(true);
      }),
    );
  });
});

it('reuses memory in this Node', () => {
  const plain = new Uint8Array(2 ** 20);
  const packed = deflateSync(plain);
  const to = room(plain.length);
  const inflater = new Inflater();
  inflater.inflate(packed, to);
  const before = process.memoryUsage().arrayBuffers;
  for (let time = 0; time < 8; time++) expect(inflater.inflate(packed, to)).toBe(true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
});
