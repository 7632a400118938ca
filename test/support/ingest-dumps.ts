import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ingest } from '../../electron/ingest/ingest.ts';
import type { IngestOptions } from '../../electron/ingest/plan.ts';
import { createVideoProbe } from '../../electron/media/probe.ts';
import { source } from '../../electron/sources/session/index.ts';
import type { Hdf5Reader, OpenedEpisode } from '../../electron/sources/source.ts';
import { latestAtOrBefore } from '../../shared/time/sampling.ts';
import { encodePattern, noFfmpeg, presentedByFfmpeg } from './bit-pattern-video.ts';
import { openFileOf, portsFor } from './source-ports.ts';

export const FRAMES = 90;
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '30', '-bf', '2'];
/** What the robot's clock says at a time of the wall, in seconds from the first frame. */
export const ROBOT = { start: 812.4, drift: 120e-6 };
export const robotTime = (wall: number) => ROBOT.start + wall / (1 + ROBOT.drift);
export const UNIX = 1_776_171_642.25;

export const probe = createVideoProbe();
/** Holds every dump, from `openDumps` on. */
export let root: string;
let made = 0;

/** A folder for dumps, with the video that they share; remove it. */
export async function openDumps(): Promise<void> {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-ingest-')));
  if (!noFfmpeg)
    await encodePattern(path.join(root, 'pattern.mp4'), { frames: FRAMES, encode: H264, widthPx: 64, heightPx: 48 });
}

export const removeDumps = () => rmSync(root, { recursive: true, force: true });

/** Rows at 100 Hz: the robot's clock, the frame that is painted then, and a joint. */
export function jointRows(seconds = 3) {
  return Array.from({ length: seconds * 100 }, (_, i) => {
    const wall = 0.0021 + i / 100;
    return { wall, robot: robotTime(wall), painted: Math.floor(wall * 30), joint: Math.sin(wall) };
  });
}

/** Raw files as a rig leaves them; `write` adds to them or spoils them. */
export function dump(write: (folder: string) => void = () => undefined): string {
  const folder = path.join(root, `dump_${made++}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'front.mp4'), readFileSync(path.join(root, 'pattern.mp4')));
  const lines = jointRows().map(({ robot, painted, joint }) => `${robot.toFixed(6)},${painted},${joint.toFixed(9)}`);
  writeFileSync(path.join(folder, 'joints.csv'), `time_s,painted_pos,joint_0_rad\n${lines.join('\n')}\n`);
  write(folder);
  return folder;
}

export const EVENTS = [0.2, 1.0, 1.9, 2.7];
export const facts = { task: 'pick_place', site: 'oakland-2', operator: 'j.lee' };
export const sync = { videoSeconds: EVENTS, jointSeconds: EVENTS.map(robotTime) };
export const run = (raw: string, more: Partial<IngestOptions> = {}) =>
  ingest({ raw, facts, sync, madeBy: 'test', ...more }, probe);

/** The session as the workstation opens it, and what its check tells. */
export async function open(out: string): Promise<OpenedEpisode & { check: string[] }> {
  const file = openFileOf(out, 'session.json');
  const ports = portsFor(out, {} as Hdf5Reader, probe);
  const opened = await source.open(file, ports);
  const found = await source.check?.(file, opened, ports);
  return { ...opened, check: (found?.problems ?? []).map(({ code }) => code) };
}

/** Rows whose joint value is not the number that is painted into the frame of the same moment; edges of frames left out. */
export function outOfStep(
  out: string,
  { clocks, values, episode }: OpenedEpisode,
  edgeSeconds: number,
): { wrong: number; judged: number } {
  const camera = episode.streams[0]?.id as string;
  const painted = presentedByFfmpeg(path.join(out, camera));
  const frames = clocks.get(camera) as Float64Array;
  const rows = clocks.get('joints.parquet') as Float64Array;
  const series = episode.series.find(({ components }) => components.includes('painted_pos'));
  const data = values.get(series?.id ?? '') as Float64Array;
  const width = series?.components.length as number;
  const column = series?.components.indexOf('painted_pos') as number;
  let wrong = 0;
  let judged = 0;
  rows.forEach((ns, row) => {
    const frame = latestAtOrBefore(frames, ns);
    const next = frames[frame + 1] ?? Number.POSITIVE_INFINITY;
    if (frame < 0 || ns - (frames[frame] as number) < edgeSeconds * 1e9 || next - ns < edgeSeconds * 1e9) return;
    judged++;
    if (painted[frame] !== data[row * width + column]) wrong++;
  });
  return { wrong, judged };
}

export const hashesOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(folder, name)))
        .digest('hex'),
    ]),
  );
