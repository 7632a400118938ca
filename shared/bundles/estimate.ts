import type { Stream } from '../episode/episode.ts';
import type { Holds } from './compatible.ts';
import type { Recipe } from './recipe.ts';

/**
 * Bits a pixel of pictures of a robot's cameras at CRF 18 where every second frame is a key frame, and how far CRF takes to
 * halve them: both measured. Noise, film grain and the like can double it, a still scene can halve it.
 */
const BITS_A_PIXEL = 0.32;
const CRF = 18;
const HALVES_EVERY = 8;
/** Frames between key frames cost about half of one. */
const SHARE_BETWEEN = 0.45;
const BYTES_A_NUMBER = 4;
/** Manifests, tables of frames, statistics. */
const BYTES_A_UNIT = 40_000;

/** Streams that an export writes as videos: those the recipe names, else every colour and tactile one that can be read. */
function videoStreams(
  { streams }: Pick<Holds, 'streams'>,
  { streams: { ids } }: Pick<Recipe, 'streams'>,
): Stream[] {
  return streams.filter(
    ({ id, kind, fault, dtype, encoding }) =>
      (ids.length === 0 || ids.includes(id)) &&
      kind !== 'depth' &&
      fault === null &&
      (encoding !== 'pixels' || dtype === 'uint8'),
  );
}

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
  const bits = BITS_A_PIXEL * 2 ** ((CRF - crf) / HALVES_EVERY) * groups;
  let pixels = 0;
  for (const { width, height } of videoStreams(holds, recipe)) {
    const scale = Math.min(1, (recipe.streams.widthAtMostPx ?? width) / width);
    pixels += width * height * scale ** 2;
  }
  let numbers = 0;
  for (const { components, role } of holds.series) if (role !== 'timing') numbers += components.length;
  for (const { count } of holds.tracks) if (count > 0) numbers += 7;
  const perTarget = frames * ((pixels * bits) / 8 + numbers * BYTES_A_NUMBER) + BYTES_A_UNIT;
  return Math.round(perTarget * recipe.targets.length);
}
