import { SourceFault } from '../sources/source.ts';
import { areaAverage, fittedSize, type Pixels } from './area-average.ts';
import type { FrameOrder, FrameResult } from './decode-protocol.ts';
import type { DirectSamples } from './direct-samples.ts';
import type { DatasetFacts, OpenRecording } from './hdf5-files.ts';
import type { LibraryModule } from './hdf5-library.ts';
import { holdsEncodedRows, readSample, refuseUnreadable, type Scratch } from './hdf5-read.ts';
import { decodeJpeg, type loadJpegDecoder } from './jpeg.ts';

/** The two ways to a sample: the HDF5 library with memory of its own, and past it. */
export interface SampleReaders {
  module: LibraryModule;
  scratch: Scratch;
  direct: DirectSamples;
}

/**
 * One sample of an image dataset in a buffer of its own: stored pixels, or area-averaged to fit the order's limits.
 * Sixteen-bit values are little-endian whatever the file holds. Throws SourceFault with a sentence.
 */
export function decodeFrame(
  readers: SampleReaders,
  file: OpenRecording,
  order: FrameOrder,
  jpeg: Awaited<ReturnType<typeof loadJpegDecoder>> | null,
): FrameResult {
  const began = performance.now();
  const facts = file.facts(order.dataset);
  // Before any memory is asked for by sizes that the file claims.
  refuseUnreadable(file, facts);
  refuseWrongShape(file, order, facts);
  const result = jpeg ? decodeFile(readers, file, order, facts, jpeg) : decodePixels(readers, file, order, facts);
  return { isDirect: false, ...result, decodeMs: performance.now() - began };
}

function decodePixels(
  { module, scratch, direct }: SampleReaders,
  file: OpenRecording,
  order: FrameOrder,
  facts: DatasetFacts,
): Picture & { isDirect?: boolean } {
  const target = targetOf(order, order, facts.dtype === 'uint16');
  const length = order.width * order.height * order.channels * facts.metadata.size;
  const stored = target.buffer.byteLength === length ? new Uint8Array(target.buffer) : scaledFrom(length);
  if (direct.read(file, order.dataset, facts, order.index, stored)) {
    return { ...finish(pixelsOf(stored, order, facts), target), isDirect: true };
  }
  const { bytes, done } = readSample(module, scratch, file, order.dataset, facts, order.index);
  try {
    return finish(pixelsOf(bytes, order, facts), target);
  } finally {
    done();
  }
}

let lastStored = new Uint8Array(0);
/** Where a sample stands that is scaled down from there; written anew by every call. */
function scaledFrom(length: number): Uint8Array {
  if (lastStored.length !== length) lastStored = new Uint8Array(length);
  return lastStored;
}

function decodeFile(
  { module, scratch }: SampleReaders,
  file: OpenRecording,
  order: FrameOrder,
  facts: DatasetFacts,
  jpeg: Awaited<ReturnType<typeof loadJpegDecoder>>,
): Picture {
  const sample = readSample(module, scratch, file, order.dataset, facts, order.index);
  try {
    const what = `${file.name}: sample ${order.index} of ${order.dataset}`;
    const { done, pixels, ...size } = decodeJpeg(jpeg, sample.bytes, what);
    try {
      return finish({ data: pixels, ...size }, targetOf(order, size, false));
    } finally {
      done();
    }
  } finally {
    sample.done();
  }
}

/** Throws SourceFault where the dataset has no such sample, or holds no pictures of this shape. */
export function refuseWrongShape(
  file: OpenRecording,
  order: Pick<FrameOrder, 'dataset' | 'index' | 'encoding' | 'width' | 'height' | 'channels'>,
  facts: DatasetFacts,
): void {
  const { dataset, index } = order;
  const count = facts.shape[0] ?? 0;
  if (index < 0 || index >= count) {
    throw new SourceFault('no-such-sample', `${file.name}: ${dataset} has ${count} samples and no sample ${index}.`);
  }
  const isPicture =
    order.encoding === 'jpeg'
      ? holdsEncodedRows(facts)
      : (facts.dtype === 'uint8' || facts.dtype === 'uint16') &&
        facts.shape.slice(1).reduce((product, size) => product * size, 1) ===
          order.width * order.height * order.channels;
  if (!isPicture) {
    throw new SourceFault(
      'not-an-image',
      `${file.name}: ${dataset} (${facts.dtype}, ${facts.shape.join(' × ')}) holds no images that can be shown.`,
    );
  }
}

function pixelsOf(bytes: Uint8Array, { width, height, channels }: FrameOrder, facts: DatasetFacts): Pixels {
  const data = facts.dtype === 'uint16' ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2) : bytes;
  return { data, width, height, channels };
}

export type Picture = Omit<FrameResult, 'decodeMs' | 'isDirect'>;

interface Target {
  width: number;
  height: number;
  buffer: ArrayBuffer;
}

/** Where a sample of this size goes: the spare buffer that came with the order where it fits, else a new one. */
export function targetOf(
  { maxWidth, maxHeight, into }: Pick<FrameOrder, 'maxWidth' | 'maxHeight' | 'into'>,
  stored: { width: number; height: number; channels: number },
  deep: boolean,
): Target {
  const { width, height } = fittedSize(stored.width, stored.height, maxWidth, maxHeight);
  const length = width * height * stored.channels * (deep ? 2 : 1);
  return { width, height, buffer: into?.byteLength === length ? into : new ArrayBuffer(length) };
}

/** The one copy out of the decoder's memory, downscaled on the way where it is asked for; none where the sample is there already. */
export function finish(stored: Pixels, { width, height, buffer }: Target): Picture {
  const { channels } = stored;
  const deep = stored.data instanceof Uint16Array;
  if (stored.data.buffer !== buffer) {
    const data = deep ? new Uint16Array(buffer) : new Uint8Array(buffer);
    if (width === stored.width && height === stored.height) data.set(stored.data.subarray(0, data.length));
    else areaAverage(stored, { data, width, height, channels });
  }
  const size = { width, height, storedWidth: stored.width, storedHeight: stored.height };
  const bytes = new Uint8Array(buffer);
  return { ...size, channels, format: deep ? 'u16' : 'u8', bytes };
}
