import path from 'node:path';
import { Fault } from '../fault.ts';
import { bytesOf } from './h264-packet.ts';
import { openMediaFile } from './media-file.ts';
import { type FrameRate, SteadyMp4 } from './steady-mp4.ts';

/** A video whose frames are all the same time apart. */
export interface JoinPart {
  readonly file: string;
  /** That are shown. */
  readonly frames: number;
  /** Frames before those, which an edit list hides: they come along, and are shown in what is joined. Default 0. */
  readonly leadIn?: number;
}

/**
 * One MP4 of several that one encoder made with the same settings, their packets behind each other, nothing decoded: frame
 * i of it is shown at i / rate. Rejects with Fault where a part was made otherwise, holds another number of frames, or
 * shows them in another order than it stores them.
 */
export async function joinPackets(
  parts: readonly JoinPart[],
  rate: FrameRate,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const joined = await SteadyMp4.create(file, rate);
  try {
    let first: Uint8Array | undefined;
    let frame = 0;
    for (const part of parts) {
      signal?.throwIfAborted();
      const media = await openMediaFile(part.file);
      try {
        const decoderConfig = await media.track.getDecoderConfig();
        const description = decoderConfig?.description ? bytesOf(decoderConfig.description) : undefined;
        if (!decoderConfig || !description || (await media.track.getCodec()) !== 'avc')
          throw new Fault('UNUSABLE', `${path.basename(part.file)} is no H.264 video, so it was not joined to others.`);
        first ??= description;
        if (Buffer.compare(first, description) !== 0)
          throw new Fault(
            'UNUSABLE',
            `${path.basename(part.file)} was encoded otherwise than the video before it: encode both anew.`,
          );
        const start = frame;
        const wanted = part.frames + (part.leadIn ?? 0);
        let last = Number.NEGATIVE_INFINITY;
        for await (const packet of media.packets.packets()) {
          if (packet.timestamp <= last)
            throw new Fault(
              'UNUSABLE',
              `${path.basename(part.file)} stores its frames in another order than it shows them: encode it without B-frames.`,
            );
          last = packet.timestamp;
          await joined.add(packet, frame, decoderConfig);
          frame++;
        }
        if (frame - start !== wanted)
          throw new Fault(
            'UNUSABLE',
            `${path.basename(part.file)} holds ${frame - start} frames and should hold ${wanted}: encode it anew.`,
          );
      } finally {
        await media.close();
      }
    }
    await joined.finish();
  } finally {
    await joined.close();
  }
}
