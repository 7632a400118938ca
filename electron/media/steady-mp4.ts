import { type FileHandle, open } from 'node:fs/promises';
import { type EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, StreamTarget } from 'mediabunny';
import { writableOf } from './packet-copy.ts';

/** Frames a second as a fraction of whole numbers. */
export interface FrameRate {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * Writes an MP4 of H.264 packets that exist already, frame i of it shown at i / rate; frames of a negative place lead in: they
 * are stored, and an edit list hides them. The same packets are the same file whenever it is written.
 */
export class SteadyMp4 {
  readonly #source = new EncodedVideoPacketSource('avc');

  private constructor(
    private readonly handle: FileHandle,
    private readonly output: Output,
    private readonly rate: FrameRate,
  ) {}

  static async create(file: string, rate: FrameRate): Promise<SteadyMp4> {
    const handle = await open(file, 'w+');
    const output = new Output({
      format: new Mp4OutputFormat({ fastStart: false }),
      target: new StreamTarget(writableOf(handle)),
    });
    const video = new SteadyMp4(handle, output, rate);
    // The rate is the file's clock, so that times are whole numbers of it and none is rounded.
    output.addVideoTrack(video.#source, { frameRate: rate.numerator / rate.denominator });
    await output.start();
    return video;
  }

  /** In the order of their places, none left out. */
  async add(packet: EncodedPacket, place: number, decoderConfig: VideoDecoderConfig): Promise<void> {
    const { numerator, denominator } = this.rate;
    const [timestamp, duration] = [(place * denominator) / numerator, denominator / numerator];
    await this.#source.add(packet.clone({ timestamp, duration }), { decoderConfig });
  }

  async finish(): Promise<void> {
    await this.output.finalize();
    await timeless(this.handle);
  }

  async close(): Promise<void> {
    await this.handle.close();
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
