import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jpegSizeOf } from './jpeg-size.ts';

const START = [0xff, 0xd8];
const APP0 = [0xff, 0xe0, 0, 4, 1, 2];
const TABLES = [0xff, 0xc4, 0, 3, 9];
const frame = (marker: number) => [0xff, marker, 0, 17, 8, 0x01, 0xe0, 0x02, 0x80, 3];
const sizeOf = (...parts: number[][]) => jpegSizeOf(Uint8Array.from(parts.flat()));

describe('the size in a JPEG header', () => {
  it('is read past other segments and fill bytes, baseline or progressive', () => {
    for (const marker of [0xc0, 0xc1, 0xc2]) {
      expect(sizeOf(START, APP0, TABLES, [0xff], frame(marker))).toEqual({ width: 640, height: 480 });
    }
  });

  it('is not made up where there is none', () => {
    for (const parts of [
      [],
      [START],
      [START, APP0],
      [APP0, frame(0xc0)],
      [START, [1, 2, 3]],
      [START, [0xff, 0xe0, 0, 0], frame(0xc0)],
    ]) {
      expect(sizeOf(...parts)).toBeNull();
    }
  });

  it('ends on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const size = jpegSizeOf(Uint8Array.from([...START, 0xff, ...bytes]));
        if (size) expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
      }),
    );
  });
});
