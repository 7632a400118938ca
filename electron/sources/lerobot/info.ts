import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { type FileReader, SourceFault } from '../source.ts';
import { fault, namesOf, warning } from './problems.ts';
import { isShared, quoted } from './template.ts';

/** What `meta/info.json` says, bounded and in one shape for every version. */
export interface DatasetInfo {
  /** Folder that holds `meta/`. */
  folder: string;
  /** As written, "" where absent. */
  version: string;
  /** Null where the file gives no usable rate. */
  fps: number | null;
  features: Feature[];
  robotType: string | null;
  dataPath: string | null;
  videoPath: string | null;
  /** Episodes a chunk folder in v2, files a chunk folder in v3. */
  chunksSize: number;
  totals: { episodes: number | null; frames: number | null; tasks: number | null; videos: number | null };
  splits: Record<string, string>;
  problems: Problem[];
}

export interface Feature {
  key: string;
  /** "video", "image", "string", "language" or a NumPy name. */
  dtype: string;
  shape: number[];
  /** One name a component, in order; null where the file names none. */
  names: string[] | null;
  /** Of pictures, from shape and names. */
  size: { width: number; height: number; channels: number } | null;
  isDepthMap: boolean;
}

/** Columns every dataset has, and which are no measurement. */
export const BOOKKEEPING = ['timestamp', 'frame_index', 'episode_index', 'index', 'task_index'];

const LARGEST_INFO_BYTES = 16 * 2 ** 20;
const MOST_FEATURES = 2000;
/** Of a feature or a component. */
const LONGEST_NAME = 200;
const LARGEST_SIDE = 2 ** 16;
const HIGHEST_RATE = 100_000;
const KNOWN_VERSION = /^v(2\.[01]|3\.0)$/;

/** Rejects with SourceFault when the file is not there or no JSON object. */
export async function readInfo(files: FileReader, anchor: string): Promise<DatasetInfo> {
  const bytes = await files.read(anchor, LARGEST_INFO_BYTES);
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new SourceFault('bad-json', 'meta/info.json is no JSON text: restore it from a copy, or mend it by hand.');
  }
  if (!isRecord(raw)) throw new SourceFault('bad-json', 'meta/info.json holds no object: restore it from a copy.');
  const problems: Problem[] = [];
  const version = typeof raw.codebase_version === 'string' ? raw.codebase_version : '';
  const features = readFeatures(raw.features, problems);
  const info: DatasetInfo = {
    folder: path.dirname(path.dirname(anchor)),
    version,
    fps: readRate(raw.fps, problems),
    features,
    robotType: typeof raw.robot_type === 'string' ? raw.robot_type : null,
    dataPath: typeof raw.data_path === 'string' ? raw.data_path : null,
    videoPath: typeof raw.video_path === 'string' ? raw.video_path : null,
    chunksSize: count(raw.chunks_size) || 1000,
    totals: {
      episodes: count(raw.total_episodes),
      frames: count(raw.total_frames),
      tasks: count(raw.total_tasks),
      videos: count(raw.total_videos),
    },
    splits: isRecord(raw.splits)
      ? Object.fromEntries(Object.entries(raw.splits).map(([name, range]) => [name, String(range)]))
      : {},
    problems,
  };
  problems.push(...versionProblems(info));
  return info;
}

/** The layout that the templates say, against the version that the file claims. */
function versionProblems({ version, dataPath }: DatasetInfo): Problem[] {
  if (!KNOWN_VERSION.test(version)) {
    const said = version === '' ? 'names no codebase_version' : `calls itself ${quoted(version)}`;
    const message = `meta/info.json ${said}, which is neither v2.0, v2.1 nor v3.0; it is read by its templates and by what is on disk: correct codebase_version before training.`;
    return [warning('unknown-version', message)];
  }
  if (dataPath === null) return [];
  const layout = isShared(dataPath) ? 'v3.0' : 'v2.1';
  if (version.startsWith(layout.slice(0, 2))) return [];
  const message = `meta/info.json calls itself ${version}, but its data_path is that of ${layout}; the files are read as they lie: correct codebase_version.`;
  return [warning('version-mismatch', message)];
}

