import { type FileHandle, open } from 'node:fs/promises';
import { type EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, StreamTarget } from 'mediabunny';
import { SourceFault } from '../sources/source.ts';
import { bytesOf, holdsIdr } from './h264-packet.ts';
import type { MediaFile } from './media-file.ts';
import type { PresentedFrames } from './presented-frames.ts';

/** What a copy of a range holds. A range can begin only where a frame decodes alone, so earlier frames may lead it in. */
export interface PacketCopy {
  /** Presented index, in the whole file, of the copy's first presented frame. */
  firstFrame: number;
  /** Frames before the range that came along: the range begins at this presented index of the copy. */
  leadIn: number;
  /** Presented frames of the copy, some after the range among them. */
  frames: number;
  /** Seconds from the whole file's first presented frame to the copy's first. */
  offsetSeconds: number;
}

/**
 * Copies the packets of presented frames [from, to) into an MP4, nothing decoded and nothing encoded. Rejects with
 * SourceFault "no-copy" for a codec that MP4 cannot hold, "no-frame" for a range outside the file, "corrupt-chunk".
 */
export async function copyPackets(
  media: MediaFile,
  frames: PresentedFrames,
  range: { from: number; to: number },
  file: string,
): Promise<PacketCopy> {
  const { seconds } = frames;
  const { from, to } = range;
  if (!(from >= 0 && to > from && to <= seconds.length)) {
    throw new SourceFault(
      'no-frame',
      `${media.name} has ${seconds.length} frames, so ${from} to ${to} is no range of it.`,
    );
  }
  const codec = await media.track.getCodec();
  const decoderConfig = await media.track.getDecoderConfig();
  const format = new Mp4OutputFormat({ fastStart: false });
  if (!codec || !decoderConfig || !format.getSupportedVideoCodecs().includes(codec)) {
    throw new SourceFault('no-copy', `${media.name}: its codec cannot be copied into an MP4.`);
  }
  const key = await startBefore(media, seconds[from] as number);
  const handle = await open(file, 'w');
  try {
    const source = new EncodedVideoPacketSource(codec);
    const output = new Output({ format, target: new StreamTarget(writableOf(handle)) });
    output.addVideoTrack(source);
    await output.start();
    const span = { start: key.timestamp, end: to < seconds.length ? (seconds[to] as number) : Infinity };
    const copied = await copySpan(media, frames, key, span, (packet) => source.add(packet, { decoderConfig }));
    await output.finalize();
    // What an edit list hides is shown by the copy, which has none: it counts among what leads in.
    const hidden = copied.filter((time) => time < (seconds[0] as number)).length;
    const leadIn = copied.filter((time) => time < (seconds[from] as number)).length;
    return {
      firstFrame: from - leadIn,
      leadIn,
      frames: copied.length,
      offsetSeconds: (copied[hidden] ?? key.timestamp) - (seconds[0] as number),
    };
  } finally {
    await handle.close();
  }
}

/** The last packet at or before this time that every decoder can start at. */
export async function startBefore({ name, track, packets }: MediaFile, time: number): Promise<EncodedPacket> {
  const { description } = (await track.getDecoderConfig()) ?? {};
  const isAvc = (await track.getCodec()) === 'avc';
  let packet = await packets.getKeyPacket(time);
  const first = await packets.getFirstPacket();
  while (packet && isAvc && !holdsIdr(packet.data, description ? bytesOf(description) : undefined)) {
    if (packet.sequenceNumber === first?.sequenceNumber) return packet;
    packet = await packets.getKeyPacket(packet.timestamp - 1e-6);
  }
  const start = packet ?? first;
  if (!start) throw new SourceFault('corrupt-chunk', `${name}: there is no frame to start decoding at.`);
  return start;
}

/**
 * Packets in decode order from `key` until every frame shown within the span is among them. What is decoded after the
 * key and shown before it refers to what came before, which the copy lacks. Answers the times, ascending.
 */
async function copySpan(
  { name, packets }: MediaFile,
  { stored }: PresentedFrames,
  key: EncodedPacket,
  span: { start: number; end: number },
  add: (packet: EncodedPacket) => Promise<void>,
): Promise<number[]> {
  let waiting = stored.filter((seconds) => isWithin(seconds, span)).length;
  const times: number[] = [];
  for await (const packet of packets.packets(key)) {
    if (packet.timestamp < span.start) continue;
    if (packet.byteLength === 0) throw new SourceFault('corrupt-chunk', `${name}: a frame of it has no bytes.`);
    await add(packet.clone({ timestamp: packet.timestamp - span.start }));
    times.push(packet.timestamp);
    if (isWithin(packet.timestamp, span)) waiting -= 1;
    if (waiting === 0) break;
  }
  return times.sort((a, b) => a - b);
}

function isWithin(seconds: number, { start, end }: { start: number; end: number }): boolean {
  return seconds >= start && seconds < end;
}

export function writableOf(handle: FileHandle): WritableStream<{ type: 'write'; data: Uint8Array; position: number }> {
  return new WritableStream({
    async write({ data, position }) {
      for (let done = 0; done < data.length; ) {
        done += (await handle.write(data, done, data.length - done, position + done)).bytesWritten;
      }
    },
  });
}
