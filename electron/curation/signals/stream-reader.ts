import { type DirectSamples, LastStored } from '../../frames/direct-samples.ts';
import type { DatasetFacts, OpenRecording } from '../../frames/hdf5-files.ts';
import type { LibraryModule } from '../../frames/hdf5-library.ts';
import { holdsEncodedRows, readSample, type Scratch } from '../../frames/hdf5-read.ts';
import { decodeJpeg, loadJpegDecoder } from '../../frames/jpeg.ts';
import { SourceFault } from '../../sources/source.ts';
import type { PictureKernel, Region } from './picture-kernel.ts';
import type { ScanStream } from './scan-protocol.ts';

/** What reading needs of the worker: the HDF5 library with memory of its own, and the way past it. */
export interface SampleWays {
  module: LibraryModule;
  scratch: Scratch;
  direct: DirectSamples;
  /** Called around every call into the library, so that a sample that ends the worker is known by name. */
  noting<T>(index: number, call: () => T): T;
}

type PictureStream = Pick<ScanStream, 'id' | 'dataset' | 'width' | 'height' | 'channels' | 'encoding'>;

/** The two pictures of a stream that are compared, in the kernel's memory, and what is known of them. */
export class StreamReader {
  #current: Region;
  #previous: Region;
  /** Sample that stands in `current`; −1 for none. */
  index = -1;
  readonly #last = new LastStored();

  constructor(
    private readonly kernel: PictureKernel,
    private readonly stream: PictureStream,
  ) {
    const bytes = stream.width * stream.height * stream.channels;
    this.#current = kernel.reserve(bytes);
    this.#previous = kernel.reserve(bytes);
  }

  get current(): Region {
    return this.#current;
  }
  get previous(): Region {
    return this.#previous;
  }

  /** The recording is another one, or was replaced. */
  forget(): void {
    this.index = -1;
    this.#last.forget();
  }

  /**
   * Makes sample `index` the current picture and the one that was current the previous. "same": it is the same picture as
   * the current one, which stays where it is. Throws SourceFault with a sentence, and then nothing is current.
   */
  async advance(ways: SampleWays, file: OpenRecording, index: number): Promise<'new' | 'same'> {
    if (index === this.index) return 'same';
    const isNeighbour = this.index >= 0;
    [this.#current, this.#previous] = [this.#previous, this.#current];
    this.index = -1;
    if (!isNeighbour) this.#last.forget();
    const facts = file.facts(this.stream.dataset);
    refuseWrongShape(file, this.stream, facts, index);
    const into = this.kernel.bytes(this.#current);
    if (this.stream.encoding === 'jpeg') await this.#readJpeg(ways, file, facts, index, into);
    else if (!ways.direct.read(file, this.stream.dataset, facts, index, into, this.#last)) {
      if (this.#last.isSame) {
        [this.#current, this.#previous] = [this.#previous, this.#current];
        this.index = index;
        return 'same';
      }
      this.#readByLibrary(ways, file, facts, index, into);
    }
    this.index = index;
    return 'new';
  }

  #readByLibrary(ways: SampleWays, file: OpenRecording, facts: DatasetFacts, index: number, into: Uint8Array): void {
    const { bytes, done } = ways.noting(index, () =>
      readSample(ways.module, ways.scratch, file, this.stream.dataset, facts, index),
    );
    try {
      into.set(bytes.subarray(0, into.length));
    } finally {
      done();
    }
  }

  async #readJpeg(ways: SampleWays, file: OpenRecording, facts: DatasetFacts, index: number, into: Uint8Array) {
    const jpeg = await loadJpegDecoder();
    const what = `${file.name}: sample ${index} of ${this.stream.dataset}`;
    const sample = ways.noting(index, () =>
      readSample(ways.module, ways.scratch, file, this.stream.dataset, facts, index),
    );
    try {
      const { pixels, width, height, channels, done } = decodeJpeg(jpeg, sample.bytes, what);
      try {
        if (width !== this.stream.width || height !== this.stream.height || channels !== this.stream.channels) {
          const stream = `${this.stream.width} × ${this.stream.height} × ${this.stream.channels}`;
          throw new SourceFault(
            'corrupt-chunk',
            `${what} is a picture of ${width} × ${height} × ${channels} in a stream of ${stream}; the rest is not affected.`,
          );
        }
        into.set(pixels.subarray(0, into.length));
      } finally {
        done();
      }
    } finally {
      sample.done();
    }
  }
}

function refuseWrongShape(file: OpenRecording, stream: PictureStream, facts: DatasetFacts, index: number): void {
  const count = facts.shape[0] ?? 0;
  if (index >= count) {
    throw new SourceFault(
      'no-such-sample',
      `${file.name}: ${stream.dataset} has ${count} samples and no sample ${index}.`,
    );
  }
  const values = facts.shape.slice(1).reduce((product, size) => product * size, 1);
  const isPicture =
    stream.encoding === 'jpeg'
      ? holdsEncodedRows(facts)
      : facts.dtype === 'uint8' && values === stream.width * stream.height * stream.channels;
  if (isPicture) return;
  throw new SourceFault(
    'not-an-image',
    `${file.name}: ${stream.dataset} (${facts.dtype}, ${facts.shape.join(' × ')}) holds no pictures of ${stream.width} × ${stream.height}.`,
  );
}
