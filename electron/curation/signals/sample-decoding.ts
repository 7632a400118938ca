import type { FrameOrder } from '../../frames/decode-protocol.ts';
import { LastStored } from '../../frames/direct-samples.ts';
import { decodeFrame, refuseWrongShape } from '../../frames/frame-decoder.ts';
import type { DatasetFacts, OpenRecording } from '../../frames/hdf5-files.ts';
import { readSample, refuseUnreadable } from '../../frames/hdf5-read.ts';
import { loadJpegDecoder } from '../../frames/jpeg.ts';
import { SourceFault } from '../../sources/source.ts';
import { DECODED, type DecodedSamples, type DecodedStream, REPEATED, UNREADABLE } from './scan-protocol.ts';
import type { SampleWays } from './stream-reader.ts';

/** The last sample of a stream that could be decoded, and room for the next: fresh memory costs more than decoding. */
export class LastDecoded {
  readonly stored = new LastStored();
  /** −1: none. */
  index = -1;
  bytes = new Uint8Array(0);
  room = new Uint8Array(0);

  /** Makes what `room` holds the last one. */
  take(index: number): void {
    [this.bytes, this.room] = [this.room, this.bytes];
    this.index = index;
  }

  /** Room for exactly this many bytes; what is in it means nothing. */
  reserve(length: number): Uint8Array<ArrayBuffer> {
    if (this.room.length !== length) this.room = new Uint8Array(length);
    return this.room;
  }

  is(bytes: Uint8Array): boolean {
    return this.index >= 0 && Buffer.compare(this.bytes, bytes) === 0;
  }

  forget(): void {
    this.index = -1;
    this.stored.forget();
  }
}

/** Decodes samples of one stream, one after the other, and tells of each whether it is the one before it again. */
export class SampleDecoding {
  readonly result: DecodedSamples;
  readonly #ruined: ReadonlySet<number>;

  constructor(
    private readonly last: LastDecoded,
    private readonly stream: DecodedStream,
    private readonly ways: SampleWays,
    private readonly file: OpenRecording,
  ) {
    const { indices, ruined } = stream;
    this.#ruined = new Set(ruined);
    this.result = { outcomes: new Uint8Array(indices.length), isBlack: true };
    // What was read before the order is no neighbour, unless it is what the order begins with.
    if (indices[0] !== last.index) last.forget();
  }

  /** The sample at this place of the order. */
  async step(at: number): Promise<void> {
    this.result.outcomes[at] = await this.#outcomeOf(this.stream.indices[at] as number);
  }

  async #outcomeOf(index: number): Promise<number> {
    if (this.#ruined.has(index)) return UNREADABLE;
    // The first of the order, known from the one before.
    if (index === this.last.index) return DECODED;
    let isRepeat: boolean;
    try {
      isRepeat = await this.#advance(index);
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      return UNREADABLE;
    }
    this.result.isBlack &&= isAllZero(this.last.bytes);
    return isRepeat ? REPEATED : DECODED;
  }

  /** Makes the sample the last one; true where it is the same as the one before. */
  async #advance(index: number): Promise<boolean> {
    const { stream, file, ways, last } = this;
    const facts = file.facts(stream.dataset);
    if (stream.encoding === 'jpeg') return this.#advanceByJpeg(index);
    refuseUnreadable(file, facts);
    refuseWrongShape(file, { ...stream, index }, facts);
    const room = last.reserve(stream.width * stream.height * stream.channels * stream.bytesPerValue);
    if (ways.direct.read(file, stream.dataset, facts, index, room, last.stored)) return this.#take(index);
    if (!last.stored.isSame) return this.#advanceByLibrary(facts, index);
    last.index = index;
    return true;
  }

  #take(index: number): boolean {
    const { last } = this;
    const isRepeat = last.is(last.room);
    if (isRepeat) last.index = index;
    else last.take(index);
    return isRepeat;
  }

  /** Compared where the library has it, and copied only where it is another one. */
  #advanceByLibrary(facts: DatasetFacts, index: number): boolean {
    const { ways, file, stream, last } = this;
    const { bytes, done } = ways.noting(index, () =>
      readSample(ways.module, ways.scratch, file, stream.dataset, facts, index),
    );
    try {
      const isRepeat = last.is(bytes);
      if (isRepeat) last.index = index;
      else {
        last.reserve(bytes.length).set(bytes);
        last.take(index);
      }
      return isRepeat;
    } finally {
      done();
    }
  }

  async #advanceByJpeg(index: number): Promise<boolean> {
    const { stream, file, ways, last } = this;
    const decoder = await loadJpegDecoder();
    const order: FrameOrder = { path: file.path, ...stream, index, maxWidth: 0, maxHeight: 0, into: last.room.buffer };
    last.room = ways.noting(index, () => decodeFrame(ways, file, order, decoder)).bytes;
    return this.#take(index);
  }
}

/** All bytes are as the one before them, and the first is zero. */
function isAllZero(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0;
}
