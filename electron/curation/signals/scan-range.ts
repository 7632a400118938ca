import { crc32 } from 'node:zlib';
import type { OpenRecording } from '../../frames/hdf5-files.ts';
import { SourceFault } from '../../sources/source.ts';
import { type PictureKernel, type Region, SMALL_BYTES } from './picture-kernel.ts';
import type { ScannedStream, ScanStream } from './scan-protocol.ts';
import { placeOfSmall, writeWhole } from './small-pictures.ts';
import type { SampleWays, StreamReader } from './stream-reader.ts';

/** Memory of one stream in a worker: it is there once, whatever ranges come. */
export interface StreamMemory {
  reader: StreamReader;
  small: Region;
  /** The small picture of the sample that intensity is told against, and which sample that is. */
  first: Region;
  firstIndex: number;
}

/** One range of ticks of one stream: how it goes on from tick to tick. */
export class RangeScan {
  readonly result: ScannedStream;
  readonly #ruined: ReadonlySet<number>;
  readonly #bytes: number;
  /** Intensity of the picture that is current; NaN where it was not told yet. */
  #intensity = Number.NaN;
  #isSmallCurrent = false;

  constructor(
    private readonly kernel: PictureKernel,
    private readonly memory: StreamMemory,
    private readonly stream: ScanStream,
    private readonly ways: SampleWays,
    private readonly file: OpenRecording,
  ) {
    const ticks = stream.indices.length - 1;
    this.#ruined = new Set(stream.ruined);
    this.#bytes = stream.width * stream.height * stream.channels;
    this.result = {
      duplicate: new Uint8Array(ticks),
      motion: new Float32Array(ticks),
      brightness: new Float32Array(ticks),
      fromFirst: stream.first === null ? null : new Float32Array(ticks),
      crc: 0,
      damaged: [],
    };
  }

  /** Reads what stands before the range: the picture that its first one is compared with, and the one that all are. */
  async begin(): Promise<void> {
    const { first, indices } = this.stream;
    if (first !== null && this.memory.firstIndex !== first) {
      this.memory.firstIndex = -1;
      if (first >= 0 && (await this.#advance(first)) !== null) {
        this.#shrinkTo(this.memory.first);
        this.memory.firstIndex = first;
      }
    }
    const before = indices[0] as number;
    if (before >= 0) await this.#advance(before);
  }

  /** Tick `at` of the range. */
  async step(at: number): Promise<void> {
    const { result, stream } = this;
    const index = stream.indices[at + 1] as number;
    const before = stream.indices[at] as number;
    const isComparable = before >= 0 && this.memory.reader.index === before;
    const outcome = index < 0 ? null : await this.#advance(index, at);
    if (outcome === null) {
      this.memory.reader.forget();
      this.#intensity = Number.NaN;
      this.#isSmallCurrent = false;
      result.motion[at] = Number.NaN;
      result.brightness[at] = Number.NaN;
      if (result.fromFirst) result.fromFirst[at] = Number.NaN;
      this.#write(at, false);
      return;
    }
    const { current, previous } = this.memory.reader;
    const apart =
      outcome === 'same' ? 0 : isComparable ? this.kernel.absoluteDifference(current, previous) : Number.NaN;
    const isDuplicate = apart === 0 && isComparable;
    result.duplicate[at] = isDuplicate ? 1 : 0;
    result.motion[at] = isComparable ? apart / this.#bytes : Number.NaN;
    const isKnown = isDuplicate && at > 0;
    result.brightness[at] = isKnown ? (result.brightness[at - 1] as number) : this.kernel.sumOf(current) / this.#bytes;
    if (!isDuplicate) {
      this.#intensity = Number.NaN;
      this.#isSmallCurrent = false;
    }
    if (result.fromFirst) result.fromFirst[at] = this.#intensityNow();
    this.#write(at, true);
  }

  #intensityNow(): number {
    if (this.memory.firstIndex < 0) return Number.NaN;
    if (Number.isNaN(this.#intensity)) {
      this.#makeSmall();
      this.#intensity = this.kernel.contact(this.memory.small, this.memory.first).intensity;
    }
    return this.#intensity;
  }

  #makeSmall(): void {
    if (!this.#isSmallCurrent) this.#shrinkTo(this.memory.small);
    this.#isSmallCurrent = true;
  }

  #shrinkTo(to: Region): void {
    this.kernel.shrink(this.memory.reader.current, this.stream.width, this.stream.height, to);
  }

  #write(at: number, isThere: boolean): void {
    const { small } = this.stream;
    if (!small) return;
    if (isThere) this.#makeSmall();
    const planes = this.kernel.bytes(this.memory.small);
    const stored = isThere ? (small.isSwapped ? swapped(planes) : planes) : BLACK;
    writeWhole(small.descriptor, stored, placeOfSmall(small, small.fromTick + at));
    this.result.crc = crc32(stored, this.result.crc);
  }

  /** Null where the sample cannot be read; it is noted where it belongs to a tick of the range. */
  async #advance(index: number, at?: number): Promise<'new' | 'same' | null> {
    try {
      if (this.#ruined.has(index)) throw ruined(this.file, this.stream, index);
      return await this.memory.reader.advance(this.ways, this.file, index);
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      if (at !== undefined) this.result.damaged.push({ at, message: error.message });
      return null;
    }
  }
}

const BLACK = new Uint8Array(SMALL_BYTES);

function ruined(file: OpenRecording, { dataset }: ScanStream, index: number): SourceFault {
  return new SourceFault(
    'corrupt-chunk',
    `${file.name}: sample ${index} of ${dataset} is damaged and ends the decoder; the rest of the recording is not affected.`,
  );
}

/** First and third plane exchanged. */
function swapped(planes: Uint8Array): Uint8Array {
  const plane = planes.length / 3;
  const out = planes.slice();
  out.set(planes.subarray(2 * plane), 0);
  out.set(planes.subarray(0, plane), 2 * plane);
  return out;
}
