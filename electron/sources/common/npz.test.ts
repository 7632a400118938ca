import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { createFileReader } from '../../library/file-reader.ts';
import { firstArrayName, openNpz } from './npz.ts';

/** Arrays of every kind with their values as JSON, written by NumPy itself. */
const WRITE = `
import json, sys, numpy as np
folder = sys.argv[1]
rows = np.arange(12).reshape(3, 4) - 5
arrays = {f'a_{k}': rows.astype(k) for k in ['f2', 'f4', 'f8', 'i1', 'i2', 'i4', 'i8', '>f4', '>f8', '>i2', '>i8', '>f2']}
arrays |= {f'a_{k}': np.arange(12).reshape(3, 4).astype(k) for k in ['u1', 'u2', 'u4', 'u8', '>u4', 'b1']}
arrays['fortran'] = np.asfortranarray(rows.astype('f8'))
arrays['fortran3'] = np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype('f4'))
arrays['scalar'] = np.float64(2.5)
arrays['empty'] = np.zeros((0, 3))
arrays['strange'] = np.array([np.nan, np.inf, -np.inf, 1e300])
np.savez(f'{folder}/stored.npz', **arrays)
np.savez_compressed(f'{folder}/packed.npz', **arrays)
plain = lambda a: [None if x != x else str(x) if abs(x) == np.inf else float(x) for x in np.asarray(a).ravel()]
print(json.dumps({k: {'shape': list(np.shape(a)), 'data': plain(a)} for k, a in arrays.items()}))
np.savez(f'{folder}/texts.npz', one='grüße 🙂', many=np.array(['a', 'bcd']), bytes=np.array([b'x', b'yz']))
np.savez(f'{folder}/refused.npz', objects=np.array([{'a': 1}], dtype=object), records=np.zeros(2, dtype=[('a', 'f8')]), complex=np.zeros(2, 'c16'), good=np.ones(2))
np.savez_compressed(f'{folder}/large.npz', zeros=np.zeros(9_000_000), good=np.ones(2))
`;

