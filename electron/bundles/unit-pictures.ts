import { exportedSize } from '../../shared/bundles/exported.ts';
import type { Stream } from '../../shared/episode/episode.ts';
import { VideoCursor } from '../curation/panel/video-cursor.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import { loadSample } from '../frames/samples.ts';
import type { RawFormat } from '../media/encode.ts';
import type { Media } from '../media/index.ts';
import type { OpenWorkstationEpisode } from '../workstation-types.ts';

export interface PictureParts {
  decode: DecodePool;
  media: Media;
  signal: AbortSignal;
}

/** How the pictures of a stream go to the encoder. Sides are even: an odd one is made so by repeating its last row or column. */
export interface PictureShape {
  readonly width: number;
  readonly height: number;
  readonly format: RawFormat;
  /** As stored, before they were made smaller or even. */
  readonly storedWidth: number;
  readonly storedHeight: number;
}

/** Behind everything that a person looks at. */
const PRIORITY = -60;
/** Samples that are on their way at once: decoding and encoding go on side by side. */
const AHEAD = 4;

export function pictureShape(
  episode: OpenWorkstationEpisode,
  stream: Stream,
  widthAtMostPx: number | null,
): PictureShape {
  const isVideo = episode.opened.locations.get(stream.id)?.kind === 'video';
  const order = stream.channels < 3 ? 'gray' : isVideo || episode.orderOf(stream) !== 'bgr' ? 'rgb24' : 'bgr24';
  return {
    ...exportedSize(stream, widthAtMostPx),
    format: order,
    storedWidth: stream.width,
    storedHeight: stream.height,
  };
}

/**
 * The pictures behind the frames of a unit, in order: stored pixels in the order of their channels, a picture a frame.
 * Rejects where one cannot be read: a frame that was never recorded is not made up.
 *
 * @param indices sample of the stream behind each frame, none of them -1
 */
export async function* unitPictures(
  episode: OpenWorkstationEpisode,
  stream: Stream,
  indices: Int32Array,
  shape: PictureShape,
  parts: PictureParts,
): AsyncGenerator<Uint8Array, void, undefined> {
  const read = reader(episode, stream, indices, shape, parts);
  const coming: Promise<Uint8Array>[] = [];
  let next = 0;
  try {
    for (let frame = 0; frame < indices.length; frame++) {
      for (; next < Math.min(indices.length, frame + AHEAD); next++) {
        const picture = read.picture(indices[next] as number);
        // Told when its turn comes.
        picture.catch(() => undefined);
        coming.push(picture);
      }
      parts.signal.throwIfAborted();
      yield await (coming.shift() as Promise<Uint8Array>);
    }
  } finally {
    await Promise.allSettled(coming);
    await read.close();
  }
}

function reader(
  episode: OpenWorkstationEpisode,
  stream: Stream,
  indices: Int32Array,
  shape: PictureShape,
  { decode, media, signal }: PictureParts,
) {
  const { opened } = episode;
  const location = opened.locations.get(stream.id);
  if (location?.kind === 'video') {
    const end = location.firstFrame + Math.max(...indices) + 1;
    const cursor = new VideoCursor(media, location.file, end, signal);
    let last: { index: number; picture: Promise<Uint8Array> } | null = null;
    return {
      picture(index: number): Promise<Uint8Array> {
        // A frame that stands behind several is decoded once.
        if (last?.index !== index) {
          const picture = cursor.frame(location.firstFrame + index).then((frame) => fittedPicture(frame, 3, shape));
          last = { index, picture };
        }
        return last.picture;
      },
      close: () => cursor.close(),
    };
  }
  const options = {
    ...{ priority: PRIORITY, isWanted: () => !signal.aborted },
    ...(shape.width < stream.width ? { maxWidth: shape.width, maxHeight: shape.height } : {}),
  };
  return {
    async picture(index: number): Promise<Uint8Array> {
      const frame = await loadSample(decode, opened, stream, index, options);
      return fittedPicture(frame, frame.channels, shape);
    },
    close: () => Promise.resolve(),
  };
}

/** A picture of the shape's size: the nearest pixels of one of another, its last row and column again of one that is odd. */
export function fittedPicture(
  { bytes, width, height }: { bytes: Uint8Array; width: number; height: number },
  channels: number,
  shape: PictureShape,
): Uint8Array {
  if (width === shape.width && height === shape.height) return bytes;
  const isEvened =
    shape.width - width <= 1 && shape.height - height <= 1 && shape.width >= width && shape.height >= height;
  const made = new Uint8Array(shape.width * shape.height * channels);
  for (let y = 0; y < shape.height; y++) {
    const row = isEvened ? Math.min(y, height - 1) : Math.floor((y * height) / shape.height);
    for (let x = 0; x < shape.width; x++) {
      const column = isEvened ? Math.min(x, width - 1) : Math.floor((x * width) / shape.width);
      const from = (row * width + column) * channels;
      const to = (y * shape.width + x) * channels;
      for (let channel = 0; channel < channels; channel++) made[to + channel] = bytes[from + channel] as number;
    }
  }
  return made;
}
