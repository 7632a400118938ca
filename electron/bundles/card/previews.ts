import type { Recipe } from '../../../shared/bundles/recipe.ts';
import { evenTicks } from '../../curation/gallery/ticks.ts';
import { GIF_SCALES, paletteSizes } from '../../curation/gif/limits.ts';
import { PictureThread } from '../../curation/panel/picture-thread.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { exportedStreams } from '../export/make-unit.ts';
import type { NamedUnit } from '../export/named-units.ts';
import { featureName } from '../export/unit-numbers.ts';
import { type PictureParts, pictureShape, unitPictures } from '../unit-pictures.ts';
import { pictureIndices } from '../unit-samples.ts';

/** Moments of a preview, evenly over the unit; what lies at its ends is left out as in the gallery. */
const MOMENTS = 16;
const WIDTH_PX = 240;
const MAX_BYTES = 600 * 1024;
const COLORS = 192;
const FRAME_CS = 25;

export interface TaskPreview {
  readonly task: string;
  /** Below the dataset's folder. */
  readonly file: string;
  readonly gif: Uint8Array;
}

interface PreviewParts extends PictureParts {
  workerDir: string;
  open(unit: NamedUnit): Promise<OpenWorkstationEpisode>;
}

/** A GIF a task, of its first unit that has a picture: exported cameras alone, so that nothing is shown that was left out. */
export async function taskPreviews(
  units: readonly NamedUnit[],
  recipe: Recipe,
  parts: PreviewParts,
): Promise<TaskPreview[]> {
  const previews: TaskPreview[] = [];
  const thread = new PictureThread(parts.workerDir);
  try {
    for (const task of new Set(units.map((unit) => unit.task))) {
      parts.signal.throwIfAborted();
      const unit = units.find((one) => one.task === task && one.videos.length > 0);
      if (!unit) continue;
      const gif = await unitGif(await parts.open(unit), unit, recipe, thread, parts);
      const name = featureName(task).slice(0, 60);
      const number = String(previews.length + 1).padStart(2, '0');
      if (gif) previews.push({ task, file: `previews/${number}-${name}.gif`, gif });
    }
  } finally {
    await thread.close();
  }
  return previews;
}

async function unitGif(
  episode: OpenWorkstationEpisode,
  { grid }: NamedUnit,
  recipe: Recipe,
  thread: PictureThread,
  parts: PictureParts,
): Promise<Uint8Array | null> {
  const streams = exportedStreams(episode, recipe);
  const stream = streams.find(({ kind }) => kind === 'color') ?? streams[0];
  if (!stream) return null;
  const shape = pictureShape(episode, stream, Math.min(WIDTH_PX, recipe.streams.widthAtMostPx ?? WIDTH_PX));
  const frames = evenTicks(grid.ticks.length, MOMENTS, 0.02, 0.98);
  const ticks = Int32Array.from(frames, (frame) => grid.ticks[frame] as number);
  const pictures: Uint8Array[] = [];
  for await (const picture of unitPictures(episode, stream, pictureIndices(episode, stream, ticks), shape, parts))
    pictures.push(asRgb(picture, shape.format));
  const { bytes } = await thread.ask({
    ...{ op: 'gif-of', frames: pictures, width: shape.width, height: shape.height },
    order: {
      ...{ maxBytes: MAX_BYTES, scales: GIF_SCALES, palettes: paletteSizes(COLORS), weighted: [] },
      delaysCs: pictures.map(() => FRAME_CS),
    },
  });
  return bytes.length > 0 ? bytes : null;
}

/** A copy, for the thread. */
function asRgb(bytes: Uint8Array, format: 'rgb24' | 'bgr24' | 'gray'): Uint8Array {
  if (format === 'rgb24') return bytes.slice();
  const pixels = format === 'gray' ? bytes.length : bytes.length / 3;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < 3; channel++)
      rgb[pixel * 3 + channel] = bytes[format === 'gray' ? pixel : pixel * 3 + 2 - channel] as number;
  return rgb;
}
