import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Episode } from '../../../shared/episode/episode.ts';
import {
  type Calibration,
  type CameraCalibration,
  isSameCamera,
  type SensorOffset,
} from '../../../shared/geometry/calibration.ts';
import type { OpenFile } from '../source.ts';
import { rootOf } from './place.ts';
import { textsOf } from './streams.ts';

/**
 * Calibration folders below a root: T_mocap_to_cam_{left,middle,right}.json and T_gel_to_rigid_{left,right}.json in
 * one folder. They lie in `calibration/…` or `twm/calibration/…` of the root, or beside a task's or date's recordings.
 */

const CAMERA = /^T_mocap_to_cam_(left|middle|right)\.json$/;
const SENSOR = /^T_gel_to_rigid_(left|right)\.json$/;
const MAX_DEPTH = 4;
const MAX_FOLDERS = 500;
const MAX_FILE_BYTES = 4 * 2 ** 20;

const numbers = (length: number) => z.array(z.number()).length(length);
const cameraSchema = z.object({
  T_mocap_to_cam: z.array(numbers(4)).length(4),
  camera_serial: z.union([z.string(), z.number()]).transform(String),
  intrinsics: z.object({
    fx: z.number().positive(),
    fy: z.number().positive(),
    ppx: z.number(),
    ppy: z.number(),
    width: z.int().positive().default(640),
    height: z.int().positive().default(480),
  }),
  rmse_mm: z.number().nullish(),
  rmse_px: z.number().nullish(),
  created_at: z.string().nullish(),
  up_axis: z.string().nullish(),
});
const sensorSchema = z.object({ gel_center_in_rigid_mm: numbers(3) });

/** Calibrations that could belong to this recording: those whose serials match first, then the nearest one before it. */
export async function findCalibrations(file: OpenFile, episode: Episode): Promise<Calibration[]> {
  // A `.regrasp` further up or down makes another root, but moves no calibration.
  const bases = new Set([file.root, rootOf(file.path, false)]);
  const folders = new Map<string, string>();
  for (const base of bases) {
    for (const folder of await calibrationFolders(base)) if (!folders.has(folder)) folders.set(folder, base);
  }
  const found = await Promise.all(
    [...folders].map(([folder, base]) => readCalibration({ root: file.root, base, folder }, episode)),
  );
  const rated = found.map((calibration) => ({ calibration, rating: rate(calibration, episode) }));
  return rated.sort((a, b) => compare(a.rating, b.rating)).map(({ calibration }) => calibration);
}

/** Real folders below the root that hold a calibration file; links are not followed out of the root. */
async function calibrationFolders(root: string): Promise<string[]> {
  const starts = [path.join(root, 'calibration'), path.join(root, 'twm', 'calibration')];
  for (const task of await foldersIn(path.join(root, 'data'))) {
    if (isCalibrationName(task)) starts.push(path.join(root, 'data', task));
    for (const date of await foldersIn(path.join(root, 'data', task))) {
      const folder = path.join(root, 'data', task, date);
      if (isCalibrationName(date)) starts.push(folder);
      for (const inner of await foldersIn(folder)) if (isCalibrationName(inner)) starts.push(path.join(folder, inner));
    }
  }
  // A single file opened on its own has its calibration beside it.
  for (const inner of await foldersIn(root)) {
    if (isCalibrationName(inner) && inner !== 'calibration') starts.push(path.join(root, inner));
  }
  const found = new Set<string>();
  let visited = 0;
  const walk = async (folder: string, depth: number): Promise<void> => {
    if (++visited > MAX_FOLDERS || !(await isInside(root, folder))) return;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    if (entries.some(({ name }) => CAMERA.test(name) || SENSOR.test(name))) found.add(folder);
    if (depth >= MAX_DEPTH) return;
    for (const entry of entries) if (entry.isDirectory()) await walk(path.join(folder, entry.name), depth + 1);
  };
  for (const start of starts) await walk(start, 0);
  if ((await namesIn(root)).some((name) => CAMERA.test(name))) found.add(root);
  return [...found].sort();
}

function isCalibrationName(name: string): boolean {
  return /calib/i.test(name);
}

