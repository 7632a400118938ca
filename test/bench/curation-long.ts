import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { against, type FigureTable } from './report.ts';
import { faultyRecording, pythonOf, pythonWith, recordFaulty, StageRuns } from './stage-run.ts';

/** Ten minutes at thirty a second. */
const TICKS = 18_000;
const RECORDING = 'data/long/2026-07-02/episode_000.h5';

/**
 * Ten minutes from a recording of seconds: its stored chunks one after the other, over and over, as they are; clocks go on.
 * Arguments: the short one, the long one, ticks.
 */
const LENGTHEN = `
import sys, json, h5py, numpy as np
source, target, ticks = sys.argv[1], sys.argv[2], int(sys.argv[3])
with h5py.File(source, 'r') as f, h5py.File(target, 'w') as g:
    m = g.create_group('metadata')
    for k, v in f['metadata'].attrs.items(): m.attrs[k] = v
    stamps = f['timestamps'][()]
    n, period = len(stamps), (stamps[-1] - stamps[0]) * len(stamps) / (len(stamps) - 1)
    g.create_dataset('timestamps', data=np.concatenate([stamps + k * period for k in range(ticks // n + 1)])[:ticks])
    for i, name in enumerate(('motherboard', 'sensor_left', 'sensor_right')):
        at, pose = f[f'optitrack/{name}/timestamps'][()], f[f'optitrack/{name}/pose'][()]
        turns = ticks // n + 1
        g.create_dataset(f'optitrack/{name}/timestamps', data=np.concatenate([at + k * period for k in range(turns)]))
        g.create_dataset(f'optitrack/{name}/pose', data=np.tile(pose, (turns, 1)))
    for name in [f'realsense/cam{i}/color' for i in range(3)] + [f'gelsight/{s}/frames' for s in ('left', 'right')]:
        d = f[name]
        e = g.create_dataset(name, shape=(ticks, *d.shape[1:]), dtype=d.dtype, chunks=d.chunks, compression='gzip', compression_opts=4, shuffle=d.shuffle)
        chunks = [d.id.read_direct_chunk((t, 0, 0, 0)) for t in range(n)]
        for t in range(ticks):
            mask, raw = chunks[t % n]
            e.id.write_direct_chunk((t, 0, 0, 0), raw, mask)
print(json.dumps({}))
`;

/** Memory of every stage that reads pictures, over ten minutes: it must not follow the length. */
export async function measureLong(
  folder: string,
  mainDir: string,
  isWanted: (stage: string) => boolean = () => true,
): Promise<FigureTable> {
  const short = await recordFaulty(folder, ['gzip'], mainDir);
  const root = path.join(folder, 'long');
  const file = path.join(root, RECORDING);
  const python = pythonWith('import h5py, hdf5plugin, numpy');
  if (!existsSync(file)) {
    if (!python)
      throw new Error('A long recording is made by a python3 with h5py, hdf5plugin and numpy: install them.');
    mkdirSync(path.dirname(file), { recursive: true });
    pythonOf(python, LENGTHEN, path.join(short, faultyRecording('gzip')), `${file}.tmp`, `${TICKS}`);
    renameSync(`${file}.tmp`, file);
  }
  const rows: string[][] = [];
  const measure = async (runs: StageRuns, stage: string, options: Record<string, unknown>, most: number, by = '') => {
    const { seconds, bytes } = await runs.run(stage, RECORDING, options);
    rows.push([`${stage}${by}`, `${seconds.toFixed(0)} s`, against(bytes / 2 ** 20, most, ' MB', 'atMost', 0)]);
    process.stderr.write(`${rows.at(-1)?.join(' | ')}\n`);
  };
  // A process that has run one stage keeps some of its memory: each begins in a workstation of its own.
  const stages: readonly [stage: string, options: Record<string, unknown>][] = [
    ['detect', {}],
    ['contact', { force: true }],
    ['check', { deep: true }],
    ['gallery', { force: true }],
  ];
  for (const [stage, options] of stages) {
    if (!isWanted(stage)) continue;
    const runs = await StageRuns.open(root, mainDir);
    runs.forget();
    await measure(runs, stage, options, 1024).finally(() => runs.close());
  }
  if (isWanted('preview')) {
    const runs = await StageRuns.open(root, mainDir, { REGRASP_FFMPEG: 'embedded' });
    await measure(runs, 'preview', { force: true }, 1536, ', embedded encoder').finally(() => runs.close());
  }
  return {
    title: 'Ten minutes: memory of the stages',
    note: `${TICKS} ticks of three cameras and two gels of 640×480, gzip. Resident memory of the whole process with all its threads, at most.`,
    columns: ['stage', 'time', 'memory'],
    rows,
  };
}
