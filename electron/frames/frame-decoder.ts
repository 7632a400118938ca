import { SourceFault } from '../sources/source.ts';
import { areaAverage, fittedSize, type Pixels } from './area-average.ts';
import type { FrameOrder, FrameResult } from './decode-protocol.ts';
import type { DatasetFacts, OpenRecording } from './hdf5-files.ts';
import type { LibraryModule } from './hdf5-library.ts';
import { readSample, type Scratch } from './hdf5-read.ts';
import { decodeJpeg, type loadJpegDecoder } from './jpeg.ts';

/**
 * One sample of an image dataset in a buffer of its own: stored pixels, or area-averaged to fit the order's limits.
 * Sixteen-bit values are little-endian whatever the file holds. Throws SourceFault with a sentence.
 */
export function decodeFrame(
  module: LibraryModule,
  scratch: Scratch,
  file: OpenRecording,
  order: FrameOrder,
  jpeg: Awaited<ReturnType<typeof loadJpegDecoder>> | null,
): FrameResult {
  const began = performance.now();
  const facts = file.facts(order.dataset);
  refuseWrongShape(file, order, facts);
  const sample = readSample(module, scratch, file, order.dataset, facts, order.index);
  try {
    if (!jpeg) return finish(pixelsOf(sample.bytes, order, facts), order, began);
    const what = `${file.name}: sample ${order.index} of ${order.dataset}`;
    const { done, pixels, ...size } = decodeJpeg(jpeg, sample.bytes, what);
    try {
      return finish({ data: pixels, ...size }, order, began);
    } finally {
      done();
    }
  } finally {
    sample.done();
  }
}

function refuseWrongShape(file: OpenRecording, order: FrameOrder, facts: DatasetFacts): void {
  const { dataset, index } = order;
  const count = facts.shape[0] ?? 0;
  if (index < 0 || index >= count) {
    throw new SourceFault('no-such-sample', `${file.name}: ${dataset} has ${count} samples and no sample ${index}.`);
  }
  const isPicture =
    order.encoding === 'jpeg'
      ? facts.dtype === 'vlen-uint8' && facts.shape.length === 1
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

/** The one copy out of the decoder's memory, downscaled on the way where it is asked for. */
function finish(stored: Pixels, order: FrameOrder, began: number): FrameResult {
  const { channels } = stored;
  const { width, height } = fittedSize(stored.width, stored.height, order.maxWidth, order.maxHeight);
  const deep = stored.data instanceof Uint16Array;
  const values = width * height * channels;
  const length = values * (deep ? 2 : 1);
  const buffer = order.into?.byteLength === length ? order.into : new ArrayBuffer(length);
  const data = deep ? new Uint16Array(buffer) : new Uint8Array(buffer);
  if (width === stored.width && height === stored.height) data.set(stored.data.subarray(0, values));
  else areaAverage(stored, { data, width, height, channels });
  const bytes = new Uint8Array(buffer);
  const size = { width, height, storedWidth: stored.width, storedHeight: stored.height };
  return { ...size, channels, format: deep ? 'u16' : 'u8', bytes, decodeMs: performance.now() - began };
}
