import { gridOf } from '../../../shared/bundles/grid.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import { masterClockOf } from '../../../shared/episode/episode.ts';
import { VideoCursor } from '../../curation/panel/video-cursor.ts';
import type { OpenWorkstationEpisode, Workstation } from '../../workstation-types.ts';
import { exportedStreams } from '../export/make-unit.ts';
import { featureName } from '../export/unit-numbers.ts';
import { pictureShape, unitPictures } from '../unit-pictures.ts';
import { pictureIndices } from '../unit-samples.ts';
import type { Bundle } from './bundle-files.ts';
import { frameFault, framesToCompare } from './compare-frames.ts';

/** The recordings a bundle was made of. */
export interface SourceFrames {
  /** Null where it is not there, or is another recording now. */
  open(path: string, fingerprint: string): Promise<OpenWorkstationEpisode | null>;
  readonly workstation: Pick<Workstation, 'decode' | 'media'>;
}

/** Compares ten frames of each video of a unit with the recording's own, and with those before and after. */
export async function unitFrameFaults(
  { media }: Pick<Workstation, 'media'>,
  stored: OpenWorkstationEpisode,
  unit: Bundle['units'][number],
  recipe: Recipe,
  source: SourceFrames,
  signal: AbortSignal,
): Promise<{ frames: number; faults: string[] }> {
  const original = await source.open(unit.source.path, unit.source.fingerprint);
  if (!original)
    return {
      frames: 0,
      faults: [`its recording ${unit.source.path} is gone or changed, so its frames were not compared.`],
    };
  const model = original.opened.episode;
  const times = original.opened.clocks.get(model.masterClock) ?? new Float64Array(0);
  const grid = gridOf(times, unit.source.ticks, recipe.rate, masterClockOf(model).medianPeriodNs ?? 1e9);
  const faults: string[] = [];
  let frames = 0;
  for (const stream of exportedStreams(original, recipe)) {
    const name = featureName(stream.name);
    const own = stored.opened.episode.streams.find(
      ({ id }) => id === `observation.images.${name}` || id.endsWith(`_${name}.mp4`),
    );
    if (!own || own.fault !== null) {
      faults.push(own?.fault ?? `it has no video of ${stream.name}.`);
      continue;
    }
    const indices = pictureIndices(original, stream, grid.ticks);
    const shape = pictureShape(original, stream, recipe.streams.widthAtMostPx);
    const size = shape.width * shape.height;
    const parts = { ...source.workstation, signal };
    const recorded = async (index: number): Promise<Uint8Array | null> => {
      if (index < 0 || index >= stream.count) return null;
      for await (const picture of unitPictures(original, stream, Int32Array.of(index), shape, parts))
        return asRgb(picture, shape.format, size);
      return null;
    };
    const location = stored.opened.locations.get(own.id);
    if (location?.kind !== 'video') {
      faults.push(`${stream.name} is no video in it.`);
      continue;
    }
    const cursor = new VideoCursor(media, location.file, location.firstFrame + grid.ticks.length, signal);
    for (const frame of framesToCompare(grid.ticks.length)) {
      signal.throwIfAborted();
      const { bytes: rgb } = await cursor.frame(location.firstFrame + frame);
      frames++;
      if (rgb.length !== size * 3) {
        faults.push(`${stream.name}: its pictures are not of ${shape.width}×${shape.height} pixels.`);
        break;
      }
      const index = indices[frame] as number;
      const [before, wanted, after] = await Promise.all([recorded(index - 1), recorded(index), recorded(index + 1)]);
      const fault = wanted && frameFault(rgb, wanted, before, after);
      if (!fault) continue;
      const shows = { other: 'something else', before: 'the sample before it', after: 'the sample after it' }[fault];
      faults.push(`${stream.name}: frame ${frame} should show sample ${index} of the recording and shows ${shows}.`);
      break;
    }
    await cursor.close();
  }
  return { frames, faults };
}

function asRgb(bytes: Uint8Array, format: 'rgb24' | 'bgr24' | 'gray', pixels: number): Uint8Array {
  if (format === 'rgb24') return bytes;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const from = format === 'gray' ? pixel : pixel * 3 + 2 - channel;
      rgb[pixel * 3 + channel] = bytes[from] as number;
    }
  }
  return rgb;
}
