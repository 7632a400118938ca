import { runPython } from '../support/python.ts';

export const FILTERED = { ticks: 6, width: 40, height: 30 } as const;

/** Every filter that recorders and later tools have used, each on a stream of its own; number s of the stream is its place here. */
export const FILTERED_STREAMS: readonly { stream: string; filter: string }[] = [
  { stream: 'realsense/cam0/color', filter: 'blosc' },
  { stream: 'realsense/cam1/color', filter: 'blosc-bitshuffle' },
  { stream: 'realsense/cam2/color', filter: 'gzip' },
  { stream: 'realsense/cam0/depth', filter: 'gzip-shuffle' },
  { stream: 'realsense/cam1/depth', filter: 'lzf' },
  { stream: 'realsense/cam2/depth', filter: 'none' },
  { stream: 'gelsight/left/frames', filter: 'blosc-zstd' },
  { stream: 'gelsight/right/frames', filter: 'gzip-shuffle' },
];

const SCRIPT = `
import sys, json, numpy as np, h5py, hdf5plugin
path, T, H, W = sys.argv[1], *map(int, sys.argv[2:5])
options = {
    'blosc': dict(hdf5plugin.Blosc(cname='lz4', clevel=5, shuffle=1)),
    'blosc-bitshuffle': dict(hdf5plugin.Blosc(cname='lz4', clevel=5, shuffle=2)),
    'gzip': dict(compression='gzip', compression_opts=4),
    'gzip-shuffle': dict(compression='gzip', compression_opts=4, shuffle=True),
    'lzf': dict(compression='lzf'),
    'none': {},
    'blosc-zstd': dict(hdf5plugin.Blosc(cname='zstd', clevel=3, shuffle=1)),
}
t0 = 1778400000.25
with h5py.File(path, 'w') as f:
    m = f.create_group('metadata')
    m.attrs['fps'] = np.int64(30)
    m.attrs['task'] = 'filters'
    m.attrs['created_at'] = '2026-09-10T08:00:00'
    f.create_dataset('timestamps', data=t0 + np.arange(T) / 30)
    for s, entry in enumerate(json.loads(sys.argv[5])):
        depth = entry['stream'].endswith('depth')
        y, x, c = np.mgrid[0:H, 0:W, 0:1 if depth else 3]
        data = np.stack([(x + 2 * y + 40 * c + 7 * i + 31 * s) for i in range(T)])
        data = (data[..., 0] * 9).astype('<u2') if depth else (data % 256).astype('u1')
        f.create_dataset(entry['stream'], data=data, chunks=(1,) + data.shape[1:], **options[entry['filter']])
    for body in ('motherboard', 'sensor_left', 'sensor_right'):
        f.create_dataset(f'optitrack/{body}/timestamps', data=t0 + np.arange(20) / 100)
        f.create_dataset(f'optitrack/{body}/pose', data=np.tile([0, 0, 0, 0, 0, 0, 1.0], (20, 1)))
`;

export function writeFilteredRecording(file: string): void {
  const { ticks, width, height } = FILTERED;
  runPython(SCRIPT, file, String(ticks), String(height), String(width), JSON.stringify(FILTERED_STREAMS));
}

/** The bytes stored for a sample, as the tick carries them. */
export function storedBytes(streamNumber: number, index: number): Uint8Array {
  const { width, height } = FILTERED;
  const isDepth = FILTERED_STREAMS[streamNumber]?.stream.endsWith('depth');
  const value = (x: number, y: number, channel: number) => x + 2 * y + 40 * channel + 7 * index + 31 * streamNumber;
  if (isDepth) {
    const depth = Uint16Array.from(
      { length: width * height },
      (_, at) => value(at % width, Math.floor(at / width), 0) * 9,
    );
    return new Uint8Array(depth.buffer);
  }
  return Uint8Array.from(
    { length: width * height * 3 },
    (_, at) => value(Math.floor(at / 3) % width, Math.floor(at / (3 * width)), at % 3) % 256,
  );
}
