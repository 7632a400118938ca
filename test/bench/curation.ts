import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtPaths } from '../../electron/paths.ts';
import { recordBenchEpisode } from '../../electron/sample/index.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import type { Workstation } from '../../electron/workstation-types.ts';
import { READ_TORCH_FILE } from '../support/torch-file.ts';
import { against, type FigureTable } from './report.ts';
import { median } from './statistics.ts';

const ROUNDS = 3;
const TICKS = 600;
const FILTERS = ['gzip', 'blosc-bitshuffle'] as const;
type Filter = (typeof FILTERS)[number];
const NUMBERS: Record<Filter, string> = { gzip: '000', 'blosc-bitshuffle': '001' };

/**
 * Stage 4 as a lab's script does it: one picture after the other by h5py, cropped and resized by OpenCV, figures by NumPy, and
 * all of it written as one uncompressed archive. It times itself, so that starting and importing are not in the figure.
 */
const CONTACT = `
import sys, json, time, resource
import numpy as np, h5py, hdf5plugin, cv2
source, target = sys.argv[1], sys.argv[2]
use = resource.getrusage(resource.RUSAGE_SELF)
before, start = use.ru_utime + use.ru_stime, time.perf_counter()
def prepared(frame):
    return np.ascontiguousarray(cv2.resize(frame[:, 80:560], (128, 128), interpolation=cv2.INTER_AREA).transpose(2, 0, 1))
def distance(frame, reference):
    return np.sqrt(((frame.astype(np.float32) - reference) ** 2).sum(axis=0))
out = {}
with h5py.File(source, 'r') as f:
    ticks = len(f['timestamps'])
    stamps = f['timestamps'][()]
    out['timestamps'] = stamps
    out['view'] = np.stack([prepared(f['realsense/cam0/color'][t]) for t in range(ticks)])
    for side in ('left', 'right'):
        frames = f[f'gelsight/{side}/frames']
        stack = np.stack([prepared(frames[t]) for t in range(ticks)])
        first = stack[0].astype(np.float32)
        from_first = np.array([distance(x, first).mean() for x in stack], np.float32)
        index = int(np.argmax(from_first <= np.percentile(from_first, 1)))
        reference = stack[index].astype(np.float32)
        figures = np.empty((ticks, 3), np.float32)
        for t in range(ticks):
            d = distance(stack[t], reference)
            touched = d > 8.0
            figures[t] = d.mean(), touched.mean(), (d * touched).mean()
        at, pose = f[f'optitrack/sensor_{side}/timestamps'][()], f[f'optitrack/sensor_{side}/pose'][()]
        right = np.clip(np.searchsorted(at, stamps), 1, len(at) - 1)
        near = right - (stamps - at[right - 1] <= at[right] - stamps)
        out[f'tactile_{side}'], out[f'sensor_{side}_pose'] = stack, pose[near].astype(np.float32)
        for k, name in enumerate(('intensity', 'area', 'mixed')): out[f'tactile_{side}_{name}'] = figures[:, k]
        out[f'index_{side}'] = np.array(index)
np.savez(target, **out)
took = time.perf_counter() - start
use = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({'seconds': took, 'cpuSeconds': use.ru_utime + use.ru_stime - before, 'bytes': use.ru_maxrss * 1024}))
`;

/** What the two made of the same recording: largest difference of figures, and whether pictures and references are equal. */
const COMPARE = `
${READ_TORCH_FILE}
import sys, json
ours, theirs = read_torch_file(sys.argv[1]), np.load(sys.argv[2])
offset = ours['_contact_meta']['trim_offset']
figures = [k for k in ours if k.endswith(('intensity', 'area', 'mixed'))]
print(json.dumps({
    'apart': max(float(np.abs(ours[k] - theirs[k][offset:]).max()) for k in figures),
    'same': all(np.array_equal(ours[k], theirs[k][offset:]) for k in ('view', 'tactile_left', 'tactile_right', 'timestamps', 'sensor_left_pose', 'sensor_right_pose')),
    'reference': all(ours['_contact_meta'][f'ref_p01_idx_{s}'] == int(theirs[f'index_{s}']) for s in ('left', 'right')),
    'repeats': [float((theirs[f'tactile_{s}'][1:] == theirs[f'tactile_{s}'][:-1]).all((1, 2, 3)).mean()) for s in ('left', 'right')],
}))
`;

interface Run {
  seconds: number;
  /** User and system time of all threads. */
  cpuSeconds: number;
  bytes: number;
}

interface Compared {
  apart: number;
  same: boolean;
  reference: boolean;
  repeats: number[];
}

