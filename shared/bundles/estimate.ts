import type { Holds } from './compatible.ts';
import { exportedSeries, exportedSize, exportedStreams, exportedTracks } from './exported.ts';
import type { Recipe } from './recipe.ts';

/**
 * Bits a pixel at CRF 18 where every second frame is a key frame, of pictures of a robot's cameras and of gels, and how far CRF
 * takes to halve them: all measured. Noise, film grain and the like can double it, a still scene can halve it.
 */
const BITS_A_PIXEL = { color: 0.27, tactile: 0.08 } as const;
const CRF = 18;
const HALVES_EVERY = 8;
/** Frames between key frames cost about half of one. */
const SHARE_BETWEEN = 0.45;
const BYTES_A_NUMBER = 4;
/** Manifests, tables of frames, statistics. */
const BYTES_A_UNIT = 40_000;

/**
 * About how many bytes a unit of so many frames takes in the bundle, in all of its targets together: an estimate, because
 * what pictures show decides it.
 */
export function estimateBytes(
  frames: number,
  holds: Holds,
  recipe: Pick<Recipe, 'streams' | 'video' | 'targets'>,
): number {
  const { crf, keyframeEvery } = recipe.video;
  const groups = (1 + SHARE_BETWEEN * (keyframeEvery - 1)) / keyframeEvery / ((1 + SHARE_BETWEEN) / 2);
  const scale = 2 ** ((CRF - crf) / HALVES_EVERY) * groups;
  const streams = exportedStreams(holds, recipe.streams);
  const bits = (typeof streams === 'string' ? [] : streams).reduce((sum, stream) => {
    const { width, height } = exportedSize(stream, recipe.streams.widthAtMostPx);
    return sum + width * height * BITS_A_PIXEL[stream.kind === 'tactile' ? 'tactile' : 'color'] * scale;
  }, 0);
  const numbers =
    exportedSeries(holds.series).reduce((sum, { components }) => sum + components.length, 0) +
    exportedTracks(holds.tracks).length * 7;
  const perTarget = frames * (bits / 8 + numbers * BYTES_A_NUMBER) + BYTES_A_UNIT;
  return Math.round(perTarget * recipe.targets.length);
}