function readRate(value: unknown, problems: Problem[]): number | null {
  const fps = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const isUsable = typeof fps === 'number' && Number.isFinite(fps) && fps > 0 && fps <= HIGHEST_RATE;
  if (!isUsable) {
    problems.push(
      fault('bad-fps', 'meta/info.json gives no usable fps: write the rate of the recording there as a number.'),
    );
    return null;
  }
  if (typeof value === 'string') {
    problems.push(
      warning('bad-fps', 'meta/info.json writes fps as text, which LeRobot refuses: write it as a number.'),
    );
  }
  return fps;
}

function readFeatures(value: unknown, problems: Problem[]): Feature[] {
  if (!isRecord(value)) {
    problems.push(
      fault('no-features', 'meta/info.json declares no features: columns are shown as the data names them.'),
    );
    return [];
  }
  const entries = Object.entries(value);
  if (entries.length > MOST_FEATURES) {
    const message = `meta/info.json declares ${entries.length} features; only the first ${MOST_FEATURES} are read.`;
    problems.push(fault('too-many-features', message));
  }
  const features: Feature[] = [];
  const bad: string[] = [];
  for (const [key, feature] of entries.slice(0, MOST_FEATURES)) {
    const read = readFeature(key, feature);
    if (read) features.push(read);
    else bad.push(quoted(key));
  }
  if (bad.length > 0) {
    const message = `meta/info.json declares features without a usable dtype and shape (${namesOf(bad)}), so they were left out: complete them.`;
    problems.push(warning('bad-feature', message));
  }
  return features;
}

function readFeature(key: string, value: unknown): Feature | undefined {
  if (!isRecord(value) || typeof value.dtype !== 'string' || key === '' || key.length > LONGEST_NAME) return undefined;
  const shape = Array.isArray(value.shape) ? value.shape.map(Number) : [];
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0 && side <= 2 ** 31)) return undefined;
  const isPicture = value.dtype === 'video' || value.dtype === 'image';
  const details = {
    ...(isRecord(value.info) ? value.info : {}),
    ...(isRecord(value.video_info) ? value.video_info : {}),
  };
  return {
    key,
    dtype: value.dtype,
    shape,
    names: isPicture ? null : componentNames(value.names, shape),
    size: isPicture ? pictureSize(shape, value.names) : null,
    isDepthMap: details['video.is_depth_map'] === true || details.is_depth_map === true,
  };
}

/** A list of names, a map of lists ({motors: [...]}), or a map of places ({x: 0, y: 1}); only where one a component. */
function componentNames(names: unknown, shape: readonly number[]): string[] | null {
  const wanted = shape.reduce((product, side) => product * side, 1);
  const flat: string[] = [];
  const take = (value: unknown, depth: number): void => {
    if (flat.length > wanted || depth > 8) return;
    if (typeof value === 'string' || typeof value === 'number') flat.push(String(value).slice(0, LONGEST_NAME));
    else if (Array.isArray(value)) for (const each of value) take(each, depth + 1);
    else if (isRecord(value)) {
      const entries = Object.entries(value);
      if (entries.every(([, place]) => typeof place === 'number')) {
        entries.sort(([, a], [, b]) => Number(a) - Number(b));
        for (const [name] of entries) take(name, depth + 1);
      } else for (const [, each] of entries) take(each, depth + 1);
    }
  };
  take(names, 0);
  return flat.length === wanted ? flat : null;
}

/** [height, width, channels] by LeRobot's convention; older datasets put the channels first and say so in the names. */
function pictureSize(shape: readonly number[], names: unknown): Feature['size'] {
  const [a = 0, b = 0, c = 1] = shape;
  const said = Array.isArray(names) ? names.map(String) : [];
  const isChannelsFirst = /^c(hannels?)?$/.test(said[0] ?? '') || (said.length === 0 && a <= 4 && c > 4);
  const [height, width, channels] = isChannelsFirst ? [b, c, a] : [a, b, c];
  const isUsable = height > 0 && width > 0 && height <= LARGEST_SIDE && width <= LARGEST_SIDE && channels <= 4;
  return isUsable ? { width, height, channels } : null;
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