async function isInside(root: string, folder: string): Promise<boolean> {
  const real = await realpath(folder).catch(() => '');
  return real === root || real.startsWith(root + path.sep);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** `base` is where the search began: nothing outside of it is read. Ids are paths from the root all the same. */
async function readCalibration(
  { root, base, folder }: { root: string; base: string; folder: string },
  episode: Episode,
): Promise<Calibration> {
  const problems: string[] = [];
  const cameras: CameraCalibration[] = [];
  const sensors: SensorOffset[] = [];
  const id = path.relative(root, folder).split(path.sep).join('/') || '.';
  for (const name of (await namesIn(folder)).sort()) {
    const position = CAMERA.exec(name)?.[1];
    const side = SENSOR.exec(name)?.[1];
    if (!position && !side) continue;
    try {
      const json = await readJson(base, path.join(folder, name));
      if (position) cameras.push(cameraOf(position as CameraCalibration['position'], cameraSchema.parse(json)));
      else if (side) sensors.push(sensorOf(side as SensorOffset['side'], sensorSchema.parse(json)));
    } catch (error) {
      problems.push(`${id}/${name} cannot be used (${reasonOf(error)}): write it again or leave it out.`);
    }
  }
  problems.push(...matchStreams(id, cameras, episode));
  return { id, name: id === '.' ? path.basename(folder) : path.basename(id), cameras, sensors, problems };
}

/**
 * Names the stream of each camera: by serial; where no serial of the calibration is one that the recording names, by
 * position. Answers with a sentence for each camera that no pictures of the recording have the serial of.
 */
function matchStreams(id: string, cameras: CameraCalibration[], episode: Episode): string[] {
  const recorded = episode.streams.filter(({ kind, id }) => kind === 'color' && !id.startsWith('arducam/'));
  for (const camera of cameras) {
    camera.stream = recorded.find(({ serial }) => serial === camera.serial)?.id ?? null;
    camera.serialMatches = camera.stream !== null;
  }
  const byPosition = cameras.every(({ serialMatches }) => !serialMatches);
  const isNamed = recorded.some(({ serial }) => serial !== null);
  const named = textsOf(episode.metadata.realsense_serials);
  return cameras
    .filter(({ serialMatches }) => !serialMatches)
    .map((camera) => {
      const { position, serial } = camera;
      if (byPosition) camera.stream = recorded.find((stream) => stream.position === position)?.id ?? null;
      if (named.includes(serial) && camera.stream === null) {
        return `${id}: the ${position} camera (serial ${serial}) has no pictures in this recording, so nothing is projected onto it.`;
      }
      const said = `${id}: the ${position} camera was calibrated with serial ${serial}, but this recording names ${isNamed ? 'other serials' : 'no serials'}`;
      return camera.stream === null
        ? `${said}, so nothing is projected onto it.`
        : `${said}; ${camera.stream} is taken for it because of its position: look whether the projection fits.`;
    });
}

async function readJson(root: string, file: string): Promise<unknown> {
  if (!(await isInside(root, file))) throw new Error('it is a link that leads out of the folder that was opened');
  if ((await stat(file)).size > MAX_FILE_BYTES) throw new Error('it is far too large for a calibration');
  // Python writes NaN and Infinity, which are no JSON; they may only stand where nothing is read.
  const text = (await readFile(file, 'utf8')).replace(/(?<=[:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g, 'null');
  return JSON.parse(text);
}

function cameraOf(position: CameraCalibration['position'], read: z.infer<typeof cameraSchema>): CameraCalibration {
  const { fx, fy, ppx, ppy, width, height } = read.intrinsics;
  const rmse =
    typeof read.rmse_mm === 'number'
      ? ({ value: read.rmse_mm, unit: 'mm' } as const)
      : typeof read.rmse_px === 'number'
        ? ({ value: read.rmse_px, unit: 'px' } as const)
        : null;
  return {
    position,
    serial: read.camera_serial,
    stream: null,
    mocapToCamera: read.T_mocap_to_cam.flat(),
    ...{ fx, fy, ppx, ppy, width, height },
    upAxis: read.up_axis?.toLowerCase() === 'z' ? 'z' : 'y',
    rmse,
    createdAt: read.created_at ?? null,
  };
}

function sensorOf(side: SensorOffset['side'], read: z.infer<typeof sensorSchema>): SensorOffset {
  return { side, track: `sensor_${side}`, gelCenterMm: read.gel_center_in_rigid_mm };
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    return issue ? `${issue.path.join('.') || 'its contents'}: ${issue.message}` : 'its contents are not a calibration';
  }
  return error instanceof Error ? error.message : String(error);
}

interface Rating {
  matched: number;
  /** 0 before the session, 1 after it, 2 when either time is unknown. */
  side: number;
  /** Milliseconds between calibration and session. */
  distanceMs: number;
  id: string;
}

function rate(calibration: Calibration, episode: Episode): Rating {
  const matched = calibration.cameras.filter(isSameCamera).length;
  const made = Math.max(...calibration.cameras.map(({ createdAt }) => Date.parse(createdAt ?? '')));
  const session = Date.parse(episode.createdAt ?? episode.date);
  const known = Number.isFinite(made) && Number.isFinite(session);
  const side = known ? (made <= session ? 0 : 1) : 2;
  return { matched, side, distanceMs: known ? Math.abs(session - made) : 0, id: calibration.id };
}

function compare(a: Rating, b: Rating): number {
  return b.matched - a.matched || a.side - b.side || a.distanceMs - b.distanceMs || (a.id < b.id ? -1 : 1);
}
