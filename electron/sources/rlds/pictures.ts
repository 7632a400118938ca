import type { Problem, Stream } from '../../../shared/episode/episode.ts';
import { inWords, sideOf } from '../common/hdf5-pictures.ts';
import { type PictureFacts, pictureFacts } from '../common/picture-header.ts';
import { type FileReader, type SampleReader, SourceFault } from '../source.ts';
import { BrokenExample, type Elements, type ExampleReader } from './example.ts';
import type { Leaf } from './features.ts';
import { STEPS, storedLimit, wholeElement } from './numbers.ts';
import { arrayBytes, unpackArray } from './tensors.ts';

const LARGEST_PICTURE_BYTES = 64 * 2 ** 20;
const LARGEST_SIDE = 2 ** 14;
/** Enough for the size of any JPEG that carries no other file before its own picture. */
const HEAD_BYTES = 64 * 2 ** 10;
/** The first pictures of an episode may be missing. */
const TRIED = 5;

export interface Camera {
  leaf: Leaf;
  elements: Elements;
  stream: Stream;
  problems: Problem[];
}

/** Whether arrays of a feature are pictures: bytes of 8-bit grey or colour, or of 16-bit depth. */
export function isPixels({ kind, encoding, dtype, shape }: Leaf): boolean {
  if (kind !== 'numbers' || encoding === 'none') return false;
  const [height = 0, width = 0, channels = 1] = shape;
  const isSize = [height, width].every((side) => side >= 8 && side <= LARGEST_SIDE);
  if (!isSize || shape.length < 2 || shape.length > 3) return false;
  return dtype === 'uint8' ? channels === 1 || channels === 3 : dtype === 'uint16' && channels === 1;
}

/** What a picture says of itself; null where it is neither JPEG nor PNG. */
export async function pictureAt(
  reader: ExampleReader,
  elements: Elements,
  index: number,
): Promise<PictureFacts | null> {
  return pictureFacts(await reader.element(elements, index, HEAD_BYTES));
}

/** A camera, described by its first picture that is one. */
export async function cameraOf(
  reader: ExampleReader,
  leaf: Leaf,
  elements: Elements,
  steps: number,
  where: string,
): Promise<Camera> {
  const stream = blankStream(leaf, elements.count);
  const fail = (fault: string): Camera => ({
    ...{ leaf, elements },
    stream: { ...stream, fault },
    problems: [{ severity: 'error', code: 'stream-unreadable', message: `${where}: ${fault}`, stream: leaf.name }],
  });
  const problems: Problem[] = [];
  if (elements.count !== steps) {
    const message = `${where}: ${leaf.key} has ${elements.count} pictures for ${steps} steps; they are shown by position as far as both go.`;
    problems.push({ severity: 'error', code: 'count-mismatch', message, stream: leaf.name });
  }
  const facts = isPixels(leaf) ? pixelFacts(leaf) : await firstPicture(reader, elements);
  if (elements.count === 0) return fail(`${leaf.key} holds no picture: record the camera, or remove the feature.`);
  if (!facts) {
    return fail(`${leaf.key} holds no JPEG or PNG in its first pictures, so it cannot be shown: write it anew.`);
  }
  if (leaf.dtype === 'float32') {
    return fail(`${leaf.key} packs floats into PNG, which is not shown: store depth as 16-bit millimetres.`);
  }
  const { encoding, width, height, channels, dtype } = facts;
  const count = Math.min(elements.count, steps);
  return {
    ...{ leaf, elements, problems },
    stream: {
      ...stream,
      kind: dtype === 'uint16' && channels === 1 ? 'depth' : 'color',
      shape: channels === 1 ? [count, height, width] : [count, height, width, channels],
      ...{ width, height, channels, dtype, encoding, count },
      // TFDS decodes red first, whatever was put in.
      order: channels === 1 ? null : 'rgb',
      filter: { png: 'PNG a step', jpeg: 'JPEG a step', pixels: `${leaf.encoding === 'zlib' ? 'zlib' : 'raw'} pixels` }[
        encoding
      ],
    },
  };
}

function pixelFacts({ shape, dtype }: Leaf) {
  const [height = 0, width = 0, channels = 1] = shape;
  return { encoding: 'pixels' as const, width, height, channels: channels as 1 | 3, dtype };
}

async function firstPicture(reader: ExampleReader, elements: Elements) {
  for (let index = 0; index < Math.min(elements.count, TRIED); index++) {
    const facts = await pictureAt(reader, elements, index);
    if (facts) return facts;
  }
  return null;
}

function blankStream(leaf: Leaf, count: number): Stream {
  const own = leaf.name.slice(leaf.name.lastIndexOf('/') + 1);
  const isObservation = leaf.name.startsWith('observation/');
  return {
    id: leaf.name,
    name: inWords(isObservation ? leaf.name.slice('observation/'.length) : leaf.name),
    kind: 'color',
    position: sideOf(own),
    shape: [],
    ...{ width: 0, height: 0, channels: 3, dtype: 'uint8', encoding: 'jpeg' as const, order: 'rgb' as const, count },
    video: null,
    clock: STEPS,
    rule: 'latest',
    chunk: null,
    filter: 'none',
    filters: [],
    serial: null,
    fault: null,
  };
}

/** Answers the encoded picture as it stands, or the pixels of an array, from its place in the shard. */
export function readerOf(
  files: FileReader,
  shard: { path: string; name: string },
  { leaf, elements }: Camera,
): SampleReader {
  const expected = isPixels(leaf) ? arrayBytes(leaf) : null;
  return {
    read: async (index) => {
      const length = elements.lengths[index];
      const offset = elements.offsets[index];
      const bad = (reason: string) =>
        new SourceFault('corrupt-chunk', `${shard.name}: picture ${index} of ${leaf.key} cannot be shown: ${reason}.`);
      if (length === undefined || offset === undefined) throw bad('there is none');
      if (length === 0) throw bad('it is empty');
      if (length > (expected === null ? LARGEST_PICTURE_BYTES : storedLimit(expected))) {
        throw bad(`it has ${length} bytes`);
      }
      try {
        const bytes = await files.readRange(shard.path, offset, length);
        if (bytes.length < length) throw bad('the file has become shorter since it was opened');
        return expected === null ? bytes : unpackArray(wholeElement(bytes, elements, index), leaf, expected).slice();
      } catch (error) {
        if (error instanceof BrokenExample) throw bad(error.message);
        if (error instanceof SourceFault && error.code !== 'corrupt-chunk') throw bad(error.message);
        throw error;
      }
    },
  };
}