/** Stage 4 of the pipeline beside the usual Python, over the same recordings in turns, with equal results. */
export async function measureCuration(folder: string, mainDir: string): Promise<FigureTable> {
  const python = ['python3', '/usr/bin/python3'].find(
    (name) => spawnSync(name, ['-c', 'import h5py, hdf5plugin, numpy, cv2']).status === 0,
  );
  const root = await recordDataset(folder, mainDir);
  const work = mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-curation-'));
  const options = { door: 'none' as const, version: 'bench', userDataDir: path.join(work, 'user') };
  const workstation = await openWorkstation({ ...options, ...builtPaths(mainDir) });
  const rows: string[][] = [];
  try {
    const { id } = await workstation.openRoot(await workstation.grant(root));
    await workstation.settled(id);
    for (const filter of FILTERS) {
      const ours: Run[] = [];
      const theirs: Run[] = [];
      let compared: Compared | undefined;
      // One round before warms the files and the threads.
      for (let round = -1; round < ROUNDS; round += 1) {
        const out = path.join(work, 'out');
        const made = path.join(work, 'theirs.npz');
        const runOurs = async () => {
          rmSync(path.join(root, '.regrasp', 'curation'), { recursive: true, force: true });
          const run = await contactByUs(workstation, id, filter, out);
          if (round >= 0) ours.push(run);
        };
        const runTheirs = () => {
          const run = python && pythonOf<Run>(python, CONTACT, path.join(root, addressOf(filter)), made);
          if (run && round >= 0) theirs.push(run);
        };
        if (round % 2 === 0) runTheirs();
        await runOurs();
        if (round % 2 !== 0) runTheirs();
        if (python) compared ??= pythonOf<Compared>(python, COMPARE, torchFileIn(out), made);
        rmSync(out, { recursive: true, force: true });
        rmSync(made, { force: true });
      }
      rows.push(rowOf(filter, ours, theirs, compared));
    }
  } finally {
    await workstation.close();
    rmSync(work, { recursive: true, force: true });
  }
  return {
    title: 'Stage 4, contact, beside h5py, OpenCV and NumPy',
    note: `${TICKS} ticks of a camera and two gels of 640×480, ${ROUNDS} rounds in turns after one to warm up; from the order to the files, theirs without starting Python. Ours is this whole process with all its threads, reads the signals of the three streams on the way, and makes the summary, the pictures and a checksum of each file besides.`,
    columns: [
      'filter',
      'Regrasp, ticks/s',
      'Python, ticks/s',
      'ratio of medians',
      'CPU ms a tick, ours / theirs',
      'memory, ours / theirs',
      'results',
    ],
    rows,
  };
}

function rowOf(filter: Filter, ours: readonly Run[], theirs: readonly Run[], compared: Compared | undefined): string[] {
  const rate = (runs: readonly Run[]) => TICKS / median(runs.map(({ seconds }) => seconds));
  const most = (runs: readonly Run[]) => `${Math.round(Math.max(...runs.map(({ bytes }) => bytes)) / 2 ** 20)} MB`;
  const cost = (runs: readonly Run[]) => ((1000 * median(runs.map(({ cpuSeconds }) => cpuSeconds))) / TICKS).toFixed(1);
  if (!compared) return [filter, rate(ours).toFixed(0), 'not here', '–', cost(ours), most(ours), '–'];
  const ratio = rate(ours) / rate(theirs);
  const { apart, same, reference, repeats } = compared;
  const repeated = repeats.map((share) => `${Math.round(100 * share)} %`).join(' and ');
  return [
    filter,
    rate(ours).toFixed(0),
    rate(theirs).toFixed(0),
    // On BLOSC the ratio is told and nothing asked of it.
    filter === 'gzip' ? against(ratio, 1.5, '×', 'atLeast', 2) : `${ratio.toFixed(2)}×`,
    `${cost(ours)} / ${cost(theirs)}`,
    `${most(ours)} / ${most(theirs)}`,
    `pictures, stamps and poses ${same ? 'equal' : 'DIFFER'}, p01 ${reference ? 'equal' : 'DIFFERS'}, figures within ${apart.toExponential(0)} (≤ 1e-4 ${apart <= 1e-4 ? 'met' : 'missed'}); ${repeated} of the gels' pictures repeat`,
  ];
}

async function contactByUs(workstation: Workstation, root: string, filter: Filter, out: string): Promise<Run> {
  let bytes = 0;
  const look = () => {
    bytes = Math.max(bytes, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 20);
  const failures: string[] = [];
  try {
    const start = performance.now();
    const cpu = process.cpuUsage();
    await workstation.runStage(
      'contact',
      { root, only: `${root}/${addressOf(filter)}`, out, options: { force: true } },
      {
        signal: new AbortController().signal,
        progress: () => {},
        fail: (item, message) => failures.push(`${item}: ${message}`),
        log: () => {},
      },
    );
    const seconds = (performance.now() - start) / 1000;
    look();
    if (failures.length > 0) throw new Error(failures.join('\n'));
    const { user, system } = process.cpuUsage(cpu);
    return { seconds, cpuSeconds: (user + system) / 1e6, bytes };
  } finally {
    clearInterval(timer);
  }
}

function pythonOf<T>(python: string, script: string, ...args: string[]): T {
  const run = spawnSync(python, ['-', ...args], { input: script, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as T;
}

function torchFileIn(out: string): string {
  const found = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.pt'));
  if (!found) throw new Error(`There is no .pt in ${out}.`);
  return path.join(out, found);
}

const addressOf = (filter: Filter) => `data/bench/2026-07-02/episode_${NUMBERS[filter]}.h5`;

/** The same recording in every filter, kept below `folder` under a name that changes with the code that records it. */
async function recordDataset(folder: string, mainDir: string): Promise<string> {
  const hash = createHash('sha256').update(String(TICKS));
  for (const name of readdirSync('electron/sample').sort()) {
    if (name.endsWith('.ts') && !name.endsWith('.test.ts'))
      hash.update(readFileSync(path.join('electron/sample', name)));
  }
  const root = path.join(folder, hash.digest('hex').slice(0, 12));
  if (!existsSync(root)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  rmSync(path.join(root, '.regrasp'), { recursive: true, force: true });
  const missing = FILTERS.filter((filter) => !existsSync(path.join(root, addressOf(filter))));
  if (missing.length > 0) {
    const files = missing.map((filter) => ({ path: path.join(root, addressOf(filter)), filter }));
    const all = { files, ticks: TICKS, contiguous: TICKS, spread: 0, leaveOutDepth: true };
    await recordBenchEpisode({ ...all, ...builtPaths(mainDir) });
  }
  return root;
}
