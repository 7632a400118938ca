import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Fault, sentenceOf } from '../fault.ts';

/** A file of a raw dump. */
export interface RawFile {
  /** Path below the raw folder, with slashes. */
  below: string;
  /** Real path. */
  path: string;
  bytes: number;
}

/** What a dump holds, each file once. */
export interface RawFolder {
  /** Real path. */
  folder: string;
  files: RawFile[];
  cameras: { file: RawFile; name: string; stamps: RawFile | null }[];
  joints: RawFile | null;
  markers: RawFile | null;
}

export interface RawChoice {
  /** Paths below the raw folder, where names do not tell. */
  joints?: string;
  markers?: string;
  /** Files that are asked for by name elsewhere: neither joints nor markers. */
  taken?: readonly string[];
}

const MAX_FILES = 20_000;
const MAX_DEPTH = 8;
const VIDEO = /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|ts|h264|h265)$/i;
const TABLE = /\.(parquet|csv|tsv)$/i;
const STAMPS = /[._-](timestamps?|times|stamps)\.(csv|tsv|txt|json)$/i;
const MARKERS = /^(task[_-]?)?(markers?|events|annotations)\.(csv|tsv|json)$/i;
const JOINTS = /joint|robot|state|proprio|trajectory/i;

/** Lists a dump and tells its files apart by name. Rejects with Fault where that leaves a question. */
export async function readRawFolder(place: string, choice: RawChoice = {}): Promise<RawFolder> {
  const folder = await realpath(place).catch((error: unknown) => {
    throw new Fault('NOT_FOUND', sentenceOf(error, place));
  });
  if (!(await stat(folder)).isDirectory())
    throw new Fault('UNUSABLE', `${place} is a file: name the folder of the raw files.`);
  const files = await listFiles(folder);
  const named = (below: string | undefined, what: string): RawFile | undefined => {
    if (below === undefined) return undefined;
    const wanted = path.resolve(folder, below);
    const found =
      files.find((file) => path.join(folder, file.below) === wanted) ??
      files.find((file) => file.path === path.resolve(below));
    if (!found)
      throw new Fault(
        'NOT_FOUND',
        `There is no ${below} among the raw files of ${place}: name the ${what} by its path there.`,
      );
    return found;
  };
  const isStamps = (file: RawFile) => STAMPS.test(file.below);
  const taken = new Set((choice.taken ?? []).map((below) => named(below, 'file')));
  const markers =
    named(choice.markers, 'markers') ??
    only(
      files.filter((file) => MARKERS.test(path.posix.basename(file.below))),
      'markers',
      '--markers',
    );
  const tables = files.filter(
    (file) => TABLE.test(file.below) && !isStamps(file) && file !== markers && !taken.has(file),
  );
  const likely = tables.filter((file) => JOINTS.test(path.posix.basename(file.below)));
  const joints =
    named(choice.joints, 'table of joints') ??
    only(likely.length > 0 ? likely : tables, 'tables of joints', '--joints');
  const videos = files.filter((file) => VIDEO.test(file.below));
  const names = new Set<string>();
  const cameras = videos.map((file) => ({
    file,
    name: freeName(cameraName(file.below), names),
    stamps: stampsOf(file, files.filter(isStamps)),
  }));
  return { folder, files, cameras, joints, markers };
}

async function listFiles(folder: string): Promise<RawFile[]> {
  const files: RawFile[] = [];
  const visit = async (at: string, below: string, depth: number): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true });
    entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const inner = below === '' ? entry.name : `${below}/${entry.name}`;
      const real = await realpath(path.join(at, entry.name)).catch(() => undefined);
      const relative = real === undefined ? '..' : path.relative(folder, real);
      if (real === undefined || relative.split(path.sep)[0] === '..' || path.isAbsolute(relative)) {
        throw new Fault('REFUSED', `${inner} is a link that leads outside of ${folder}: put the file itself there.`);
      }
      const stats = await stat(real);
      if (stats.isDirectory()) {
        // A link to a folder of the dump would list its files twice.
        if (!entry.isSymbolicLink() && depth < MAX_DEPTH) await visit(real, inner, depth + 1);
      } else if (stats.isFile()) files.push({ below: inner, path: real, bytes: stats.size });
      if (files.length > MAX_FILES)
        throw new Fault('UNUSABLE', `${folder} holds more than ${MAX_FILES} files: name the folder of one session.`);
    }
  };
  await visit(folder, '', 0);
  return files;
}

function only(found: readonly RawFile[], what: string, option: string): RawFile | null {
  if (found.length > 1) {
    const names = found
      .slice(0, 5)
      .map(({ below }) => below)
      .join(', ');
    throw new Fault(
      'UNUSABLE',
      `There are several files that could be the ${what} (${names}): say which by ${option}.`,
    );
  }
  return found[0] ?? null;
}

/** `front.timestamps.csv`, `front.mp4.timestamps.csv` or `front_timestamps.txt` beside `front.mp4`. */
function stampsOf(video: RawFile, stamps: readonly RawFile[]): RawFile | null {
  const stem = video.below.replace(/\.[^.]*$/, '');
  const own = stamps.filter(({ below }) => [stem, video.below].includes(below.replace(STAMPS, '')));
  return only(own, `frame stamps of ${video.below}`, 'keeping one of them');
}

/** "Front camera 1.mp4" is "front_1". */
function cameraName(below: string): string {
  const stem = path.posix.basename(below).replace(/\.[^.]*$/, '');
  const plain = stem.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const bare = plain
    .split('_')
    .filter((word) => word !== '' && !['cam', 'camera', 'video'].includes(word))
    .join('_');
  return bare || plain.replace(/^_+|_+$/g, '') || 'camera';
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
  taken.add(name);
  return name;
}
