import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cutPackets } from '../../electron/media/cut-packets.ts';
import { builtPaths } from '../../electron/paths.ts';
import { runSampleWork } from '../../electron/sample/run-worker.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import type { Workstation } from '../../electron/workstation-types.ts';
import { clientOf } from '../contract/doors.ts';
import { EXPORT } from './export-python.ts';
import { memoryOf, processTree } from './processes.ts';
import { against, type FigureTable } from './report.ts';
import { pythonOf, pythonWith } from './stage-run.ts';

/** Of the rollout whose bundle is made, and of the shorter one that both make a LeRobot dataset of. */
const ROLLOUT_SECONDS = 51;
const SHORT_SECONDS = 10;
const HZ = 30;
const CAMERAS = ['realsense/cam0/color', 'realsense/cam1/color', 'realsense/cam2/color'];
const TASK = 'insert';
const DATE = '2026-07-02';
const LOOK_MS = 250;
/** Of the rollout, by share: where it fails, and what is cut out for it and for its recovery. */
const tickAt = (share: number) => Math.floor(share * ROLLOUT_SECONDS * HZ);
const RECOVERY = [tickAt(0.59), tickAt(0.69)] as const;

const recordingOf = (seconds: number) => `data/${TASK}/${DATE}/episode_${seconds}s.h5`;
const recipe = (more: Record<string, unknown>) => ({
  ...{ schema: 'regrasp.recipe/1', name: 'bench', taxonomyVersion: 1, streams: { ids: CAMERAS } },
  ...more,
});

/** Bundles of a rollout with a failure and its recovery: made and verified, beside the usual Python, and by packets alone. */
export async function measureExport(folder: string, mainDir: string): Promise<FigureTable> {
  await recordRollouts(folder, mainDir);
  rmSync(path.join(folder, '.regrasp'), { recursive: true, force: true });
  const work = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-bench-export-')));
  const options = { door: 'none' as const, version: 'bench', userDataDir: path.join(work, 'user') };
  const workstation = await openWorkstation({ ...options, ...builtPaths(mainDir) });
  try {
    const { id } = await workstation.openRoot(await workstation.grant(folder));
    await workstation.settled(id);
    await mark(workstation, `${id}/${recordingOf(ROLLOUT_SECONDS)}`);
    const rows: string[][] = [];
    const bundle = path.join(work, 'bundle');
    const kinds = ['rollout', 'failure', 'recovery'];
    const whole = await run(workstation, id, bundle, ROLLOUT_SECONDS, { targets: ['regrasp'], units: { kinds } });
    rows.push([
      `Regrasp bundle of a rollout of ${ROLLOUT_SECONDS} s, three cameras, with its failure and recovery, verified`,
      against(whole.seconds, ROLLOUT_SECONDS, ' s', 'atMost', 1),
      against(whole.bytes / 2 ** 20, 1024, ' MB', 'atMost', 0),
    ]);
    rows.push(await clips(bundle, work));
    const dataset = path.join(work, 'lerobot');
    const ours = await run(workstation, id, dataset, SHORT_SECONDS, { targets: ['lerobot-v3.0'] });
    rows.push(lerobotRow(ours, folder, work));
    return {
      title: 'Bundles',
      note: `From HDF5 (gzip) of 640×480, H.264 CRF 18 by the machine's ffmpeg. Ours plan, write, hash and read the whole bundle back; the Python's part has none of that. One rollout of ${SHORT_SECONDS} s stands for the fifty of ${ROLLOUT_SECONDS} s that were asked: both work through one after the other. Memory: PSS of this process and all it started, at most.`,
      columns: ['what', 'took', 'memory'],
      rows,
    };
  } finally {
    await workstation.close();
    rmSync(work, { recursive: true, force: true });
  }
}

function lerobotRow(ours: Figures, folder: string, work: string): string[] {
  const what = `LeRobot v3.0 of a rollout of ${SHORT_SECONDS} s, three cameras, verified`;
  const memory = against(ours.bytes / 2 ** 20, 1024, ' MB', 'atMost', 0);
  const python = pythonWith('import h5py, hdf5plugin, numpy');
  if (!python) return [what, `${ours.seconds.toFixed(1)} s; no Python with h5py here`, memory];
  const lines = Object.fromEntries(CAMERAS.map((stream, at) => [stream, commandLine(path.join(work, `${at}.mp4`))]));
  const recording = path.join(folder, recordingOf(SHORT_SECONDS));
  const theirs = pythonOf<{ seconds: number; hasTable: boolean }>(
    ...([python, EXPORT, recording, JSON.stringify(lines), path.join(work, 'theirs.parquet')] as const),
  );
  const left = theirs.hasTable ? '' : ', which wrote no parquet (no pyarrow here)';
  return [what, `${ours.seconds.toFixed(1)} s; the Python ${theirs.seconds.toFixed(1)} s${left}`, memory];
}

