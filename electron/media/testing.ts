import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** For tests: files made and judged by the machine's own ffmpeg, which shares no code with ours. */
export const hasFfmpeg =
  spawnSync('ffmpeg', ['-version']).status === 0 && spawnSync('ffprobe', ['-version']).status === 0;

let encoders: string | undefined;

export function hasEncoder(name: string): boolean {
  if (!hasFfmpeg) return false;
  encoders ??= execFileSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' });
  return encoders.includes(` ${name} `);
}

export function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...args]);
}

/** A moving picture of so many seconds; `source` as lavfi names it. */
export function testPicture(seconds: number, size = '160x120', rateHz = 30): string[] {
  return ['-f', 'lavfi', '-t', String(seconds), '-i', `testsrc2=s=${size}:r=${rateHz}`];
}

/** What ffmpeg presents, frame by frame: seconds from the first frame, and a hash of its pixels. */
export function framesByFfmpeg(file: string): { seconds: number[]; hashes: string[] } {
  const args = ['-hide_banner', '-loglevel', 'error', '-i', file, '-map', '0:v:0', '-vsync', 'passthrough'];
  const text = execFileSync('ffmpeg', [...args, '-f', 'framemd5', '-'], { encoding: 'utf8', maxBuffer: 64e6 });
  const [, over = '1', under = '1'] = /#tb 0: (\d+)\/(\d+)/.exec(text) ?? [];
  const rows = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const fields = rows.map((row) => row.split(',').map((field) => field.trim()));
  const first = Number(fields[0]?.[2]);
  return {
    seconds: fields.map((row) => ((Number(row[2]) - first) * Number(over)) / Number(under)),
    hashes: fields.map((row) => row[5] ?? ''),
  };
}

export function ffprobe(file: string, entries: string): Record<string, string> {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'default=nw=1', file];
  const lines = execFileSync('ffprobe', args, { encoding: 'utf8' }).trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
}

/** When frames are shown, in seconds of the file's own time. */
export function timesByFfprobe(file: string): number[] {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time'];
  const text = execFileSync('ffprobe', [...args, '-of', 'csv=p=0', file], { encoding: 'utf8' });
  // Frames with notes beside them come with lines of their own.
  return text.split('\n').map(Number.parseFloat).filter(Number.isFinite);
}

export function temporaryFolder(): { folder: string; at(name: string): string; remove(): void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp-media-'));
  return {
    folder,
    at: (name) => path.join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
