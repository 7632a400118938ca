import { runPython } from './python.ts';

/**
 * Small React/TWM recordings written by h5py, sound and broken, for tests that judge our reader by another writer.
 * `frames.npy`-like truths are computable: pixel (y, x, c) of tick i of stream s is (x + 2y + 40c + 7i + 31s) mod 256.
 */
export const RECORDING = { ticks: 12, width: 32, height: 24 } as const;

const SCRIPT = `
import sys, os, json, numpy as np, h5py, hdf5plugin
folder = sys.argv[1]
T, H, W = ${RECORDING.ticks}, ${RECORDING.height}, ${RECORDING.width}
T0 = 1778400000.25
stamps = T0 + np.arange(T) / 30 + np.array([0.001 if i % 2 else 0 for i in range(T)])
blosc = dict(hdf5plugin.Blosc(cname='lz4', clevel=5, shuffle=2))

def color(s, n=T):
    y, x, c = np.mgrid[0:H, 0:W, 0:3]
    return np.stack([(x + 2 * y + 40 * c + 7 * i + 31 * s) % 256 for i in range(n)]).astype(np.uint8) if n else np.zeros((0, H, W, 3), np.uint8)

def write(name, ticks=T, options=blosc, skip=(), gel_stamps=False, empty_bodies=(), created='2026-05-10T14:03:22', attributes={}, timestamps=stamps, gel=None):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with h5py.File(path, 'w') as f:
        m = f.create_group('metadata')
        m.attrs['fps'] = np.int64(30)
        m.attrs.create('realsense_serials', ['143322063538', '104122062574', '217222066989'], dtype=h5py.string_dtype())
        m.attrs.create('gelsight_serials', ['2BGLKZNT', '2BKRDTAD'], dtype=h5py.string_dtype())
        m.attrs['created_at'] = created
        m.attrs['task'] = 'motherboard'
        for key, value in attributes.items(): m.attrs[key] = value
        if timestamps is not None: f.create_dataset('timestamps', data=timestamps[:ticks], maxshape=(None,))
        def images(path, data):
            if path not in skip: f.create_dataset(path, data=data, chunks=(1,) + data.shape[1:], maxshape=(None,) + data.shape[1:], **options)
        for i in range(3):
            images(f'realsense/cam{i}/color', color(i, ticks))
            images(f'realsense/cam{i}/depth', color(i, ticks)[..., 0].astype(np.uint16) * 9)
        for i, side in enumerate(('left', 'right')):
            images(f'gelsight/{side}/frames', color(3 + i, ticks if gel is None else gel))
            if gel_stamps: f.create_dataset(f'gelsight/{side}/timestamps', data=stamps[:ticks] - 0.020)
        for i, body in enumerate(('motherboard', 'sensor_left', 'sensor_right')):
            n = 0 if body in empty_bodies else 40
            pose = np.tile(np.array([0.1 * i, 0.2, 0.3, 0, 0, 0, 1.0]), (n, 1))
            f.create_dataset(f'optitrack/{body}/timestamps', data=T0 - 0.05 + np.arange(n) / 100, maxshape=(None,))
            f.create_dataset(f'optitrack/{body}/pose', data=pose, maxshape=(None, 7))
    return path

def spoil(path, dataset, index, corrupt):
    with h5py.File(path, 'r') as f:
        chunk = f[dataset].id.get_chunk_info_by_coord((index, 0, 0, 0))
    with open(path, 'r+b') as raw:
        raw.seek(chunk.byte_offset)
        raw.write(corrupt(chunk.size))

date = 'data/motherboard/2026-05-10/'
write(date + 'episode_000.h5')
write(date + 'episode_001.h5', gel_stamps=True, created='2026-07-01T10:00:00')
write(date + 'episode_002.h5', ticks=0)
write(date + 'episode_003.h5', timestamps=None)
back = stamps.copy(); back[5] = back[3]; back[9] = 0
write(date + 'episode_004.h5', timestamps=back)
gap = stamps.copy(); gap[6:] += 2
write(date + 'episode_005.h5', timestamps=gap, attributes={'valid': False, 'invalid_reason': 'queue overflow', 'ended_by': 'overload'})

write('broken/missing.h5', skip=('realsense/cam1/color', 'gelsight/right/frames'))
write('broken/mismatch.h5', gel=T - 3)
write('broken/no-bodies.h5', empty_bodies=('sensor_left',))
full = open(write('broken/truncated.h5'), 'rb').read()
open(folder + '/broken/truncated.h5', 'wb').write(full[: len(full) // 2])
open(folder + '/broken/not-hdf5.h5', 'wb').write(b'these are not the droids you are looking for' * 100)
open(folder + '/broken/zero-bytes.h5', 'wb').close()
rng = np.random.default_rng(1)
noise = lambda size: bytes([2, 1, 33, 1]) + rng.integers(0, 256, size - 4).astype(np.uint8).tobytes()
spoil(write('broken/corrupt-blosc.h5'), 'realsense/cam0/color', 4, noise)
spoil(write('broken/corrupt-gzip.h5', options=dict(compression='gzip', compression_opts=4)), 'realsense/cam0/color', 4, noise)
spoil(write('broken/corrupt-lzf.h5', options=dict(compression='lzf')), 'realsense/cam0/color', 4, lambda size: b'\\xff' * size)
p = write('broken/unknown-filter.h5', skip=('realsense/cam2/color',))
with h5py.File(p, 'a') as f:
    raw = color(2)
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((1, H, W, 3))
    plist.set_filter(32099, h5py.h5z.FLAG_OPTIONAL, (1, 2))
    space = h5py.h5s.create_simple((T, H, W, 3))
    h5py.h5d.create(f['realsense/cam2'].id, b'color', h5py.h5t.STD_U8LE, space, plist)
    f['realsense/cam2/color'][:] = raw
secret = os.path.join(folder, 'secret.raw')
open(secret, 'wb').write(b'S' * (T * H * W * 3))
p = write('broken/external-storage.h5', skip=('realsense/cam0/color',))
with h5py.File(p, 'a') as f:
    f.create_dataset('realsense/cam0/color', shape=(T, H, W, 3), dtype='u1', external=[(secret, 0, h5py.h5f.UNLIMITED)])
p = write('broken/external-link.h5', skip=('realsense/cam0/color',))
with h5py.File(p, 'a') as f:
    f['realsense/cam0/color'] = h5py.ExternalLink(os.path.join(folder, date, 'episode_000.h5'), '/realsense/cam0/color')
    f['realsense/through'] = h5py.SoftLink('/realsense/cam0/color')
    f['nowhere'] = h5py.SoftLink('/not/there')
p = write('broken/virtual.h5', skip=('realsense/cam0/color',))
with h5py.File(p, 'a', libver='latest') as f:
    layout = h5py.VirtualLayout(shape=(T, H, W, 3), dtype='u1')
    layout[:] = h5py.VirtualSource(os.path.join(folder, date, 'episode_000.h5'), 'realsense/cam0/color', shape=(T, H, W, 3))
    f.create_virtual_dataset('realsense/cam0/color', layout)
p = write('broken/odd-shapes.h5', skip=('realsense/cam0/color', 'realsense/cam1/depth'))
with h5py.File(p, 'a') as f:
    f['realsense/cam0/color'] = np.zeros((T, 4, 4, 4), np.float32)
    f['realsense/cam1/depth'] = np.zeros((T, H, W), np.int64)
    del f['optitrack/motherboard/pose']
    f['optitrack/motherboard/pose'] = np.zeros((40, 4))
    f['loop'] = h5py.SoftLink('/')
    f['optitrack/again'] = f['optitrack']

# Stamps that cannot be trusted; the pose of row k has x = k, to tell which one was chosen.
def spoil_stamps(name, **changes):
    p = write('clocks/' + name, gel_stamps=True, created='2026-07-01T10:00:00')
    with h5py.File(p, 'a') as f:
        for body in ('sensor_left', 'sensor_right'):
            f[f'optitrack/{body}/pose'][:, 0] = np.arange(40)
        for key, change in changes.items():
            dataset = f['/'.join([*key.split('__'), 'timestamps'])] if key != 'ticks' else f['timestamps']
            dataset[...] = change(dataset[...])
    return p
def at(row, value):
    def change(values):
        values[row] = value(values[row])
        return values
    return change
spoil_stamps('sound.h5')
write('clocks/no-depth.h5', skip=[f'realsense/cam{i}/depth' for i in range(3)])
write('clocks/empty.h5', ticks=0, skip=('gelsight/right/frames',), attributes={'valid': False})
spoil_stamps('sensor-zero.h5', gelsight__right=lambda v: v * 0, gelsight__left=lambda v: v * 0 + T0)
spoil_stamps('sensor-nan.h5', gelsight__right=lambda v: v * np.nan)
spoil_stamps('body-nan.h5', optitrack__sensor_right=lambda v: v * np.nan)
spoil_stamps('body-jump.h5', optitrack__sensor_left=at(10, lambda s: s + 3600), optitrack__sensor_right=at(20, lambda s: s - 3600))
spoil_stamps('ticks-jump.h5', ticks=at(5, lambda s: s + 3600), gelsight__left=at(slice(4, 6), lambda s: s - 7))
spoil_stamps('huge.h5', ticks=at(5, lambda s: 1e300), optitrack__sensor_left=at(3, lambda s: 1e300), gelsight__right=at(slice(0, 2), lambda s: np.inf))
spoil_stamps('first-unset.h5', ticks=at(0, lambda s: 100.0), optitrack__sensor_left=at(slice(30, 40), lambda s: 0))
unset = lambda v: v - T0 + 100
spoil_stamps('rig-unset.h5', ticks=unset, gelsight__left=unset, gelsight__right=unset, **{f'optitrack__{b}': unset for b in ('motherboard', 'sensor_left', 'sensor_right')})
spoil_stamps('two-epochs.h5', gelsight__left=unset, optitrack__sensor_left=unset)

try:
    import cv2
    p = write('data/pushT/2026-09-10/episode_000.h5', gel_stamps=True, created='2026-09-10T08:00:00')
    with h5py.File(p, 'a') as f:
        for i, side in enumerate(('left', 'right')):
            g = f.create_group(f'arducam/cam{i}')
            g.attrs['position'] = side
            g.attrs['serial'] = f'UC{i}'
            g.attrs['encoding'] = 'mjpeg'
            g.attrs['width'] = W
            g.attrs['height'] = H
            d = g.create_dataset('frames', (T,), dtype=h5py.vlen_dtype(np.uint8), maxshape=(None,))
            for k in range(T):
                flat = np.zeros((H, W, 3), np.uint8)
                flat[:] = (200, 100, 10 + 5 * k)  # blue, green, red
                d[k] = cv2.imencode('.jpg', flat, [cv2.IMWRITE_JPEG_QUALITY, 95])[1]
            if i == 1: d[3] = np.frombuffer(b'no picture', np.uint8)
            g.create_dataset('timestamps', data=stamps - 0.01)
    # Recorders that wrote no size down, or the wrong one.
    p = write('jpeg/sizes.h5')
    with h5py.File(p, 'a') as f:
        for i in range(2):
            g = f.create_group(f'arducam/cam{i}')
            if i == 1: g.attrs['width'], g.attrs['height'] = 64, 480
            d = g.create_dataset('frames', (T,), dtype=h5py.vlen_dtype(np.uint8))
            for k in range(T):
                flat = np.full((H, W, 3), (200, 100, 10 + 5 * k), np.uint8)
                d[k] = np.frombuffer(b'no picture', np.uint8) if i == 1 and k == 0 else cv2.imencode('.jpg', flat)[1]
    print('with-mjpeg')
except ImportError:
    print('without-mjpeg')
`;

/** Writes all of them below `folder`; `mjpeg` tells whether this Python could write JPEGs as well. */
export function writeReactRecordings(folder: string): { mjpeg: boolean } {
  return { mjpeg: runPython(SCRIPT, folder).includes('with-mjpeg') };
}

/** The pixels such a recording holds: stream number as in the file (cameras 0–2, GelSights 3 and 4). */
export function expectedPixels(stream: number, tick: number): Uint8Array {
  const { width, height } = RECORDING;
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / (3 * width));
    return (x + 2 * y + 40 * (i % 3) + 7 * tick + 31 * stream) % 256;
  });
}
