import { runPython } from './python.ts';

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

const COMPARE = `
import json, sys, h5py, hdf5plugin, numpy as np
def same(a, b, fa, fb):
    if isinstance(a, np.ndarray) and a.dtype.names and a.dtype.hasobject: return all(same(x[n], y[n], fa, fb) for x, y in zip(a, b) for n in a.dtype.names)
    if isinstance(a, h5py.Empty): return isinstance(b, h5py.Empty) and a.dtype == b.dtype
    if isinstance(a, h5py.RegionReference): return fa[a].name == fb[b].name and fa[a][a].tolist() == fb[b][b].tolist()
    if isinstance(a, h5py.Reference): return fa[a].name == fb[b].name
    if isinstance(a, np.ndarray) and a.dtype == object: return a.shape == b.shape and all(same(x, y, fa, fb) for x, y in zip(a.ravel(), b.ravel()))
    return np.array_equal(a, b) and type(a) == type(b) and getattr(a, 'dtype', 0) == getattr(b, 'dtype', 0)
PACKED, EXCEPT = sys.argv[3] == 'packed', json.loads(sys.argv[4])
def compare(a, b, fa, fb, at):
    aside = EXCEPT.get(at, [])
    names, others = [[k for k in o.attrs.keys() if k not in aside] for o in (a, b)]
    assert names == others, (at, names, others)
    for k in names:
        assert same(a.attrs[k], b.attrs[k], fa, fb), (at, k, a.attrs[k], b.attrs[k])
        assert a.attrs.get_id(k).dtype == b.attrs.get_id(k).dtype, (at, k)
        assert a.attrs.get_id(k).get_type().equal(b.attrs.get_id(k).get_type()) , (at, k)
    if isinstance(a, h5py.Group):
        members, others = [[k for k in o.keys() if k not in aside] for o in (a, b)]
        assert members == others, (at, members, others)
        for k in members:
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
            filters = [plist.get_filter(i)[0] for i in range(plist.get_nfilters())]
            before = a.id.get_create_plist()
            as_before = filters == [before.get_filter(i)[0] for i in range(before.get_nfilters())] and b.chunks == a.chunks
            as_packed = filters == [2, 1] and b.chunks == tuple(min(c, max(1, s)) for c, s in zip(a.chunks, a.shape))
            assert as_packed if PACKED else as_before or LATEST and as_packed, (at, filters, b.chunks)
with h5py.File(sys.argv[1]) as fa, h5py.File(sys.argv[2]) as fb:
    LATEST = fa.libver[0] == 'latest' or open(sys.argv[1], 'rb').read(9)[8] > 1
    compare(fa, fb, fa, fb, '')
    if 'alias' in fa:
        assert fb['alias'] == fb['timestamps'] and fb['committed'].id.get_type().committed()
        if not LATEST: assert fb['holes'].id.get_num_chunks() == fa['holes'].id.get_num_chunks()
print('equal')
`;

/** A file of everything that a recording, or any file by h5py, may hold; `libver` names the structures it is written with. */
export function writeEverything(file: string, libver: string, order: string): void {
  runPython(WRITE, file, libver, order);
}

/**
 * "equal" where h5py sees the same in both: names and their order, links, types, values, attributes; and chunks and filters
 * as they were or packed. `except` names attributes and members of a path ("" is the root) that are left out of it.
 */
export function compareHdf5(
  before: string,
  after: string,
  { packed = false, except = {} }: { packed?: boolean; except?: Record<string, string[]> } = {},
): string {
  return runPython(COMPARE, before, after, packed ? 'packed' : 'kept', JSON.stringify(except)).trim();
}
