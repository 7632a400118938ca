import { access, constants, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { DoctorCheck } from '../shared/api/contract.ts';
import { sentenceOf } from './fault.ts';
import type { DecodePool } from './frames/frame-source.ts';
import { graphicsDevices } from './graphics-device.ts';
import type { OpenRoot } from './library/roots.ts';
import type { Media } from './media/index.ts';

const OLDEST_NODE = [20, 19] as const;
const LOW_MEMORY_BYTES = 1.5e9;

export interface DoctorOptions {
  version: string;
  userDataDir: string;
  decode: DecodePool;
  media: Pick<Media, 'engine'>;
  roots: readonly Pick<OpenRoot, 'path' | 'storage'>[];
}

/** What a person (or the one who helps them) needs to know of this machine. Never rejects: a failed check is an answer. */
export async function examine(options: DoctorOptions): Promise<DoctorCheck[]> {
  const groups = await Promise.all([
    versionChecks(options.version),
    filterChecks(options.decode),
    encoderCheck(options.media),
    userFolderCheck(options.userDataDir),
    ...options.roots.map(rootCheck),
    graphicsCheck(),
    memoryCheck(),
  ]);
  return groups.flat();
}

function check(name: string, state: DoctorCheck['state'], detail: string, remedy: string | null = null): DoctorCheck {
  return { name, state, detail, remedy };
}

function versionChecks(version: string): DoctorCheck[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const electron = process.versions.electron;
  return [
    check('Regrasp', 'good', `version ${version}`),
    check(
      'Node',
      isNew ? 'good' : 'bad',
      `${process.versions.node}${electron ? `, in Electron ${electron}` : ''}, ${process.platform} ${process.arch}`,
      isNew ? null : `Install Node ${OLDEST_NODE.join('.')} or newer.`,
    ),
  ];
}

async function filterChecks(decode: DecodePool): Promise<DoctorCheck[]> {
  try {
    const filters = await decode.filters();
    return filters.map(({ id, name, works }) =>
      check(
        `HDF5 filter ${name}`,
        works ? 'good' : 'warning',
        works ? `decodes (filter ${id})` : `does not decode here (filter ${id})`,
        works
          ? null
          : 'Recordings with this filter cannot be shown: install Regrasp again so that its plugins are whole.',
      ),
    );
  } catch (error) {
    return [
      check(
        'HDF5 decoding',
        'bad',
        sentenceOf(error, 'The decoder'),
        'Install Regrasp again so that its workers are whole.',
      ),
    ];
  }
}

async function encoderCheck(media: Pick<Media, 'engine'>): Promise<DoctorCheck> {
  try {
    const { description, note } = await media.engine();
    const detail = `${description.engine} ${description.version}${description.path ? `, ${description.path}` : ', embedded'}`;
    const remedy = 'Install ffmpeg and see that it is on the PATH, or name it in REGRASP_FFMPEG.';
    return check(
      'Video encoder',
      note ? 'warning' : 'good',
      note ? `${detail}: ${note}` : detail,
      note ? remedy : null,
    );
  } catch (error) {
    return check(
      'Video encoder',
      'bad',
      sentenceOf(error, 'The embedded encoder'),
      'Install ffmpeg, or install Regrasp again so that its embedded encoder is whole.',
    );
  }
}

async function userFolderCheck(userDataDir: string): Promise<DoctorCheck> {
  try {
    await mkdir(userDataDir, { recursive: true });
    const trial = await mkdtemp(path.join(userDataDir, 'write-check-'));
    await rm(trial, { recursive: true });
    return check('User folder', 'good', `${userDataDir} can be written`);
  } catch (error) {
    return check(
      'User folder',
      'bad',
      sentenceOf(error, userDataDir),
      'Settings and jobs cannot be kept: make it writable.',
    );
  }
}

async function rootCheck({ path: rootPath, storage }: DoctorOptions['roots'][number]): Promise<DoctorCheck> {
  const name = `Dataset ${path.basename(rootPath)}`;
  const readable = await access(rootPath, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!readable) return check(name, 'bad', `${rootPath} cannot be read`, 'Mount it again or change its permissions.');
  if (storage.kind === 'user') {
    return check(
      name,
      'warning',
      storage.reason ?? 'reviews are kept in the user folder',
      `They are in ${storage.folder}.`,
    );
  }
  return check(name, 'good', `${rootPath}: reviews are kept in ${storage.folder}`);
}

/** What there is to draw with; what the window makes of it only the window knows. */
function graphicsCheck(): DoctorCheck {
  const name = 'Graphics';
  const devices = graphicsDevices();
  if (devices === undefined) {
    return check(name, 'good', 'told only by the window: Help → Check this machine, or the performance read-out');
  }
  if (devices.length > 0) return check(name, 'good', devices.join(', '));
  const remedy =
    'Pictures and the 3D scene are drawn by the processor; a graphics card and its driver would leave it free.';
  return check(name, 'warning', 'none that programs can draw with', remedy);
}

function memoryCheck(): DoctorCheck {
  const free = os.freemem();
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  const detail = `${gigabytes(free)} free of ${gigabytes(os.totalmem())}; Regrasp uses ${gigabytes(process.memoryUsage.rss())}`;
  return free < LOW_MEMORY_BYTES
    ? check('Memory', 'warning', detail, 'Close other programs, or lower the cache size in the settings.')
    : check('Memory', 'good', detail);
}
