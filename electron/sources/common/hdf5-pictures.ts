import type { Problem, Stream } from '../../../shared/episode/episode.ts';
import { describeFilters } from '../filters.ts';
import type { Hdf5Dataset, OpenFile } from '../source.ts';

export interface PictureAbout extends Pick<Stream, 'name' | 'clock'> {
  /** The order of the colours as the format has it; a person may say otherwise. */
  order: 'rgb' | 'bgr';
}

/** Whether a dataset holds a picture a row: pixels of three or four axes, or one encoded picture a row. */
export function holdsPictures({ dtype, shape, jpegSize }: Hdf5Dataset): boolean {
  const isPixels = (dtype === 'uint8' && shape.length === 4) || (dtype === 'uint16' && shape.length >= 3);
  return isPixels || jpegSize !== undefined || (dtype === 'vlen-uint8' && shape.length === 1);
}

/** A camera whose frames lie in a dataset: pixels (N, H, W, C), 16-bit depth (N, H, W), or one JPEG a row, ragged or padded. */
export function pictureStream(id: string, dataset: Hdf5Dataset, about: PictureAbout): Stream {
  const { shape, dtype, jpegSize } = dataset;
  const isEncoded = jpegSize !== undefined || dtype === 'vlen-uint8' || (dtype === 'uint8' && shape.length === 2);
  const isDepth = dtype === 'uint16';
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const size = isEncoded ? { width: 0, height: 0, ...jpegSize, channels: 3 } : { width, height, channels };
  return {
    id,
    name: about.name,
    clock: about.clock,
    kind: isDepth ? 'depth' : 'color',
    position: sideOf(id.slice(id.lastIndexOf('/') + 1)),
    shape,
    ...size,
    dtype: isEncoded ? 'uint8' : dtype,
    encoding: isEncoded ? 'jpeg' : 'pixels',
    video: null,
    order: size.channels === 1 ? null : about.order,
    count,
    rule: 'latest',
    chunk: dataset.chunk,
    filter: describeFilters(dataset.filters),
    filters: dataset.filters,
    serial: null,
    fault: dataset.fault ?? faultOf(id, dataset, isEncoded),
  };
}

function faultOf(id: string, { shape, dtype, jpegSize }: Hdf5Dataset, isEncoded: boolean): string | null {
  if (shape[0] === 0) return `${id} holds no frame: record the camera or remove it.`;
  if (isEncoded) return jpegSize ? null : `${id} holds no JPEG that can be read: store one JPEG file a row.`;
  const said = `${id} holds ${shape.length === 0 ? `a single ${dtype} value` : `${shape.join(' × ')} ${dtype} values`}`;
  const channels = shape.length === 3 ? 1 : (shape[3] ?? 0);
  if (dtype === 'uint16' && channels === 1 && shape.length >= 3) return null;
  if (shape.length === 4 && (shape[1] === 1 || shape[1] === 3) && channels > 4) {
    return `${said}, channels first: store them as (frames, height, width, channels).`;
  }
  if (dtype === 'uint8' && (shape.length === 3 || shape.length === 4) && (channels === 1 || channels === 3))
    return null;
  return `${said}, not 8-bit pictures of one or three channels: it cannot be shown.`;
}

/** What is wrong with cameras: those that cannot be shown, and those with more or fewer frames than steps. */
export function pictureProblems(file: OpenFile, streams: readonly Stream[], steps: number): Problem[] {
  return streams.flatMap(({ id, fault, count }): Problem[] => {
    if (fault) return [{ severity: 'error', code: 'stream-unreadable', message: `${file.name}: ${fault}`, stream: id }];
    if (count === steps) return [];
    const message = `${file.name}: ${id} has ${count} frames for ${steps} steps; frames are shown by position as far as both go.`;
    return [{ severity: 'error', code: 'count-mismatch', message, stream: id }];
  });
}

/** Which side a name speaks of. */
export function sideOf(name: string): 'left' | 'right' | null {
  if (/(^|[^a-z])left([^a-z]|$)/i.test(name)) return 'left';
  return /(^|[^a-z])right([^a-z]|$)/i.test(name) ? 'right' : null;
}

/** "robot0_eef_pos" as "Robot0 eef pos". */
export function inWords(name: string): string {
  return name.replaceAll(/[_/.]+/g, ' ').replace(/^./, (letter) => letter.toUpperCase());
}
