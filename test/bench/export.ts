import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cutPackets } from '../../electron/media/cut-packets.ts';
import { builtPaths } from '../../electron/paths.ts';
import { runSampleWork } from '../../electron/sample/run-worker.ts';
import { openWorkstation } from '../../electron/workstation.ts';
import type { Workstation } from '../../electron/workstation-types.ts';
import { clientOf } from '../contract/doors.ts';
import { COPIES, EXPORT } from './export-python.ts';
import { childSeconds, memoryOf, processTree } from './processes.ts';
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

const DAY = `data/${TASK}/${DATE}`;
const recordingOf = (seconds: number) => `${DAY}/episode_${seconds}s.h5`;
const recipe = (more: Record<string, unknown>) => ({
  ...{ schema: 'regrasp.recipe/1', name: 'bench', taxonomyVersion: 1, streams: { ids: CAMERAS } },
  ...more,
});

/**
 * Bundles of a rollout with a failure and its recovery: made and verified, beside the usual Python, and by packets alone.
 *
 * @param rollouts so many of full length become the LeRobot dataset; null: a short one stands for them
 */
export async function measureExport(folder: string, mainDir: string, rollouts: number | null): Promise<FigureTable> {
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
    const episodes = { paths: [recordingOf(ROLLOUT_SECONDS)] };
    const kinds = ['rollout', 'failure', 'recovery'];
    const whole = await run(workstation, id, bundle, { episodes, targets: ['regrasp'], units: { kinds } });
    rows.push([
      `Regrasp bundle of a rollout of ${ROLLOUT_SECONDS} s, three cameras, with its failure and recovery, verified`,
      against(whole.seconds, ROLLOUT_SECONDS, ' s', 'atMost', 1),
      ...[`${whole.processorSeconds.toFixed(0)} s`, against(whole.bytes / 2 ** 20, 1024, ' MB', 'atMost', 0)],
    ]);
    rows.push(await clips(bundle, work));
    rows.push(await lerobotRow(workstation, id, folder, work, rollouts));
    const scaled =
      rollouts === null
        ? ` One rollout of ${SHORT_SECONDS} s stands for the fifty of ${ROLLOUT_SECONDS} s that were asked: both work through one after the other (npm run bench -- export full makes all fifty).`
        : '';
    return {
      title: 'Bundles',
      note: `From HDF5 (gzip) of 640×480, H.264 CRF 18 by the machine's ffmpeg. Ours plan, write, hash and read the whole bundle back; the Python's part has none of that.${scaled} Processor: seconds of all cores together, which other work on the machine does not stretch as it does those of the clock. Memory: PSS of this process and all it started, at most.`,
      columns: ['what', 'took', 'processor', 'memory'],
      rows,
    };
  } finally {
    await workstation.close();
    rmSync(work, { recursive: true, force: true });
  }
}

async function lerobotRow(
  workstation: Workstation,
  root: string,
  folder: string,
  work: string,
  rollouts: number | null,
): Promise<string[]> {
  const dataset = path.join(work, 'lerobot');
  const python = pythonWith('import h5py, hdf5plugin, numpy');
  const targets = ['lerobot-v3.0'];
  let recordings = [path.join(folder, recordingOf(SHORT_SECONDS))];
  let ours: Figures;
  if (rollouts === null)
    ours = await run(workstation, root, dataset, { episodes: { paths: [recordingOf(SHORT_SECONDS)] }, targets });
  else {
    if (!python) throw new Error('The full run needs a Python with h5py and hdf5plugin, which copies the recordings.');
    const copies = `${folder}-full`;
    const day = path.join(copies, DAY);
    rmSync(path.join(copies, '.regrasp'), { recursive: true, force: true });
    pythonOf(python, COPIES, path.join(folder, recordingOf(ROLLOUT_SECONDS)), day, `${rollouts}`);
    const names = readdirSync(day).sort().slice(0, rollouts);
    recordings = names.map((name) => path.join(day, name));
    const { id } = await workstation.openRoot(await workstation.grant(copies));
    await workstation.settled(id);
    ours = await run(workstation, id, dataset, { episodes: { paths: names.map((name) => `${DAY}/${name}`) }, targets });
  }
  rmSync(dataset, { recursive: true });
  const what =
    rollouts === null
      ? `LeRobot v3.0 of a rollout of ${SHORT_SECONDS} s, three cameras, verified`
      : `LeRobot v3.0 of ${rollouts} rollouts of ${ROLLOUT_SECONDS} s, three cameras, verified`;
  const memory = against(ours.bytes / 2 ** 20, 1024, ' MB', 'atMost', 0);
  const seconds = (figures: Pick<Figures, 'seconds' | 'processorSeconds'>, of: 'seconds' | 'processorSeconds') =>
    `${figures[of].toFixed(1)} s`;
  if (!python)
    return [what, `${seconds(ours, 'seconds')}; no Python with h5py here`, seconds(ours, 'processorSeconds'), memory];
  const lines = Object.fromEntries(
    CAMERAS.map((stream, at) => [stream, commandLine(path.join(work, `NUMBER-${at}.mp4`))]),
  );
  const before = childSeconds();
  const { hasTable, ...told } = pythonOf<{ seconds: number; hasTable: boolean }>(
    ...([python, EXPORT, JSON.stringify(recordings), JSON.stringify(lines), work] as const),
  );
  const theirs = { ...told, processorSeconds: childSeconds() - before };
  const left = hasTable ? '' : ', which wrote no parquet (no pyarrow here)';
  return [
    ...[what, `${seconds(ours, 'seconds')}; the Python ${seconds(theirs, 'seconds')}${left}`],
    ...[`${seconds(ours, 'processorSeconds')}; the Python ${seconds(theirs, 'processorSeconds')}`, memory],
  ];
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
  return [what, `${(seconds * 1000).toFixed(0)} ms: ${against(speed, 20, '× real time', 'atLeast', 0)}`, '–', '–'];
}

interface Figures {
  seconds: number;
  processorSeconds: number;
  /** Memory, at most. */
  bytes: number;
}

async function run(
  workstation: Workstation,
  root: string,
  out: string,
  more: Record<string, unknown>,
): Promise<Figures> {
  let bytes = 0;
  const look = () => {
    bytes = Math.max(bytes, memoryOf(processTree(process.pid)).pss);
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    const started = performance.now();
    const processorStart = processorSeconds();
    const sinks = { signal: new AbortController().signal, progress: () => {}, fail: () => {}, log: () => {} };
    const request = { root, out, options: { recipe: recipe({ exclude: { undecided: 'include' }, ...more }) } };
    const { message, foundProblems } = await workstation.runStage('export', request, sinks);
    if (foundProblems || !existsSync(out)) throw new Error(message);
    look();
    const took = {
      seconds: (performance.now() - started) / 1000,
      processorSeconds: processorSeconds() - processorStart,
    };
    return { ...took, bytes };
  } finally {
    clearInterval(timer);
  }
}

/** Of this process with all its threads and of every child that ended. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + childSeconds();
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
