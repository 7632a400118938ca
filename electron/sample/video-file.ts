import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Fault } from '../fault.ts';
import type { SampleVideo } from '../sources/sample-tools.ts';

const CODECS: Record<NonNullable<SampleVideo['codec']>, string[]> = {
  h264: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '19', '-g', '30', '-bf', '2', '-flags', '+cgop'],
  mpeg4: ['-c:v', 'mpeg4', '-q:v', '4', '-g', '30'],
  vp9: ['-c:v', 'libvpx-vp9', '-crf', '30', '-b:v', '0', '-g', '30', '-deadline', 'realtime', '-cpu-used', '6'],
  av1: ['-c:v', 'libsvtav1', '-preset', '10', '-crf', '30', '-g', '30'],
};
const CONTAINERS: Record<string, string> = {
  '.mp4': 'mp4',
  '.mkv': 'matroska',
  '.webm': 'webm',
  '.avi': 'avi',
  '.mov': 'mov',
};

/** Streams pictures through this machine's ffmpeg into `file`; the container follows from `ending` (".mp4"). */
export async function writeVideoFile(
  file: string,
  ending: string,
  { width, height, rateHz, codec = 'h264', frames }: SampleVideo,
  signal?: AbortSignal,
): Promise<void> {
  const container = CONTAINERS[ending.toLowerCase()];
  if (!container) throw new Fault('UNUSABLE', `A video named *${ending} cannot be written: use .mp4, .mkv or .webm.`);
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${width}x${height}`,
    '-r',
    String(rateHz),
    '-i',
    'pipe:0',
  ];
  const output = [...CODECS[codec], '-pix_fmt', 'yuv420p', '-threads', '1', '-bitexact', '-f', container, '-y', file];
  const quiet = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'];
  const process = spawn('ffmpeg', [...quiet, ...input, ...output], { stdio: ['pipe', 'ignore', 'pipe'], signal });
  let said = '';
  process.stderr.on('data', (text) => {
    said += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    process.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Fault('UNUSABLE', 'Videos of a sample need ffmpeg: install it.') : error),
    );
    process.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Fault('UNUSABLE', `ffmpeg could not write ${file}: ${said.trim().split('\n').at(-1) ?? code}.`));
    });
  });
  ended.catch(() => undefined);
  // A program that ends early closes its end: what is to be said of that comes with its exit.
  process.stdin.on('error', () => undefined);
  for (const frame of frames) {
    if (process.stdin.destroyed || signal?.aborted) break;
    if (!process.stdin.write(frame)) await Promise.race([once(process.stdin, 'drain').catch(() => undefined), ended]);
  }
  process.stdin.end();
  await ended;
}
