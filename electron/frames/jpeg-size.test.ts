import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJpeg, loadJpegDecoder } from './jpeg.ts';
import { jpegSizeOf, uncommonKindOf } from './jpeg-size.ts';

/** Pictures of 37 × 13 pixels as encoders write them (libjpeg, quality 30). */
const PICTURES: Record<string, Buffer> = {
  baseline: Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j' +
      'q62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk' +
      'pKSkpKSkpKT/wAARCAANACUDASIAAhEBAxEB/8QAGAABAQADAAAAAAAAAAAAAAAAAAMCBAX/xAAlEAACAAIJBQAAAAAAAAAAAAAA' +
      'AQMRAgQSFDFSYpGhBRMhcbH/xAAXAQEAAwAAAAAAAAAAAAAAAAAFAgME/8QAHBEAAgICAwAAAAAAAAAAAAAAAAECAxESIVFS/9oA' +
      'DAMBAAIRAxEAPwDAAGIRORXIfcrsXzKUvhG76uCnUG1XYkm1hh6Rr26WZ7iNcq1BbR5D5p7Mpd9XAJ26WZ7gs3p8kMS7P//Z',
    'base64',
  ),
  progressive: Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j' +
      'q62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk' +
      'pKSkpKSkpKT/wgARCAANACUDASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAIDBP/EABcBAQADAAAAAAAAAAAAAAAAAAQB' +
      'AgP/2gAMAwEAAhADEAAAAZGCOSKzSekrR//EABsQAAEEAwAAAAAAAAAAAAAAABAAAQISAxEy/9oACAEBAAEFAhNtzqqnJ2P/xAAX' +
      'EQEAAwAAAAAAAAAAAAAAAAAAASEx/9oACAEDAQE/AU6t/8QAGREAAgMBAAAAAAAAAAAAAAAAAAIBESFR/9oACAECAQE/ARZWtgtO' +
      'H//EABYQAQEBAAAAAAAAAAAAAAAAAAEQIP/aAAgBAQAGPwKOW//EABoQAAEFAQAAAAAAAAAAAAAAAAABEBFRcSD/2gAIAQEAAT8h' +
      'cGjXAlbJWz//2gAMAwEAAgADAAAAEPwQP//EABcRAAMBAAAAAAAAAAAAAAAAAAABEVH/2gAIAQMBAT8QFdE0f//EABcRAQADAAAA' +
      'AAAAAAAAAAAAAAEAEDH/2gAIAQIBAT8QgDpU/8QAHRAAAgEFAQEAAAAAAAAAAAAAAREAEDFhkfBxsf/aAAgBAQABPxClxpL5OFOF' +
      'UiFEi1vBMzczNz//2Q==',
    'base64',
  ),
  grey: Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j' +
      'q62rZ4C8ybqmx5moq6T/wAALCAANACUBAREA/8QAFwABAQEBAAAAAAAAAAAAAAAAAAMFBP/EACcQAAADBAoDAAAAAAAAAAAAAAAD' +
      'EQECBBMFEhQWVGFkk6PhFSNC/9oACAEBAAA/AMUBaBo3yBh3uly6vyqqueQ7Lt6vj7C7er4+xmgJNPOJMflGvlqi1XmsULdF4o/c' +
      'aFui8UfuNH//2Q==',
    'base64',
  ),
};
/** Marker of the frame header in each. */
const FRAMES: Record<string, number> = { baseline: 0xc0, progressive: 0xc2, grey: 0xc0 };

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

  it.each(Object.keys(PICTURES))('is the size a %s picture is decoded to', async (kind) => {
    const file = PICTURES[kind] as Buffer;
    expect(jpegSizeOf(file)).toEqual({ width: 37, height: 13 });
    const { width, height, done } = decodeJpeg(await loadJpegDecoder(), file, kind);
    expect({ width, height }).toEqual({ width: 37, height: 13 });
    done();
  });

  it.each(Object.keys(PICTURES))(
    'is known of a %s picture that is cut off behind its header, and not before',
    (kind) => {
      const file = PICTURES[kind] as Buffer;
      const frameAt = file.indexOf(Buffer.from([0xff, FRAMES[kind] as number]));
      for (let length = 0; length <= file.length; length += 1) {
        const known = length >= frameAt + 9 ? { width: 37, height: 13 } : null;
        expect(jpegSizeOf(file.subarray(0, length)), `${length} bytes`).toEqual(known);
      }
    },
  );

  it.each([
    ['12 bits a sample', (bytes: Buffer, at: number) => bytes.writeUInt8(12, at + 4)],
    ['4 channels', (bytes: Buffer, at: number) => bytes.writeUInt8(4, at + 9)],
    ['lossless', (bytes: Buffer, at: number) => bytes.writeUInt8(0xc3, at + 1)],
    ['arithmetic coding', (bytes: Buffer, at: number) => bytes.writeUInt8(0xc9, at + 1)],
    ['hierarchical', (bytes: Buffer, at: number) => bytes.writeUInt8(0xc5, at + 1)],
  ] as const)('comes with the kind where that is why a picture cannot be shown: %s', async (kind, change) => {
    const file = Buffer.from(PICTURES.baseline as Buffer);
    expect(uncommonKindOf(file)).toBeUndefined();
    change(file, file.indexOf(Buffer.from([0xff, FRAMES.baseline as number])));
    const jpeg = await loadJpegDecoder();
    expect(() => decodeJpeg(jpeg, file, 'cam0, sample 3')).toThrow(
      `cam0, sample 3 is a JPEG of a kind that cannot be shown (${kind})`,
    );
  });

  it('is not looked for in what is no JPEG', () => {
    const inside = PICTURES.baseline as Buffer;
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    for (const file of [png, Buffer.from('RIFF'), inside.subarray(2), Buffer.concat([png, inside])]) {
      expect(jpegSizeOf(file)).toBeNull();
    }
  });

  it('is not read from tables that look like frames, nor where the frame has none', () => {
    expect(sizeOf([0, 0], frame(0xc0))).toBeNull();
    // Half of a number is no number.
    expect(sizeOf(START, frame(0xc0).slice(0, 8))).toBeNull();
    for (const marker of [0xc4, 0xc8, 0xcc]) expect(sizeOf(START, frame(marker))).toBeNull();
    expect(sizeOf(START, [0xff, 0xc0, 0, 17, 8, 0, 0, 0x02, 0x80, 3])).toBeNull();
    expect(sizeOf(START, [0xff, 0x01, 0xff, 0xd0], frame(0xc0))).toEqual({ width: 640, height: 480 });
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
