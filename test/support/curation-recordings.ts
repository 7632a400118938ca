import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDecodePool } from '../../electron/frames/decode-pool.ts';
import type { DecodePool } from '../../electron/frames/frame-source.ts';
import { createMedia, type Media } from '../../electron/media/index.ts';
import type { Source } from '../../electron/sources/source.ts';
import type { OpenWorkstationEpisode } from '../../electron/workstation-types.ts';
import { builtWorkerDir, coreDir, pluginDir } from './built-worker.ts';
import { pythonWithOpenCv, runPython } from './python.ts';
import { openFileOf, portsFor } from './source-ports.ts';
import { writtenOnce } from './written-once.ts';

export const CURATED = { ticks: 90, date: 'data/motherboard/2026-05-11' } as const;

/** Whether a Python can also `import cv2`: those with h5py often can. */
export const pythonHasOpenCv = () => pythonWithOpenCv() !== null;
export const NO_OPENCV = 'needs a python3 with h5py, hdf5plugin, numpy and cv2';

/**
 * One React recording for each way to store pictures, all with the same content: cameras that move and twice stand still,
 * gels that repeat their pictures (the stored bytes too), flicker, and are touched; tracking that begins at tick 9 on the left.
 * The last one has samples that cannot be read: gelsight/left 40 and realsense/cam1 20.
 */
const WRITE = `
import sys, os, numpy as np, h5py, hdf5plugin
folder = sys.argv[1]
T, H, W, GH, GW = ${CURATED.ticks}, 150, 200, 180, 240
rng = np.random.default_rng(11)
T0 = 1778400000.25
stamps = T0 + np.arange(T) / 29.97 + rng.uniform(0, 0.002, T)
y, x = np.mgrid[0:H, 0:W]
def camera(s):
    frames = np.empty((T, H, W, 3), np.uint8)
    noise = rng.integers(0, 7, (H, W, 3))
    for i in range(T):
        frames[i] = (np.stack([x + 3 * i, y + 2 * i + 40 * s, x + y + i], -1) + noise) % 251
        if 30 <= i < 36 or i == 50: frames[i] = frames[i - 1]
    return frames
def gel(s):
    gy, gx = np.mgrid[0:GH, 0:GW]
    frames = np.empty((T, GH, GW, 3), np.uint8)
    base = np.stack([90 + gx // 4, 80 + gy // 3, 120 - gx // 9], -1)
    for i in range(T):
        if i and i % 3: frames[i] = frames[i - 1]; continue
        push = np.exp(-(((gx - 120) / 40.0) ** 2 + ((gy - 90) / 30.0) ** 2)) * (55 * max(0, np.sin(i / 14.0 + s)))
        frames[i] = np.clip(base + push[..., None] * np.array([1, -0.6, 0.3]) + rng.integers(0, 3, (GH, GW, 3)), 0, 255)
    if s == 0: frames[66] = 250 - frames[66] // 4
    return frames
cams, gels = [camera(s) for s in range(3)], [gel(s) for s in range(2)]
B = hdf5plugin.Blosc
ways = {
  '000': dict(compression='gzip', compression_opts=4, shuffle=True), '001': dict(B(cname='lz4', clevel=5, shuffle=2)),
  '002': dict(compression='lzf'), '003': dict(), '004': dict(B(cname='zstd', clevel=5, shuffle=2)),
  '005': dict(compression='gzip', compression_opts=4, shuffle=True),
}
def body(f, name, first, n, k, kept=None):
    at = stamps[first] + 0.0004 + np.arange(n) * (stamps[-1] - stamps[first]) / max(1, n - 1)
    pose = np.concatenate([rng.normal(size=(n, 3)) * 0.1 + k, rng.normal(size=(n, 4))], 1)
    f.create_dataset(f'optitrack/{name}/timestamps', data=at[:kept])
    f.create_dataset(f'optitrack/{name}/pose', data=pose[:kept])
os.makedirs(os.path.join(folder, '${CURATED.date}'))
state = rng.bit_generator.state
for name, options in ways.items():
    rng.bit_generator.state = state
    path = os.path.join(folder, '${CURATED.date}', 'episode_' + name + '.h5')
    with h5py.File(path, 'w') as f:
        m = f.create_group('metadata')
        m.attrs['fps'] = np.int64(30)
        m.attrs.create('realsense_serials', ['143322063538', '104122062574', '217222066989'], dtype=h5py.string_dtype())
        m.attrs.create('gelsight_serials', ['2BGLKZNT', '2BKRDTAD'], dtype=h5py.string_dtype())
        m.attrs['created_at'] = '2026-05-11T14:03:22'
        m.attrs['task'] = 'motherboard'
        f.create_dataset('timestamps', data=stamps, maxshape=(None,))
        for i in range(3): f.create_dataset(f'realsense/cam{i}/color', data=cams[i], chunks=(1, H, W, 3), **options)
        for i, side in enumerate(('left', 'right')): f.create_dataset(f'gelsight/{side}/frames', data=gels[i], chunks=(1, GH, GW, 3), **options)
        body(f, 'motherboard', 0, 50, 0.5, 0 if name == '003' else None)
        body(f, 'sensor_left', 8, 210, 0.1)
        body(f, 'sensor_right', 0, 260, 0.2)
path = os.path.join(folder, '${CURATED.date}', 'episode_005.h5')
with h5py.File(path, 'r') as f:
    bad = [f[d].id.get_chunk_info_by_coord((i, 0, 0, 0)) for d, i in (('gelsight/left/frames', 40), ('realsense/cam1/color', 20))]
with open(path, 'r+b') as raw:
    for chunk in bad:
        raw.seek(chunk.byte_offset + 20)
        raw.write(b'\\xa5' * (chunk.size - 40))
`;

/** The recordings in a folder of their own, and what reads them. */
export interface CuratedBench {
  root: string;
  workerDir: string;
  pool: DecodePool;
  media: Media;
  open(source: Source, stem: string): Promise<OpenWorkstationEpisode>;
  close(): Promise<void>;
}

export async function openCuratedBench(): Promise<CuratedBench> {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-curated-')));
  const recorded = await writtenOnce('curated', async (folder) => {
    runPython(WRITE, folder);
  });
  cpSync(recorded, root, { recursive: true });
  const workerDir = await builtWorkerDir();
  const pool = createDecodePool({ workerDir, pluginDir });
  const media = createMedia({ workerDir, coreDir });
  return {
    ...{ root, workerDir, pool, media },
    open: (source, stem) => openCurated(source, root, `${CURATED.date}/${stem}.h5`, pool),
    async close() {
      await pool.close();
      await media.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A listed recording, opened as the workstation opens it; its fingerprint is its path. */
async function openCurated(
  source: Source,
  root: string,
  below: string,
  pool: DecodePool,
): Promise<OpenWorkstationEpisode> {
  const file = openFileOf(root, below);
  const opened = await source.open(file, portsFor(root, pool));
  return {
    ...{ opened, path: file.path, revision: '1', fingerprint: below.replaceAll(/[^a-z0-9]/g, '') },
    ...{ orderOf: ({ order }) => order, tactileOffset: () => 0, holdPeriods: () => 3 },
    ...{ calibrations: async () => [], calibrationChoice: () => undefined },
  };
}
