import path from 'node:path';
import { Fault } from '../fault.ts';
import { writeWholeBy } from '../settings/atomic-write.ts';
import { SourceFault } from '../sources/source.ts';
import { cannotEncode } from './codec-support.ts';
import { EngineFault } from './engine.ts';
import type { FoundEngine } from './find-engine.ts';
import { frameExpression } from './frame-expression.ts';
import { openMediaFile } from './media-file.ts';
import { presentedFrames } from './presented-frames.ts';

export type VideoCodecName = 'h264' | 'vp9' | 'av1' | 'mpeg4';
export type RawFormat = 'rgb24' | 'bgr24' | 'gray';
export type Preset = 'ultrafast' | 'superfast' | 'veryfast' | 'faster' | 'fast' | 'medium' | 'slow';

export interface EncodeRequest {
  /** Where the video appears once it is whole; its ending names the container: .mp4 .mov .mkv .webm .avi. */
  file: string;
  /** Pixels; both even, for colour is stored at half the size. */
  width: number;
  height: number;
  /** Frames a second; a fraction of whole numbers is kept exactly, and names the file's clock. */
  rateHz: number | { numerator: number; denominator: number };
  format: RawFormat;
  /** Rows top to bottom without padding. A frame must not be changed after it was handed over. */
  frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Default h264. */
  codec?: VideoCodecName;
  /** Constant rate factor: lower is better and larger; default 20 for H.264, 30 for VP9 and AV1. */
  quality?: number;
  /** Effort; default veryfast. */
  preset?: Preset;
  /** Frames from one that decodes alone to the next, 1…30; default 30. */
  groupLength?: number;
  /** Frames that decode alone wherever a group would have them (H.264 only): the video can be cut before them. At most MOST_KEY_FRAMES. */
  keyFrames?: readonly number[];
  /** Frames that refer forward, in a row. Default 0: then frames are stored in the order they are shown, as every reader likes it. */
  bFrames?: number;
  /** Colour at half the size (default, what every player shows) or at the full one (H.264 only). */
  chroma?: '420' | '444';
  /** The index before the pictures, so that a player over a network begins at once (.mp4 and .mov). */
  indexFirst?: boolean;
  signal?: AbortSignal;
  onFrames?(done: number): void;
  /** Nobody reads this frame any more: its buffer may be written again. */
  onTaken?(frame: Uint8Array): void;
}

/** They are named one by one in an expression that ffmpeg works out for every frame. */
export const MOST_KEY_FRAMES = 256;

const CONTAINERS: Record<string, string> = {
  '.mp4': 'mp4',
  '.mov': 'mov',
  '.mkv': 'matroska',
  '.webm': 'webm',
  '.avi': 'avi',
};
const CHANNELS: Record<RawFormat, number> = { rgb24: 3, bgr24: 3, gray: 1 };

/** The number of threads goes into what x264 writes, so it is the same on every machine. */
export function encoderThreads({ description }: FoundEngine): string[] {
  // The embedded one has no threads to give.
  return ['-threads', description.engine === 'ffmpeg.wasm' ? '1' : '4'];
}

/** How pixels become colour and back: named in the file, so that every player takes the same way. */
export const ENCODED_COLOUR = encodedColour('420');

function encodedColour(chroma: '420' | '444'): string[] {
  return [
    ...['-pix_fmt', `yuv${chroma}p`, '-sws_flags', 'bicubic+accurate_rnd+full_chroma_int'],
    ...['-color_range', 'tv', '-colorspace', 'smpte170m', '-color_primaries', 'bt709', '-color_trc', 'iec61966-2-1'],
  ];
}

/**
 * Encodes frames into a file of constant rate, groups of pictures closed and at most 30 long. Resolves to the number of
 * frames, counted in the written file. Rejects with Fault (or the signal's reason) and leaves nothing under `file`.
 */
export async function encodeVideo(found: FoundEngine, request: EncodeRequest): Promise<{ frames: number }> {
  const { file, width, height, format, signal, onFrames, onTaken, codec: codecName = 'h264', chroma = '420' } = request;
  const name = path.basename(file);
  const container = CONTAINERS[path.extname(file).toLowerCase()];
  if (!container) throw new Fault('UNUSABLE', `${name} was not written: a video is named .mp4, .mov, .mkv or .webm.`);
  refuseSize(name, width, height);
  const rate = rateOf(name, request.rateHz);
  if (chroma === '444' && codecName !== 'h264')
    throw new Fault('UNUSABLE', `${name} was not written: only H.264 keeps colour at its full size here.`);
  const isIndexFirst = request.indexFirst === true && (container === 'mp4' || container === 'mov');
  const codec = codecArguments(found, request);
  let given = 0;
  const counted = checkedFrames(request, width * height * CHANNELS[format], () => {
    given += 1;
  });
  await writeWholeBy(file, async (temporary) => {
    try {
      await found.engine.run({
        inputArguments: ['-f', 'rawvideo', '-pix_fmt', format, '-s', `${width}x${height}`, '-r', rate],
        input: { kind: 'frames', frames: counted, ...(onTaken ? { onTaken } : {}) },
        outputArguments: [
          ...[...codec, ...encodedColour(chroma), ...encoderThreads(found), '-bitexact'],
          ...[...(isIndexFirst ? ['-movflags', '+faststart'] : []), '-f', container],
        ],
        output: { kind: 'file', path: temporary },
        signal,
        onFrames,
      });
    } catch (error) {
      throw asFault(error, `${name} was not written`);
    }
    if (given === 0) throw new Fault('UNUSABLE', `${name} was not written: there is no frame to put into it.`);
    const written = container === 'avi' ? given : await countFrames(temporary);
    if (written !== given) {
      throw new Fault('UNUSABLE', `${name} was not kept: ${written} of ${given} frames are in it; try again.`);
    }
  });
  return { frames: given };
}

