import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChunkTree, NewFile } from './new-file.ts';

let folder: string;
let descriptor: number;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-new-file-')));
  descriptor = openSync(path.join(folder, 'new.h5'), 'wx+');
});
afterEach(() => {
  closeSync(descriptor);
  rmSync(folder, { recursive: true, force: true });
});

const written = () => readFileSync(path.join(folder, 'new.h5'));

describe('a file being written', () => {
  it('is as long as it says, whatever was written last', () => {
    const file = new NewFile(descriptor);
    expect(file.append(Uint8Array.of(1, 2, 3, 4, 5))).toBe(96);
    expect(file.append(Uint8Array.of(1)) % 8).toBe(0);
    file.finish(96, null);
    const bytes = written();
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\u0089HDF\r\n\u001a\n');
    expect(Number(bytes.readBigUInt64LE(40))).toBe(bytes.length);
  });

  it('keeps texts in collections that hold as much as they say', () => {
    const file = new NewFile(descriptor);
    const small = file.heapObject(Buffer.from('small'));
    const large = file.heapObject(Buffer.alloc(10_000, 7));
    const last = file.heapObject(new Uint8Array());
    file.finish(96, null);
    const bytes = written();
    for (const { address, index } of [small, large, last]) {
      expect(bytes.toString('latin1', address, address + 4)).toBe('GCOL');
      const length = Number(bytes.readBigUInt64LE(address + 8));
      let at = address + 16;
      while (bytes.readUInt16LE(at) !== index) at += 16 + Math.ceil(Number(bytes.readBigUInt64LE(at + 8)) / 8) * 8;
      expect(at + 16 + Number(bytes.readBigUInt64LE(at + 8))).toBeLessThanOrEqual(address + length);
    }
    expect(large.address).not.toBe(small.address);
  });

  it.each([1, 64, 65, 128, 4096, 4097])('indexes %i chunks in nodes that name every one, in order', (count) => {
    const file = new NewFile(descriptor);
    const tree: ChunkTree = file.chunkTree([2]);
    for (let i = 0; i < count; i++) tree.add(1_000_000 + i, 10, 0, [2 * i]);
    const root = tree.finish() as number;
    file.finish(96, null);
    const bytes = written();
    const keyBytes = 24;
    const found: number[] = [];
    const walk = (at: number, above: number) => {
      const [level, entries] = [bytes[at + 5] as number, bytes.readUInt16LE(at + 6)];
      expect(level).toBeLessThan(above);
      expect(entries).toBeLessThanOrEqual(64);
      for (let i = 0; i < entries; i++) {
        const key = at + 24 + i * (keyBytes + 8);
        const child = Number(bytes.readBigUInt64LE(key + keyBytes));
        // A chunk begins at or behind the key to its left and before the one to its right.
        const [begin, end] = [bytes.readBigUInt64LE(key + 8), bytes.readBigUInt64LE(key + keyBytes + 8 + 8)];
        expect(begin < end).toBe(true);
        if (level > 0) walk(child, level);
        else found.push(child);
      }
    };
    walk(root, 8);
    expect(found).toEqual(Array.from({ length: count }, (_, i) => 1_000_000 + i));
    expect(file.chunkTree([2]).finish()).toBeNull();
  });
});
