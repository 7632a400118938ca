import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, copyFile, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWorkerDir, pluginDir } from '../../../test/support/built-worker.ts';
import { NO_PYTHON, pythonWithHdf5, runPython } from '../../../test/support/python.ts';
import { compressFile } from './compress-file.ts';

/** A busy machine needs its time: nothing here is about speed. */
const PATIENCE_MS = 600_000;

/** Everything a recording, or any file by h5py, may hold; written with the structures that `libver` names. */
const WRITE = `
import sys, h5py, hdf5plugin, numpy as np
path, libver, order = sys.argv[1], sys.argv[2], sys.argv[3] == 'ordered'
rng = np.random.default_rng(7)
with h5py.File(path, 'w', libver=libver, track_order=order) as f:
    g = f.create_group('metadata', track_order=order)
    g.attrs['fps'] = np.int64(30)
    g.attrs['task'] = 'pushT \\u00e9'
    g.attrs['serials'] = ['143322063538', '104122062574', '']
    g.attrs['fixed'] = np.array([b'abc', b'de'], dtype='S5')
    g.attrs['valid'] = np.bool_(True)
    g.attrs['nothing'] = h5py.Empty('f8')
    g.attrs['matrix'] = np.arange(12, dtype='>i4').reshape(3, 4)
    g.attrs['compound'] = np.array([(1, 2.5, b'x')], dtype=[('a', 'i2'), ('b', 'f8'), ('c', 'S3')])
    g.attrs.create('ragged', np.array([np.arange(3), np.arange(5)], dtype=object), dtype=h5py.vlen_dtype('i4'))
    for i in range(20):
        f.attrs['many_%02d' % (19 - i)] = 'value %d' % i
    frames = rng.integers(0, 255, (7, 48, 64, 3), dtype='u1')
    f.create_dataset('gelsight/left/frames', data=frames, chunks=(1, 48, 64, 3), maxshape=(None, 48, 64, 3), **hdf5plugin.Blosc(cname='lz4', clevel=5, shuffle=1))
    f.create_dataset('gelsight/right/frames', data=frames // 64, chunks=(1, 48, 64, 3), **hdf5plugin.Blosc(cname='lz4', clevel=5, shuffle=2))
    f.create_dataset('depth', data=rng.integers(0, 4000, (7, 48, 64), dtype='u2'), chunks=(2, 48, 64), **hdf5plugin.Blosc(cname='zstd'))
    f.create_dataset('lzf', data=rng.normal(size=(300, 3)), chunks=(64, 2), compression='lzf')
    f.create_dataset('big_endian', data=np.arange(1000, dtype='>u2'), chunks=(100,))
    f.create_dataset('fletcher', data=np.arange(1000, dtype='<f4'), chunks=(100,), fletcher32=True)
    f.create_dataset('timestamps', data=np.arange(7, dtype='f8'), maxshape=(None,), chunks=(1024,))
    f.create_dataset('empty', shape=(0, 7), maxshape=(None, 7), chunks=(512, 7), dtype='f8')
    f.create_dataset('holes', shape=(100, 10), chunks=(10, 10), dtype='i4', fillvalue=-7)
    f['holes'][35:37] = 5
    f.create_dataset('contiguous', data=np.arange(5, dtype='i8'))
    f.create_dataset('scalar', data=3.5)
    f.create_dataset('null', data=h5py.Empty('i4'))
    f.create_dataset('text', data='hello')
    f.create_dataset('texts', data=['a', 'bcd', '', 'x' * 5000], dtype=h5py.string_dtype(), chunks=(3,) if libver == 'earliest' else None)
    jpegs = f.create_dataset('arducam/cam0/frames', shape=(6,), dtype=h5py.vlen_dtype('u1'), chunks=(1,) if libver == 'earliest' else None)
    for i in range(6): jpegs[i] = rng.integers(0, 255, 100 + 900 * i, dtype='u1')
    f.create_dataset('table', data=np.array([(1, b'a'), (2, b'b')], dtype=[('n', 'i4'), ('t', 'S2')]), chunks=(1,))
    f.create_dataset('long_index', data=np.arange(4200, dtype='u1'), chunks=(1,))
    f['alias'] = f['timestamps']
    f['soft'] = h5py.SoftLink('/gelsight/left/frames')
    f['dangling'] = h5py.SoftLink('/nowhere')
    f['outside'] = h5py.ExternalLink('other.h5', '/x')
    f['type'] = np.dtype('f4')
    f.create_dataset('committed', data=np.arange(3, dtype='f4'), dtype=f['type'])
    f['refs'] = np.array([f['timestamps'].ref, f['metadata'].ref], dtype=h5py.ref_dtype)
    f.attrs['ref'] = f['gelsight'].ref
    f.attrs['region'] = f['contiguous'].regionref[1:3]
    g.attrs['large'] = np.arange(3000, dtype='i4')
    f['scalar_axis'] = np.arange(5.0)
    f['scalar_axis'].make_scale('x')
    f['scaled'] = np.zeros((5, 2))
    f['scaled'].dims[0].attach_scale(f['scalar_axis'])
    f['timestamps'].attrs['names'] = np.array(['x', 'yy'], dtype=h5py.string_dtype())
    wide = f.create_group('wide', track_order=order)
    for i in range(300): wide.create_group("member_%03d" % ((i * 37) % 300))
`;