export function refuseSize(name: string, width: number, height: number): void {
  const fits = (pixels: number): boolean => Number.isInteger(pixels) && pixels >= 16 && pixels <= 8192;
  if (!fits(width) || !fits(height)) {
    throw new Fault(
      'UNUSABLE',
      `${name}: pictures of ${width}×${height} pixels cannot be encoded (16 to 8192 a side).`,
    );
  }
  if (width % 2 !== 0 || height % 2 !== 0) {
    throw new Fault(
      'UNUSABLE',
      `${name}: pictures of ${width}×${height} pixels cannot be encoded, for colour is stored at half the size: pad or crop them to even sides.`,
    );
  }
}

/** As ffmpeg reads it. */
function rateOf(name: string, rate: EncodeRequest['rateHz']): string {
  const { numerator, denominator } = typeof rate === 'number' ? { numerator: rate, denominator: 1 } : rate;
  const rateHz = numerator / denominator;
  const isFraction = Number.isInteger(numerator) && Number.isInteger(denominator) && denominator > 0;
  if (!(rateHz >= 0.01 && rateHz <= 1000) || (typeof rate !== 'number' && !isFraction))
    throw new Fault('UNUSABLE', `${name}: ${rateHz} frames a second is no rate.`);
  return typeof rate === 'number' ? String(rate) : `${numerator}/${denominator}`;
}

/** A failure of ffmpeg's as one sentence; faults and abort reasons as they are. */
export function asFault(error: unknown, what: string): unknown {
  if (!(error instanceof EngineFault)) return error;
  // The program tells the system's own words, which the embedded one does not always have.
  if (/no space left|disk quota/i.test(error.reason))
    return new Fault('UNUSABLE', `${what}: the disk is full: free some space.`, 'ENOSPC');
  if (/read-only file system/i.test(error.reason)) return new Fault('UNUSABLE', `${what}: the disk is read-only.`);
  return new Fault(
    'UNUSABLE',
    `${what}: ffmpeg says "${error.reason}". Look at the disk's free space and at the codec.`,
  );
}

/** Encoder and its settings. Throws Fault where the engine has no encoder for the codec. */
function codecArguments(found: FoundEngine, request: EncodeRequest): string[] {
  const { description } = found;
  const { codec = 'h264', preset = 'veryfast', quality, bFrames = 0, keyFrames = [] } = request;
  const group = String(Math.min(30, Math.max(1, Math.round(request.groupLength ?? 30))));
  const crf = (usual: number): string[] => ['-crf', String(Math.min(51, Math.max(0, quality ?? usual)))];
  const closed = ['-g', group, '-keyint_min', group, '-flags', '+cgop'];
  const named = frameExpression(
    keyFrames.toSorted((a, b) => a - b),
    ',',
  );
  const forced = keyFrames.length === 0 ? [] : ['-force_key_frames', `expr:${named}`, '-forced-idr', '1'];
  const choices: Record<VideoCodecName, Record<string, string[]>> = {
    h264: {
      libx264: [...closed, ...forced, '-preset', preset, ...crf(20), '-bf', String(bFrames), '-sc_threshold', '0'],
    },
    vp9: {
      'libvpx-vp9': [...closed, ...crf(30), '-b:v', '0', '-deadline', 'realtime', '-cpu-used', '6'],
    },
    av1: {
      libsvtav1: ['-g', group, '-preset', '10', ...crf(30)],
      'libaom-av1': [...closed, ...crf(30), '-b:v', '0', '-cpu-used', '8', '-usage', 'realtime'],
    },
    mpeg4: { mpeg4: ['-g', group, '-q:v', '4', '-bf', String(bFrames)] },
  };
  for (const [encoder, options] of Object.entries(choices[codec])) {
    if (description.encoders.has(encoder)) return ['-c:v', encoder, ...options];
  }
  throw cannotEncode(found, path.basename(request.file), codec);
}

async function* checkedFrames({ file, frames, width, height }: EncodeRequest, bytes: number, onFrame: () => void) {
  for await (const frame of frames) {
    if (frame.byteLength !== bytes) {
      throw new Fault(
        'UNUSABLE',
        `${path.basename(file)} was not written: a frame of ${frame.byteLength} bytes is none of ${width}×${height} pixels.`,
      );
    }
    onFrame();
    yield frame;
  }
}

/** Frames that a player would show of a file just written. */
export async function countFrames(file: string): Promise<number> {
  const media = await openMediaFile(file).catch((error: unknown) => {
    if (error instanceof SourceFault) throw new Fault('UNUSABLE', error.message);
    throw error;
  });
  try {
    return (await presentedFrames(media)).seconds.length;
  } finally {
    await media.close();
  }
}
