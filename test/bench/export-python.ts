/**
 * A LeRobot-like set as a lab's script makes it: pictures by h5py, one camera after the other into ffmpeg's pipe, numbers by
 * NumPy into parquet by pyarrow. Nothing is read back and no statistics are taken. Arguments: recording, ffmpeg's command lines
 * by stream as JSON, parquet file. Without pyarrow the numbers are left out, and that is told.
 */
export const EXPORT = `
import sys, json, time, subprocess
import numpy as np, h5py, hdf5plugin
try:
    import pyarrow as pa, pyarrow.parquet as pq
except ImportError:
    pa = None
start = time.perf_counter()
with h5py.File(sys.argv[1], 'r') as f:
    ticks = len(f['timestamps'])
    for stream, line in json.loads(sys.argv[2]).items():
        encoder = subprocess.Popen(line, stdin=subprocess.PIPE)
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
        pq.write_table(table, sys.argv[3], compression='snappy')
print(json.dumps({'seconds': time.perf_counter() - start, 'hasTable': pa is not None}))
`;