/** Recovery clips of all cameras cut out of the bundle's own rollout: seconds of clip a second. */
async function clips(bundle: string, work: string): Promise<string[]> {
  const [rollout] = readdirSync(path.join(bundle, 'rollouts'));
  const folder = path.join(bundle, 'rollouts', rollout as string);
  const videos = readdirSync(folder).filter((name) => name.endsWith('.mp4'));
  const started = performance.now();
  const [from, to] = [RECOVERY[0], RECOVERY[1] + 1];
  for (const name of videos) {
    const request = { file: path.join(folder, name), from, to, rate: { numerator: HZ, denominator: 1 } };
    await cutPackets({ ...request, width: 640, height: 480 }, path.join(work, `clip-${name}`));
  }
  const seconds = (performance.now() - started) / 1000;
  const speed = (to - from) / HZ / seconds;
  const what = `Recovery clips of ${((to - from) / HZ).toFixed(0)} s by packet copy, ${videos.length} cameras`;
  return [what, `${(seconds * 1000).toFixed(0)} ms: ${against(speed, 20, '× real time', 'atLeast', 0)}`, '–'];
}

interface Figures {
  seconds: number;
  bytes: number;
}

async function run(
  workstation: Workstation,
  root: string,
  out: string,
  seconds: number,
  more: Record<string, unknown>,
): Promise<Figures> {
  let bytes = 0;
  const look = () => {
    bytes = Math.max(bytes, memoryOf(processTree(process.pid)).pss);
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    const started = performance.now();
    const only = { episodes: { paths: [recordingOf(seconds)] }, exclude: { undecided: 'include' } };
    const sinks = { signal: new AbortController().signal, progress: () => {}, fail: () => {}, log: () => {} };
    const request = { root, out, options: { recipe: recipe({ ...only, ...more }) } };
    const { message, foundProblems } = await workstation.runStage('export', request, sinks);
    if (foundProblems || !existsSync(out)) throw new Error(message);
    look();
    return { seconds: (performance.now() - started) / 1000, bytes };
  } finally {
    clearInterval(timer);
  }
}

async function mark(workstation: Workstation, episode: string): Promise<void> {
  const client = clientOf(
    async (address, init) => workstation.fetch(new Request(`regrasp://app${address}`, init)),
    'regrasp://app',
  );
  const failure = {
    ...{
      event: tickAt(0.55),
      window: [tickAt(0.39), tickAt(0.65)],
      code: 'GRASP_SLIP',
      severity: 'low',
      resetability: 'immediate',
    },
    ...{ whatHappened: 'It slid away.', handOff: tickAt(0.58) },
  };
  const recovery = {
    failure: 'f1',
    ticks: RECOVERY,
    controlMode: 'teleoperation',
    howRecovered: '',
    outcome: 'recovered',
  };
  await client.review.gesture({
    ...{ episode, name: 'Mark' },
    patch: [
      { map: 'outcome', id: 'episode', value: { value: 'failure' } },
      { map: 'failures', id: 'f1', value: failure },
      { map: 'recoveries', id: 'r1', value: recovery },
    ],
  });
}

/** Kept below `folder`: drawn once, which takes minutes. */
async function recordRollouts(folder: string, mainDir: string): Promise<void> {
  await Promise.all([ROLLOUT_SECONDS, SHORT_SECONDS].map((seconds) => record(folder, mainDir, seconds)));
}

/** Drawn once, and under its name only once it is whole. */
async function record(folder: string, mainDir: string, seconds: number): Promise<void> {
  const file = path.join(folder, recordingOf(seconds));
  if (existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const growing = path.join(folder, `${seconds}.growing`);
  const plan = {
    ...{ name: `episode_${seconds}s`, story: 'transfer' as const, seed: seconds, seconds, faults: false },
    ...{ startUnixSeconds: 1782980045.318, createdAt: '2026-07-02T10:14:05' },
  };
  const files = [{ path: growing, filter: 'gzip' as const }];
  await runSampleWork({ kind: 'episode', files, task: TASK, plan, leaveOutDepth: true }, builtPaths(mainDir));
  renameSync(growing, file);
}

/** What an export hands to ffmpeg, said once more. */
function commandLine(target: string): string[] {
  return [
    ...['ffmpeg', '-hide_banner', '-nostdin', '-y', '-loglevel', 'error', '-nostats'],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '640x480', '-r', `${HZ}/1`, '-i', 'pipe:0'],
    ...['-c:v', 'libx264', '-g', '2', '-keyint_min', '2', '-flags', '+cgop', '-preset', 'veryfast', '-crf', '18'],
    ...['-bf', '0', '-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-sws_flags', 'bicubic+accurate_rnd+full_chroma_int'],
    ...['-color_range', 'tv', '-colorspace', 'smpte170m', '-color_primaries', 'bt709', '-color_trc', 'iec61966-2-1'],
    ...['-threads', '4', '-bitexact', '-f', 'mp4', target],
  ];
}