/** Compares two files as h5py sees them; prints "equal", the chunk of some datasets, and their filters. */
const COMPARE = `
import sys, h5py, hdf5plugin, numpy as np
def same(a, b, fa, fb):
    if isinstance(a, np.ndarray) and a.dtype.names and a.dtype.hasobject: return all(same(x[n], y[n], fa, fb) for x, y in zip(a, b) for n in a.dtype.names)
    if isinstance(a, h5py.Empty): return isinstance(b, h5py.Empty) and a.dtype == b.dtype
    if isinstance(a, h5py.RegionReference): return fa[a].name == fb[b].name and fa[a][a].tolist() == fb[b][b].tolist()
    if isinstance(a, h5py.Reference): return fa[a].name == fb[b].name
    if isinstance(a, np.ndarray) and a.dtype == object: return a.shape == b.shape and all(same(x, y, fa, fb) for x, y in zip(a.ravel(), b.ravel()))
    return np.array_equal(a, b) and type(a) == type(b) and getattr(a, 'dtype', 0) == getattr(b, 'dtype', 0)
def compare(a, b, fa, fb, at):
    assert list(a.attrs.keys()) == list(b.attrs.keys()), at
    for k in a.attrs:
        assert same(a.attrs[k], b.attrs[k], fa, fb), (at, k, a.attrs[k], b.attrs[k])
        assert a.attrs.get_id(k).dtype == b.attrs.get_id(k).dtype, (at, k)
        assert a.attrs.get_id(k).get_type().equal(b.attrs.get_id(k).get_type()) , (at, k)
    if isinstance(a, h5py.Group):
        assert list(a.keys()) == list(b.keys()), (at, list(a.keys()), list(b.keys()))
        for k in a.keys():
            la, lb = a.get(k, getlink=True), b.get(k, getlink=True)
            assert type(la) == type(lb), at
            if isinstance(la, h5py.SoftLink): assert la.path == lb.path
            elif isinstance(la, h5py.ExternalLink): assert (la.path, la.filename) == (lb.path, lb.filename)
            else: compare(a[k], b[k], fa, fb, at + '/' + k)
    elif isinstance(a, h5py.Dataset):
        assert (a.dtype, a.shape, a.maxshape) == (b.dtype, b.shape, b.maxshape), (at, a, b)
        if a.dtype.kind in 'iuf': assert same(a.fillvalue, b.fillvalue, fa, fb), at
        assert a.id.get_type().committed() == b.id.get_type().committed(), at
        assert same(a[()], b[()], fa, fb), at
        if b.chunks:
            plist = b.id.get_create_plist()
            assert [plist.get_filter(i)[0] for i in range(plist.get_nfilters())] == [2, 1], at
            assert b.chunks == tuple(min(c, max(1, s)) for c, s in zip(a.chunks, a.shape)), (at, b.chunks)
with h5py.File(sys.argv[1]) as fa, h5py.File(sys.argv[2]) as fb:
    compare(fa, fb, fa, fb, '')
    assert fb['alias'] == fb['timestamps'] and fb['committed'].id.get_type().committed()
    if sys.argv[3] == 'earliest': assert fb['holes'].id.get_num_chunks() == fa['holes'].id.get_num_chunks()
print('equal')
`;

let home: string;
let workerDir: string;
beforeAll(async () => {
  home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-compress-')));
  workerDir = await builtWorkerDir();
}, PATIENCE_MS);
afterAll(() => rmSync(home, { recursive: true, force: true }));

function compress(file: string, more: { level?: number; signal?: AbortSignal } = {}) {
  return compressFile(file, {
    level: more.level ?? 4,
    workerDir,
    pluginDir,
    signal: more.signal ?? new AbortController().signal,
    release: async () => {},
    onBytes: () => {},
    onStep: () => {},
  });
}

