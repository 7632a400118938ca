import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { isRecord, type Json, readJson } from '../common/json-file.ts';
import { type OpenFile, SourceFault, type SourcePorts } from '../source.ts';

const METADATA = /^metadata.*\.json$/i;
const VIDEO = /^(.+?)(-stereo)?\.mp4$/i;
const SVO = /^(.+)\.svo2?$/i;
/** Cameras as the metadata names them, in the order people look at them. */
export const ROLES = ['wrist', 'ext1', 'ext2'] as const;
export type Role = (typeof ROLES)[number];

export interface Companions {
  /** Real path and content; null where there is none that can be read. */
  metadata: { path: string; name: string; values: Record<string, Json> } | null;
  /** By serial number: cameras that a video, the metadata or the trajectory's stamps name. */
  cameras: Camera[];
  /** Files of the cameras' maker, which only its own tools read. */
  unread: string[];
  problems: Problem[];
}

export interface Camera {
  serial: string;
  role: Role | null;
  /** The left eye; null where there is no such file. */
  video: string | null;
  /** Both eyes side by side. */
  stereo: string | null;
  hasSvo: boolean;
}

/** What lies beside a trajectory. `stamped` are the serial numbers that it holds stamps of. */
export async function findCompanions(
  file: OpenFile,
  { files }: SourcePorts,
  stamped: readonly string[],
): Promise<Companions> {
  const folder = path.dirname(file.path);
  const problems: Problem[] = [];
  const list = async (below: string, named: RegExp) => {
    try {
      return await files.list(path.join(folder, below), named);
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      problems.push({ severity: 'error', code: error.code, message: error.message });
      return [];
    }
  };
  const metadata = await readMetadata(file, await list('.', METADATA), files, problems);
  const videos = await list(path.join('recordings', 'MP4'), VIDEO);
  const unread = await list(path.join('recordings', 'SVO'), SVO);
  const cameras = new Map<string, Camera>();
  const cameraOf = (serial: string) => {
    const known = cameras.get(serial) ?? { serial, role: null, video: null, stereo: null, hasSvo: false };
    cameras.set(serial, known);
    return known;
  };
  for (const role of ROLES) {
    const serial = metadata?.values[`${role}_cam_serial`];
    if ((typeof serial === 'string' && serial !== '') || typeof serial === 'number')
      cameraOf(String(serial)).role = role;
  }
  for (const name of videos) {
    const [, serial = '', isStereo] = VIDEO.exec(name) ?? [];
    cameraOf(serial)[isStereo ? 'stereo' : 'video'] = path.join(folder, 'recordings', 'MP4', name);
  }
  for (const name of unread) cameraOf(SVO.exec(name)?.[1] as string).hasSvo = true;
  for (const serial of stamped) cameraOf(serial);
  const rank = ({ role }: Camera) => (role === null ? ROLES.length : ROLES.indexOf(role));
  const sorted = [...cameras.values()].sort((a, b) => rank(a) - rank(b) || a.serial.localeCompare(b.serial));
  return { metadata, cameras: sorted, unread, problems };
}

async function readMetadata(
  file: OpenFile,
  names: readonly string[],
  files: SourcePorts['files'],
  problems: Problem[],
): Promise<Companions['metadata']> {
  const [name] = names;
  if (name === undefined) {
    const message = `Beside ${file.name} is no metadata_<uuid>.json: outcome, task and the cameras' places are unknown; put it back.`;
    problems.push({ severity: 'warning', code: 'missing-metadata', message });
    return null;
  }
  if (names.length > 1) {
    const message = `Beside ${file.name} are ${names.length} metadata files, of which ${name} is read: keep the one that belongs to it.`;
    problems.push({ severity: 'warning', code: 'several-metadata', message });
  }
  try {
    const place = path.join(path.dirname(file.path), name);
    const values = await readJson(files, place);
    if (!isRecord(values)) throw new SourceFault('not-json', `${name} holds no object: write it again.`);
    return { path: (await files.facts(place))?.path ?? place, name, values };
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    problems.push({ severity: 'error', code: error.code, message: error.message });
    return null;
  }
}
