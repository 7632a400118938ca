import { type EncodedPacketSink, type Input, type InputVideoTrack, MP4, QTFF } from 'mediabunny';
import { type IsoReader, scanIsoFile } from '../../../shared/video/iso-file.ts';

/** Packets of a video track, in the order they are decoded. */
export interface PacketList {
  /** Presentation times as the container's reader tells them; before 0 lies what an edit list cuts off. */
  seconds: Float64Array;
  /** 1 where the container calls it a key frame. */
  keys: Uint8Array;
}

/** Shorter videos are listed by the library before our own requests would be answered. */
const LONG_SECONDS = 60;
/** Mostly holds all that lies before the pictures, or all that lies behind them. */
const BLOCK_BYTES = 64 * 1024;

/**
 * Packets of a track without their bytes. A long MP4 is listed from its tables: the library makes an object of each packet
 * and sums up sizes for it, which takes seconds for an hour.
 */
export async function listPackets(
  input: Input,
  track: InputVideoTrack,
  sink: EncodedPacketSink,
  fetchPart: (from: number, to: number) => Promise<Response>,
): Promise<PacketList> {
  const format = await input.getFormat();
  const isIso = format === MP4 || format === QTFF;
  if (isIso && ((await track.getDurationFromMetadata()) ?? 0) > LONG_SECONDS) {
    const list = await fromTables(track, fetchPart).catch(() => undefined);
    if (list) return list;
  }
  const seconds: number[] = [];
  const keys: number[] = [];
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    seconds.push(packet.timestamp);
    keys.push(packet.type === 'key' ? 1 : 0);
  }
  return { seconds: Float64Array.from(seconds), keys: Uint8Array.from(keys) };
}

/** Undefined where the tables are not all there is, or are such that the library has to be asked. */
async function fromTables(
  track: InputVideoTrack,
  fetchPart: (from: number, to: number) => Promise<Response>,
): Promise<PacketList | undefined> {
  const file = await scanIsoFile(await readerOf(fetchPart), { readsFragments: false });
  return file?.samples?.track === track.id ? file.samples : undefined;
}

async function readerOf(fetchPart: (from: number, to: number) => Promise<Response>): Promise<IsoReader> {
  const part = async (from: number, to: number): Promise<{ bytes: Uint8Array; sizeBytes: number }> => {
    const response = await fetchPart(from, to);
    const [, total] = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    if (response.status !== 206 || total === undefined) throw new Error('The file is not answered in parts.');
    return { bytes: new Uint8Array(await response.arrayBuffer()), sizeBytes: Number(total) };
  };
  const first = await part(0, BLOCK_BYTES);
  let block = first.bytes;
  let blockAt = 0;
  return {
    sizeBytes: first.sizeBytes,
    async read(offset, bytes) {
      const from = offset - blockAt;
      if (from >= 0 && from + bytes <= block.length) return block.subarray(from, from + bytes);
      const end = Math.min(offset + Math.max(bytes, BLOCK_BYTES), first.sizeBytes);
      if (end <= offset) return new Uint8Array();
      block = (await part(offset, end)).bytes;
      blockAt = offset;
      return block.subarray(0, bytes);
    },
  };
}
