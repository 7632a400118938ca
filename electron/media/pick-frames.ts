import { mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, StreamTarget } from 'mediabunny';
import { SourceFault, type VideoFacts } from '../sources/source.ts';
import { type DecodeRange, decodeFrames, decodeRun } from './decode.ts';
import type { FoundEngine } from './find-engine.ts';
import { bytesOf, holdsIdr } from './h264-packet.ts';
import { type MediaFile, openMediaFile } from './media-file.ts';
import { writableOf } from './packet-copy.ts';
import { presentedFrames } from './presented-frames.ts';

export interface PickedFrame {
  /** Presented index, as the probe counts. */
  readonly index: number;
  /** RGB of the displayed size, rows from top to bottom; the caller's own. */
  readonly rgb: Uint8Array;
}

/**
 * A few presented frames of a video, wherever they lie in it, by one run of the engine: of an H.264 file that stores its
 * frames in the order it shows them only the groups that hold one of them are decoded; of any other everything up to the last.
 * In ascending order, each once. Rejects as decodeFrames does.
 */
export async function* pickFrames(
  found: FoundEngine,
  file: string,
  facts: VideoFacts,
  indices: Iterable<number>,
  signal?: AbortSignal,
): AsyncGenerator<PickedFrame, void, undefined> {
  const wanted = [...new Set(indices)].sort((a, b) => a - b);
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined) return;
  const bad = wanted.find((index) => !(Number.isInteger(index) && index >= 0 && index < facts.frameCount));
  if (bad !== undefined)
    throw new SourceFault(
      'no-frame',
      `${path.basename(file)} has ${facts.frameCount} frames, so none is frame ${bad}.`,
    );
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regrasp-pick-'));
  try {
    const cut = path.join(folder, 'picked.mp4');
    for (let start = 0; ; start += MOST_A_RUN) {
      const some = wanted.slice(start, start + MOST_A_RUN);
      if (some.length === 0) return;
      const places = await cutGroups(file, facts, some, cut);
      if (!places) break;
      let at = 0;
      const run = { file: cut, name: path.basename(file), size: facts, format: 'rgb24' as const, signal };
      for await (const rgb of decodeRun(found, { ...run, frames: places })) yield { index: some[at++] as number, rgb };
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  // Frames that lie in another order than they are shown lean on each other: decoded through, the same frames come.
  const asked = new Set(wanted);
  const range: DecodeRange = { from: first, to: last + 1, signal };
  let index = first;
  for await (const rgb of decodeFrames(found, file, facts, range)) {
    if (asked.has(index)) yield { index, rgb };
    index++;
  }
}

/**
 * Copies the groups of packets that hold the wanted frames into one file, a key frame to each, and answers where the frames
 * stand in it; undefined where groups cannot be told apart, so that nothing can be left out.
 */
async function cutGroups(
  file: string,
  facts: VideoFacts,
  wanted: readonly number[],
  cut: string,
): Promise<number[] | undefined> {
  if (facts.codec !== 'h264' || facts.codecString === null) return undefined;
  const media = await openMediaFile(file);
  try {
    const frames = await presentedFrames(media);
    // Hidden frames (of an edit list) may lead a group in, and are copied with it.
    const isPlain =
      frames.seconds.length === facts.frameCount &&
      frames.packets.every((packet, at) => packet === at + frames.hiddenBefore);
    return isPlain ? await copyGroups(media, frames.seconds, wanted, cut) : undefined;
  } finally {
    await media.close();
  }
}

async function copyGroups(
  { track, packets }: MediaFile,
  seconds: Float64Array,
  wanted: readonly number[],
  cut: string,
): Promise<number[] | undefined> {
  const decoderConfig = await track.getDecoderConfig();
  if (!decoderConfig) return undefined;
  const configuration = decoderConfig.description ? bytesOf(decoderConfig.description) : undefined;
  const handle = await open(cut, 'w');
  try {
    const source = new EncodedVideoPacketSource('avc');
    const output = new Output({
      format: new Mp4OutputFormat({ fastStart: false }),
      target: new StreamTarget(writableOf(handle)),
    });
    output.addVideoTrack(source, { frameRate: CUT_RATE });
    await output.start();
    const places: number[] = [];
    let copied = 0;
    let latest: EncodedPacket | null = null;
    for (const index of wanted) {
      const until = (seconds[index] as number) - SAME_TIME_SECONDS;
      const key = await packets.getKeyPacket(seconds[index] as number);
      if (!key || !holdsIdr(key.data, configuration)) return undefined;
      // What follows in a group that is being copied goes on where that ended.
      const goesOn: EncodedPacket | null = latest !== null && key.timestamp <= latest.timestamp ? latest : null;
      let packet: EncodedPacket | null = goesOn ? await packets.getNextPacket(goesOn) : key;
      for (;;) {
        if (!packet || packet.byteLength === 0) return undefined;
        await source.add(packet.clone({ timestamp: copied / CUT_RATE, duration: 1 / CUT_RATE }), { decoderConfig });
        copied++;
        latest = packet;
        if (packet.timestamp >= until) break;
        packet = await packets.getNextPacket(packet);
      }
      places.push(copied - 1);
    }
    await output.finalize();
    return places;
  } finally {
    await handle.close();
  }
}

const SAME_TIME_SECONDS = 1e-6;
/** Frames are named one by one on a command line. */
const MOST_A_RUN = 256;
/** Of the cut file: nobody sees it, and every frame has a time of its own. */
const CUT_RATE = 30;