describe(`NPZ files (${NO_PYTHON})`, { skip: !pythonWithHdf5() }, () => {
  let folder: string;
  let written: Record<string, { shape: number[]; data: (number | string | null)[] }>;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-npz-')));
    written = JSON.parse(runPython(WRITE, folder));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const open = (name: string) => {
    const file = path.join(folder, name);
    return openNpz(createFileReader(folder), file, name, statSync(file).size);
  };
  /** A copy of a file with some bytes changed. */
  const change = (name: string, copy: string, edit: (bytes: Buffer) => Buffer) =>
    writeFileSync(path.join(folder, copy), edit(readFileSync(path.join(folder, name))));

  it.each(['stored.npz', 'packed.npz'])('give the numbers NumPy wrote (%s)', async (name) => {
    const npz = await open(name);
    expect(npz.arrays.map((array) => array.name)).toEqual(Object.keys(written));
    for (const [array, { shape, data }] of Object.entries(written)) {
      const read = await npz.numbers(array);
      const plain = [...read.data].map((x) => (Number.isNaN(x) ? null : Number.isFinite(x) ? x : String(x)));
      const python = data.map((x) => (x === 'inf' ? 'Infinity' : x === '-inf' ? '-Infinity' : x));
      expect({ array, shape: read.shape, data: plain }).toEqual({ array, shape, data: python });
    }
  });

  it('give texts', async () => {
    const npz = await open('texts.npz');
    expect(await npz.texts('one')).toEqual(['grüße 🙂']);
    expect(await npz.texts('many')).toEqual(['a', 'bcd']);
    expect(await npz.texts('bytes')).toEqual(['x', 'yz']);
    await expect(npz.numbers('many')).rejects.toThrow('texts.npz: many holds text where numbers are expected.');
  });

  it('never load pickles or records, and give the rest', async () => {
    const npz = await open('refused.npz');
    const faults = npz.arrays.map(({ name, fault }) => [name, fault?.code ?? null]);
    expect(Object.fromEntries(faults)).toEqual({
      objects: 'pickled',
      records: 'unsupported-type',
      complex: 'unsupported-type',
      good: null,
    });
    await expect(npz.numbers('objects')).rejects.toThrow(/pickled Python objects, which can run programs/);
    expect([...(await npz.numbers('good')).data]).toEqual([1, 1]);
  });

  it('are not unpacked where an array is larger than is read at once', async () => {
    const npz = await open('large.npz');
    expect(npz.arrays[0]).toMatchObject({ name: 'zeros', shape: [9_000_000], fault: null });
    await expect(npz.numbers('zeros')).rejects.toThrow(/9000000 float64 values, more than is read at once/);
    expect([...(await npz.numbers('good')).data]).toEqual([1, 1]);
  });

  it('that claim to be huge are refused before anything of that size is made', async () => {
    const central = Buffer.from('504b0102', 'hex');
    // The directory's own claim: 3 GB out of a few hundred bytes.
    change('packed.npz', 'huge.npz', (bytes) => {
      bytes.writeUInt32LE(3_000_000_000, bytes.indexOf(central) + 24);
      return bytes;
    });
    const npz = await open('huge.npz');
    expect(npz.arrays[0]?.fault?.message).toMatch(/claims to unpack \d+ bytes into 3000000000, which is impossible/);
    expect(npz.arrays[1]?.fault).toBeNull();
    // A header that claims more than the array's bytes.
    change('stored.npz', 'headed.npz', (bytes) => {
      bytes.write('(9999,),}', bytes.indexOf('(3, 4), }'), 'latin1');
      return bytes;
    });
    const headed = await open('headed.npz');
    const [array] = headed.arrays.filter(({ fault }) => fault);
    expect(array?.fault?.message).toMatch(
      /^headed\.npz: \w+ claims 9999 float\d+ values, \d+ bytes, where \d+ are there/,
    );
    expect(array?.shape).toEqual([]);
    await expect(headed.numbers(array?.name ?? '')).rejects.toThrow('claims 9999 ');
  });

  it('that are damaged say so, array by array', async () => {
    change('stored.npz', 'flipped.npz', (bytes) => {
      const at = bytes.indexOf('a_f8.npy') + 8 + 20 + 128 + 30;
      bytes[at] = (bytes[at] as number) ^ 0xff;
      return bytes;
    });
    const npz = await open('flipped.npz');
    await expect(npz.numbers('a_f8')).rejects.toThrow('flipped.npz: a_f8 is damaged inside the zip');
    expect((await npz.numbers('a_f4')).data).toHaveLength(12);
    change('packed.npz', 'mixed.npz', (bytes) => {
      const next = bytes.indexOf('a_f8.npy') - 30;
      return bytes.fill(0xaa, next - 20, next);
    });
    const mixed = await open('mixed.npz');
    const values = await mixed.numbers('a_f4').catch((error: Error) => error.message);
    expect(values).toMatch(/damaged inside the zip/);
  });

  it('that are cut short or no zip at all are refused', async () => {
    change('stored.npz', 'short.npz', (bytes) => bytes.subarray(0, 1500));
    change('stored.npz', 'none.npz', () => Buffer.from('hello'));
    for (const name of ['short.npz', 'none.npz']) {
      await expect(open(name)).rejects.toThrow(`${name} is cut short or no NPZ file`);
    }
    expect(firstArrayName(readFileSync(path.join(folder, 'short.npz')).subarray(0, 512))).toBe('a_f2');
    expect(firstArrayName(Buffer.from('hello'))).toBeUndefined();
  });

  it('with a directory of nonsense are refused', async () => {
    const end = Buffer.from('504b0506', 'hex');
    change('stored.npz', 'many.npz', (bytes) => {
      bytes.writeUInt16LE(60_000, bytes.indexOf(end) + 10);
      return bytes;
    });
    await expect(open('many.npz')).rejects.toThrow('many.npz claims 60000 arrays');
    change('stored.npz', 'offset.npz', (bytes) => {
      bytes.writeUInt32LE(77, bytes.indexOf(end) + 16);
      return bytes;
    });
    await expect(open('offset.npz')).rejects.toThrow(/offset\.npz is a damaged zip/);
  });
});
