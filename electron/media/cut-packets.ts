import path from 'node:path';
import type { EncodedPacket } from 'mediabunny';
import { Fault } from '../fault.ts';
import { writeWholeBy } from '../settings/atomic-write.ts';
import { bytesOf } from './h264-packet.ts';
import { openMediaFile } from './media-file.ts';
import { startBefore } from './packet-copy.ts';
import { presentedFrames } from './presented-frames.ts';
import { type FrameRate, SteadyMp4 } from './steady-mp4.ts';

/** Baseline, main, extended and high: colour at half the size, eight bits. */
const PLAIN_PROFILES = [66, 77, 88, 100];
const ENCODE = 'take "way": "copy" out of the recipe to encode it';

export interface CutRequest {
  readonly file: string;
  /** Presented frames, `to` not among them. */
  readonly from: number;
  readonly to: number;
  readonly rate: FrameRate;
  /** Displayed size that the stored one has to be. */
  readonly width: number;
  readonly height: number;
  readonly signal?: AbortSignal;
}

/**
 * A video of the presented frames [from, to) of another, their packets as they are: frame i is shown at i / rate. What the
 * first of them leans on comes along and is hidden by an edit list; answers how many frames that are. Rejects with Fault
 * where packets do not do: another codec, frames stored in another order than shown, colour at its full size, pictures that
 * are turned or stretched to be shown.
 */
export async function cutPackets(request: CutRequest, to: string): Promise<{ leadIn: number }> {
  const name = path.basename(request.file);
  const refuse = (why: string) => new Fault('UNUSABLE', `${name} ${why}, so its packets cannot be copied: ${ENCODE}.`);
  const media = await openMediaFile(request.file);
  try {
    const { track, packets } = media;
    const decoderConfig = await track.getDecoderConfig();
    const description = decoderConfig?.description ? bytesOf(decoderConfig.description) : undefined;
    if (!decoderConfig || !description || (await track.getCodec()) !== 'avc') throw refuse('is no H.264 in an MP4');
    if (!PLAIN_PROFILES.includes(description[1] as number)) throw refuse('keeps its colour at the full size');
    const { codedWidth, codedHeight } = decoderConfig;
    if (codedWidth !== request.width || codedHeight !== request.height)
      throw refuse(
        `holds pictures of ${codedWidth}×${codedHeight} and shows them as ${request.width}×${request.height}`,
      );
    const { seconds } = await presentedFrames(media);
    const [first, last] = [seconds[request.from], seconds[request.to - 1]];
    if (first === undefined || last === undefined)
      throw new Fault('UNUSABLE', `${name} has ${seconds.length} frames, and ${request.to} were asked of it.`);
    const held: EncodedPacket[] = [];
    let shown = 0;
    return await writeWholeBy(to, async (temporary) => {
      const video = await SteadyMp4.create(temporary, request.rate);
      try {
        let before = Number.NEGATIVE_INFINITY;
        let leadIn = 0;
        for await (const packet of packets.packets(await startBefore(media, first))) {
          request.signal?.throwIfAborted();
          if (packet.timestamp > last) break;
          if (packet.timestamp <= before) throw refuse('stores its frames in another order than it shows them');
          before = packet.timestamp;
          if (packet.timestamp < first) {
            held.push(packet);
            continue;
          }
          if (shown === 0) {
            leadIn = held.length;
            for (const [at, one] of held.entries()) await video.add(one, at - leadIn, decoderConfig);
          }
          await video.add(packet, shown, decoderConfig);
          shown++;
        }
        if (shown !== request.to - request.from)
          throw refuse(`holds ${shown} packets for the ${request.to - request.from} frames that are wanted`);
        await video.finish();
        return { leadIn };
      } finally {
        await video.close();
      }
    });
  } finally {
    await media.close();
  }
}
