import type { EncodedPacket, EncodedPacketSink } from 'mediabunny';
import type { FrameIndex } from './frame-index.ts';
import { describeH264 } from './h264-packet.ts';

/** A packet ready to be decoded. */
export interface StoredPacket {
  /** Its timestamp is the presented frame's index, which so comes back with the decoded frame; negative: not presented. */
  chunk: EncodedVideoChunk;
  /** Nothing leans on it: on the way to another frame it need not be decoded. */
  isDisposable: boolean;
  /** The container calls it a key, but it is none to a decoder. */
  isFalseKey: boolean;
}

export interface PacketStoreOptions {
  packets: EncodedPacketSink;
  index: FrameIndex;
  /** Of H.264 the bytes of a unit's length (0: start codes); undefined for other codecs. */
  h264LengthBytes: number | undefined;
  limitBytes: number;
}

interface Block {
  packets: StoredPacket[];
  bytes: number;
}

const BLOCK = 32;

/** Encoded packets by position, read in blocks, longest unused out first. */
export class PacketStore {
  /** Longest unused first. */
  private readonly blocks = new Map<number, Block>();
  private readonly loading = new Map<number, Promise<Block>>();
  private bytes = 0;

  constructor(private readonly options: PacketStoreOptions) {}

  /** The packet if it is here already: no turn of the event loop is lost on it. */
  at(position: number): StoredPacket | undefined {
    const number = Math.floor(position / BLOCK);
    const block = this.blocks.get(number);
    if (!block) return undefined;
    this.blocks.delete(number);
    this.blocks.set(number, block);
    return block.packets[position % BLOCK];
  }

  /** Rejects when the file cannot be read there. */
  async load(position: number): Promise<StoredPacket> {
    const held = this.at(position);
    if (held) return held;
    const block = await this.loadBlock(Math.floor(position / BLOCK));
    const packet = block.packets[position % BLOCK];
    if (!packet) throw new Error(`packet ${position} is not in the file`);
    return packet;
  }

  heldBytes(): number {
    return this.bytes;
  }

  /** Begins to read what will be wanted soon. */
  prepare(position: number): void {
    if (position >= this.options.index.packetCount) return;
    const number = Math.floor(position / BLOCK);
    if (!this.blocks.has(number)) void this.loadBlock(number).catch(() => undefined);
  }

  private loadBlock(number: number): Promise<Block> {
    const underway = this.loading.get(number);
    if (underway) return underway;
    const loading = this.read(number).finally(() => this.loading.delete(number));
    this.loading.set(number, loading);
    return loading;
  }

  private async read(number: number): Promise<Block> {
    const { packets, index, limitBytes } = this.options;
    const first = number * BLOCK;
    const block: Block = { packets: [], bytes: 0 };
    let packet: EncodedPacket | null = null;
    for (let position = first; position < Math.min(first + BLOCK, index.packetCount); position += 1) {
      packet = packet ? await packets.getNextPacket(packet) : await this.firstOf(position);
      if (packet === null || packet.timestamp !== index.seconds[position]) {
        throw new Error(`packet ${position} is not where it was`);
      }
      block.packets.push(this.stored(packet, position));
      block.bytes += packet.byteLength;
    }
    this.blocks.set(number, block);
    this.bytes += block.bytes;
    for (const [oldest, old] of this.blocks) {
      // Two stay: a group of pictures may lie across blocks.
      if (this.bytes <= limitBytes || this.blocks.size <= 2) break;
      this.blocks.delete(oldest);
      this.bytes -= old.bytes;
    }
    return block;
  }

  private async firstOf(position: number): Promise<EncodedPacket | null> {
    const { packets, index } = this.options;
    return position === 0 ? packets.getFirstPacket() : packets.getPacket(index.seconds[position] as number);
  }

  private stored(packet: EncodedPacket, position: number): StoredPacket {
    const { index, h264LengthBytes } = this.options;
    const frame = index.frameAt(position);
    const described = h264LengthBytes === undefined ? undefined : describeH264(packet.data, h264LengthBytes);
    const isKey = packet.type === 'key' && described?.isRefresh !== false;
    return {
      chunk: new EncodedVideoChunk({
        type: isKey ? 'key' : 'delta',
        timestamp: frame >= 0 ? frame : -1 - position,
        data: packet.data,
      }),
      isDisposable: described?.isReference === false,
      isFalseKey: packet.type === 'key' && !isKey,
    };
  }
}