describe.skipIf(!pythonWithHdf5())(`compressing what h5py wrote (${NO_PYTHON})`, { timeout: PATIENCE_MS }, () => {
  it.each([
    ['earliest', 'plain'],
    ['earliest', 'ordered'],
    ['latest', 'ordered'],
  ])('keeps everything of a file of %s structures, %s', async (libver, order) => {
    const original = path.join(home, `${libver}-${order}.h5`);
    const file = path.join(home, `${libver}-${order}-packed.h5`);
    runPython(WRITE, original, libver, order);
    await copyFile(original, file);
    await chmod(file, 0o640);
    await utimes(file, 1_700_000_000, 1_700_000_000);
    const done = await compress(file);
    expect(done.state).toBe('compressed');
    expect(runPython(COMPARE, original, file, libver).trim()).toBe('equal');
    const { mode, mtimeMs } = statSync(file);
    expect([mode & 0o777, mtimeMs]).toEqual([0o640, 1_700_000_000_000]);
    expect(readdirSync(home).filter((name) => name.includes('compress_tmp'))).toEqual([]);
    const bytes = readFileSync(file);
    expect((await compress(file)).state).toBe('packed-already');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  const REFUSED: [name: string, script: string, sentence: RegExp][] = [
    [
      'data in other files',
      "f.create_dataset('x', shape=(4,), dtype='u1', external=[(sys.argv[1] + '.raw', 0, 4)])",
      /x keeps its data in other files/,
    ],
    [
      'data shown from other files',
      "layout = h5py.VirtualLayout((4,), 'u1'); layout[:] = h5py.VirtualSource('o.h5', 'y', (4,)); f.create_virtual_dataset('x', layout)",
      /shows the data of other files/,
    ],
    [
      'chunks that cannot be unpacked',
      "f.create_dataset('x', data=np.arange(99, dtype='u1'), chunks=(9,), compression='gzip'); at = f['x'].id.get_chunk_info(3).byte_offset; f.close(); raw = open(sys.argv[1], 'r+b'); raw.seek(at); raw.write(b'damaged!'); raw.close(); sys.exit()",
      /x is damaged at \d+ and cannot be read/,
    ],
  ];
  it.each(REFUSED)('refuses %s with a sentence and leaves the file as it was', async (_, script, sentence) => {
    const file = path.join(home, 'refused.h5');
    runPython(
      `import sys, h5py, numpy as np\nf = h5py.File(sys.argv[1], 'w')\nf.create_dataset('y', data=np.arange(8.0), chunks=(8,))\n${script}\nf.close()`,
      file,
    );
    const bytes = readFileSync(file);
    const refusal = await compress(file).then(String, (error: Error) => error.message);
    expect(refusal).toMatch(sentence);
    expect(refusal).toMatch(/^refused\.h5 stays as it is: [^\n]+\.$/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(home).filter((name) => name.includes('compress_tmp'))).toEqual([]);
  });

  it('stops when it is cancelled, and leaves nothing behind', async () => {
    const file = path.join(home, 'cancelled.h5');
    runPython(WRITE, file, 'earliest', 'plain');
    const bytes = readFileSync(file);
    const cancel = new AbortController();
    const run = compressFile(file, {
      ...{ level: 9, workerDir, pluginDir, signal: cancel.signal, release: async () => {}, onBytes: () => {} },
      onStep: (step) => {
        if (step === 'comparing') cancel.abort(new Error('cancelled'));
      },
    });
    await expect(run).rejects.toThrow('cancelled');
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(home).filter((name) => name.includes('compress_tmp'))).toEqual([]);
  });

  it('removes what a run that ended left, and leaves alone what one that goes on writes', async () => {
    const file = path.join(home, 'leftover.h5');
    runPython(
      "import sys, h5py\nf = h5py.File(sys.argv[1], 'w')\nf.create_dataset('x', data=range(99), chunks=(9,))",
      file,
    );
    const running = `${file}.${process.ppid}-00aa11bb.compress_tmp`;
    writeFileSync(running, 'half');
    await expect(compress(file)).rejects.toThrow(/another run/);
    rmSync(running);
    // No system hands out process numbers like this one.
    writeFileSync(`${file}.999999999-00aa11bb.compress_tmp`, 'half');
    expect((await compress(file)).state).toBe('compressed');
    expect(readdirSync(home).filter((name) => name.includes('compress_tmp'))).toEqual([]);
  });
});
