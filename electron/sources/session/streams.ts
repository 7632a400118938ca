import path from 'node:path';
import type { FileReader } from '../source.ts';
import type { Session, SessionStream } from './schema.ts';

export const CAMERA_FILE = /^cam_.+\.(mp4|m4v|mov|mkv|webm|avi)$/i;
export const JOINTS_FILE = /^joints.*\.parquet$/i;
const STREAM_FILE = new RegExp(`${CAMERA_FILE.source}|${JOINTS_FILE.source}`, 'i');

/** The streams the session declares, then files of the usual names that it does not; those run by their own times from zero. */
export async function streamsOf(
  files: FileReader,
  folder: string,
  session: Session,
): Promise<{ stream: SessionStream; declared: boolean }[]> {
  const known = new Set(session.streams.map(({ file }) => path.normalize(file)));
  const names = (await files.list(folder, STREAM_FILE)).filter((name) => !known.has(name));
  const found = names.flatMap((file): SessionStream[] => {
    const plain = { origin_s: 0, offset_s: 0, drift_ppm: 0, residual: null, tied_by: 'assumed' as const };
    if (CAMERA_FILE.test(file)) return [{ file, kind: 'cam', clock: { ...plain, from: 'video' } }];
    if (JOINTS_FILE.test(file)) return [{ file, kind: 'joints', clock: { ...plain, from: 'stamps' } }];
    return [];
  });
  return [
    ...session.streams.map((stream) => ({ stream, declared: true })),
    ...found.map((stream) => ({ stream, declared: false })),
  ];
}

/** "cam_left_wrist.mp4" is "left wrist". */
export function cameraName({ file, name }: SessionStream): string {
  if (name) return name;
  return path
    .basename(file)
    .replace(/\.[^.]*$/, '')
    .replace(/^cam_/i, '')
    .replaceAll('_', ' ');
}

export function positionOf(name: string): 'left' | 'middle' | 'right' | null {
  if (/(^|[^a-z])left([^a-z]|$)/i.test(name)) return 'left';
  if (/(^|[^a-z])right([^a-z]|$)/i.test(name)) return 'right';
  return /(^|[^a-z])(middle|center|centre)([^a-z]|$)/i.test(name) ? 'middle' : null;
}
