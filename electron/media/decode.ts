import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { SourceFault, type VideoFacts } from '../sources/source.ts';
import { refuseUndecodable } from './codec-support.ts';
import { EngineFault } from './engine.ts';
import type { FoundEngine } from './find-engine.ts';
import { frameExpression } from './frame-expression.ts';
import { Handoff } from './handoff.ts';
import { type MediaFile, openMediaFile } from './media-file.ts';
import { copyPackets } from './packet-copy.ts';
import { type PresentedFrames, presentedFrames } from './presented-frames.ts';

export interface DecodeRange {
  /** Presented frames [from, to), as the probe counts them. */
  from: number;
  to: number;
  format?: 'rgb24' | 'gray';
  signal?: AbortSignal;
}

/** Frames that one run of the engine decodes, more or less: runs end where a frame decodes alone. */
const RUN_FRAMES = 240;

/**
 * Presented frames of a video as pixels of the size it is displayed at: rows top to bottom, interleaved, each frame the
 * caller's own. However long the range, a few frames are in memory. Rejects with SourceFault "no-frame", or
 * "corrupt-chunk" where a frame of the range cannot be decoded.
 */
export async function* decodeFrames(
  found: FoundEngine,
  file: string,
  facts: VideoFacts,
  { from, to, format = 'rgb24', signal }: DecodeRange,
): AsyncGenerator<Uint8Array, void, undefined> {
  const name = path.basename(file);
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to > from && to <= facts.frameCount)) {
    throw new SourceFault('no-frame', `${name} has ${facts.frameCount} frames, so ${from} to ${to} is no range of it.`);
  }
  refuseUndecodable(found, name, facts.codec);
  const run = (input: string, skip: number, count: number): AsyncGenerator<Uint8Array> =>
    decodeRun(found, { file: input, name, frames: { skip, count }, size: facts, format, signal });
  const media = facts.codecString === null ? undefined : await openMediaFile(file);
  if (!media) return yield* run(file, from, to - from);

  const folder = await mkdtemp(path.join(os.tmpdir(), 'regrasp-cut-'));
  try {
    const frames = await presentedFrames(media);
    for (let at = from; at < to; ) {
      const end = endOfRun(frames, at, to);
      const cut = path.join(folder, 'cut.mp4');
      const copy = await copyOrNothing(media, frames, { from: at, to: end }, cut);
      // What cannot be copied is decoded from its beginning: slower, and the same frames.
      if (!copy) return yield* run(file, at, to - at);
      yield* run(cut, copy.leadIn, end - at);
      at = end;
    }
  } finally {
    await media.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first frame at least a run away that decodes alone, so that the next run needs no lead-in. */
function endOfRun({ keys }: PresentedFrames, from: number, to: number): number {
  for (let at = from + RUN_FRAMES; at < to; at += 1) if (keys[at] === 1) return at;
  return to;
}

async function copyOrNothing(
  media: MediaFile,
  frames: PresentedFrames,
  range: { from: number; to: number },
  file: string,
) {
  try {
    return await copyPackets(media, frames, range, file);
  } catch (error) {
    if (error instanceof SourceFault && error.code === 'no-copy') return undefined;
    throw error;
  }
}

/** One run of the engine over a file, decoded from its beginning. */
export interface DecodeRun {
  file: string;
  /** For sentences. */
  name: string;
  /** Presented frames of the file that come out: a row of them, or each by itself, ascending. */
  frames: { skip: number; count: number } | readonly number[];
  size: { width: number; height: number };
  format: 'rgb24' | 'gray';
  signal?: AbortSignal;
}

export async function* decodeRun(found: FoundEngine, run: DecodeRun): AsyncGenerator<Uint8Array, void, undefined> {
  const { width, height } = run.size;
  const frameBytes = width * height * (run.format === 'gray' ? 1 : 3);
  const count = countOf(run);
  const frames = new Handoff<Uint8Array>();
  const stopped = new AbortController();
  const signal = run.signal ? AbortSignal.any([run.signal, stopped.signal]) : stopped.signal;
  let frame = new Uint8Array(frameBytes);
  let filled = 0;
  const running = found.engine
    .run({
      input: { kind: 'file', path: run.file },
      outputArguments: [
        ...['-map', '0:v:0', '-vf', `select=${selectionOf(run)}`],
        ...passthrough(found.description.version),
        ...['-frames:v', String(count), '-s', `${width}x${height}`, '-pix_fmt', run.format],
        ...['-sws_flags', 'bicubic+accurate_rnd+full_chroma_int', '-f', 'rawvideo'],
      ],
      output: {
        kind: 'bytes',
        take: async (piece) => {
          for (let done = 0; done < piece.length; ) {
            const part = piece.subarray(done, done + frameBytes - filled);
            frame.set(part, filled);
            filled += part.length;
            done += part.length;
            if (filled < frameBytes) continue;
            await frames.give(frame);
            frame = new Uint8Array(frameBytes);
            filled = 0;
          }
        },
      },
      signal,
    })
    .then(
      () => frames.end(),
      (error: unknown) => frames.fail(error),
    );
  let given = 0;
  try {
    for (;;) {
      const next = await frames.take();
      if (next === undefined) break;
      given += 1;
      yield next;
    }
  } catch (error) {
    throw error instanceof EngineFault ? damaged(run, given, error.reason) : error;
  } finally {
    // With every frame taken the engine is about to end by itself, and an embedded one can be used again.
    if (given < count) stopped.abort();
    frames.stop();
    await running;
  }
  if (given < count) throw damaged(run, given, 'it presented no more');
}

function countOf({ frames }: DecodeRun): number {
  return 'count' in frames ? frames.count : frames.length;
}

/** As ffmpeg's filter takes it: one that is not 0 lets the frame through. */
function selectionOf({ frames }: DecodeRun): string {
  if ('count' in frames) return `between(n\\,${frames.skip}\\,${frames.skip + frames.count - 1})`;
  return frameExpression(frames, '\\,');
}

function damaged(run: DecodeRun, given: number, reason: string): SourceFault {
  return new SourceFault(
    'corrupt-chunk',
    `${run.name}: ${given} of ${countOf(run)} frames could be decoded (ffmpeg: ${reason}): restore it from a copy.`,
  );
}

/** "Every frame once, at its own time", as this version of ffmpeg spells it. */
export function passthrough(version: string): string[] {
  const [, major, minor] = /^n?(\d{1,2})\.(\d+)/.exec(version) ?? [];
  const isOld = major !== undefined && (Number(major) < 5 || (Number(major) === 5 && Number(minor) < 1));
  return [isOld ? '-vsync' : '-fps_mode', 'passthrough'];
}
