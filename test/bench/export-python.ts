/**
 * A LeRobot-like set as a lab's script makes it: pictures by h5py, one camera after the other into ffmpeg's pipe, numbers by
 * NumPy into parquet by pyarrow. Nothing is read back and no statistics are taken. Arguments: recordings as JSON, ffmpeg's
 * command lines by stream as JSON, folder; NUMBER in a command line becomes the recording's. Without pyarrow the numbers are left out, and that is told.
 */
export const EXPORT = `
import sys, json, time, subprocess
import numpy as np, h5py, hdf5plugin
try:
    import pyarrow as pa, pyarrow.parquet as pq
except ImportError:
    pa = None
start = time.perf_counter()
for number, recording in enumerate(json.loads(sys.argv[1])):
    with h5py.File(recording, 'r') as f:
        ticks = len(f['timestamps'])
        for stream, line in json.loads(sys.argv[2]).items():
            encoder = subprocess.Popen([part.replace('NUMBER', str(number)) for part in line], stdin=subprocess.PIPE)
            frames = f[stream]
            for tick in range(ticks): encoder.stdin.write(frames[tick].data)
            encoder.stdin.close()
            if encoder.wait() != 0: raise SystemExit('ffmpeg failed')
        at = f['timestamps'][()]
        poses = []
        for body in f['optitrack']:
            stamps, pose = f[f'optitrack/{body}/timestamps'][()], f[f'optitrack/{body}/pose'][()]
            poses.append(pose[np.clip(np.searchsorted(stamps, at), 0, len(stamps) - 1)])
        if pa:
            state = np.concatenate(poses, axis=1).astype(np.float32)
            table = pa.table({'observation.state': list(state), 'timestamp': np.arange(ticks, dtype=np.float32) / 30, 'frame_index': np.arange(ticks)})
            pq.write_table(table, f'{sys.argv[3]}/{number}.parquet', compression='snappy')
print(json.dumps({'seconds': time.perf_counter() - start, 'hasTable': pa is not None}))
`;

/**
 * Recordings that differ in when they were made alone, without tactile pictures and depth: packed pictures are copied as they
 * are. Arguments: recording, folder, how many. What is there already is kept.
 */
export const COPIES = `
import sys, os, h5py, hdf5plugin
source, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.makedirs(folder, exist_ok=True)
with h5py.File(source, 'r') as f:
    for number in range(count):
        file = f'{folder}/episode_{number:03d}.h5'
        if os.path.exists(file): continue
        with h5py.File(f'{file}.growing', 'w') as copy:
            for name in f:
                if name != 'gelsight': f.copy(name, copy)
            for name, value in f.attrs.items(): copy.attrs[name] = value
            copy['metadata'].attrs['created_at'] = f'2026-07-02T{10 + number // 60:02d}:{number % 60:02d}:05'
        os.rename(f'{file}.growing', file)
print('null')
`;
