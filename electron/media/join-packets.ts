import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { EncodedVideoPacketSource, Mp4OutputFormat, Output, StreamTarget } from 'mediabunny';
import { Fault } from '../fault.ts';
import { bytesOf } from './h264-packet.ts';
import { openMediaFile } from './media-file.ts';
import { writableOf } from './packet-copy.ts';

/** A video whose frames are all the same time apart. */
export interface JoinPart {
  readonly file: string;
  readonly frames: number;
}

/**
 * One MP4 of several that one encoder made with the same settings, their packets behind each other, nothing decoded: frame
 * i of it is shown at i / rate. Rejects with Fault where a part was made otherwise, holds another number of frames, or
 * shows them in another order than it stores them.
 */
export async function joinPackets(
  parts: readonly JoinPart[],
  rate: { numerator: number; denominator: number },
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const handle = await open(file, 'w+');
  try {
    const output = new Output({
      format: new Mp4OutputFormat({ fastStart: false }),
      target: new StreamTarget(writableOf(handle)),
    });
    const source = new EncodedVideoPacketSource('avc');
    // The rate is the file's clock, so that times are whole numbers of it and none is rounded.
    output.addVideoTrack(source, { frameRate: rate.numerator / rate.denominator });
    await output.start();
    const secondsOf = (frame: number) => (frame * rate.denominator) / rate.numerator;
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
        let last = Number.NEGATIVE_INFINITY;
        for await (const packet of media.packets.packets()) {
          if (packet.timestamp <= last)
            throw new Fault(
              'UNUSABLE',
              `${path.basename(part.file)} stores its frames in another order than it shows them: encode it without B-frames.`,
            );
          last = packet.timestamp;
          await source.add(packet.clone({ timestamp: secondsOf(frame), duration: secondsOf(1) }), { decoderConfig });
          frame++;
        }
        if (frame - start !== part.frames)
          throw new Fault(
            'UNUSABLE',
            `${path.basename(part.file)} holds ${frame - start} frames and should hold ${part.frames}: encode it anew.`,
          );
      } finally {
        await media.close();
      }
    }
    await output.finalize();
    await timeless(handle);
  } finally {
    await handle.close();
  }
}

/** Boxes with a time of creation and of change, and those that hold them. */
const TIMED = new Set(['mvhd', 'tkhd', 'mdhd']);
const HOLDING = new Set(['moov', 'trak', 'mdia']);

/** Takes the time of writing out of an MP4: the same packets are the same file whenever they are joined. */
async function timeless(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  await clear(0, size);

  async function clear(from: number, to: number): Promise<void> {
    for (let at = from; at + 8 <= to; ) {
      const head = Buffer.alloc(16);
      await handle.read(head, 0, 16, at);
      const short = head.readUInt32BE(0);
      const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? to - at : short;
      const header = short === 1 ? 16 : 8;
      const name = head.toString('latin1', 4, 8);
      if (length < header) throw new Error(`A box "${name}" of ${length} bytes is none.`);
      if (HOLDING.has(name)) await clear(at + header, at + length);
      if (TIMED.has(name)) {
        // A version, three bytes of flags, and both times: of four bytes each, or of eight.
        const version = Buffer.alloc(1);
        await handle.read(version, 0, 1, at + header);
        const times = Buffer.alloc(version[0] === 1 ? 16 : 8);
        await handle.write(times, 0, times.length, at + header + 4);
      }
      at += length;
    }
  }
}
