import type { Series, Stream, Track } from '../episode/episode.ts';
import { nameWithin } from '../episode/name-within.ts';
import { featureName } from './feature-name.ts';
import type { Recipe } from './recipe.ts';

/**
 * The streams that become videos: those the recipe names, by their ids or by their names within the recording, else every
 * colour and tactile stream that can be read. A sentence where one that it names is not there, or holds nothing a video can.
 */
export function exportedStreams(
  { path, streams: all }: { readonly path: string; readonly streams: readonly Stream[] },
  { ids }: Recipe['streams'],
): Stream[] | string {
  const isNamed = (stream: Stream, id: string) => stream.id === id || nameWithin(path, stream.id) === id;
  const unknown = ids.find((id) => !all.some((stream) => isNamed(stream, id)));
  if (unknown !== undefined) return `${path} has no stream ${unknown}, which the recipe asks for.`;
  const chosen = ids.length > 0 ? all.filter((stream) => ids.some((id) => isNamed(stream, id))) : all;
  const readable = chosen.filter(
    ({ kind, fault, dtype, encoding }) =>
      kind !== 'depth' && fault === null && (encoding !== 'pixels' || dtype === 'uint8'),
  );
  const lost = ids.length > 0 && chosen.find((stream) => !readable.includes(stream));
  if (lost) return `${path}: ${lost.fault ?? `${lost.name} holds no pictures that a video can.`}`;
  return readable;
}

/**
 * Two streams or bodies that a bundle would call the same, in one sentence; null where all have names of their own. Files are
 * told apart on disks that take "A" and "a" for one.
 */
export function nameClash(path: string, streams: readonly Stream[], tracks: readonly Track[]): string | null {
  for (const [what, all, remedy] of [
    ['streams', streams, 'choose one of them in the recipe'],
    ['bodies', exportedTracks(tracks), 'give one of them another name'],
  ] as const) {
    const seen = new Map<string, string>();
    for (const { name } of all) {
      const called = featureName(name).toLowerCase();
      const other = seen.get(called);
      if (other !== undefined)
        return `${path}: the ${what} "${other}" and "${name}" would both be called ${featureName(name)} in a bundle: ${remedy}.`;
      seen.set(called, name);
    }
  }
  return null;
}

/** Why packets of these streams cannot be copied, as far as it shows before their files are opened; null where they may. */
export function notCopied(path: string, streams: readonly Stream[]): string | null {
  const fault = streams.find(({ encoding, video }) => encoding !== 'video' || video?.codec !== 'h264');
  if (!fault) return null;
  const is = fault.encoding === 'video' ? `a video of ${fault.video?.codec ?? 'an unknown codec'}` : 'no video';
  return `${path}: ${fault.name} is ${is}, and only packets of H.264 are copied: take "way": "copy" out of the recipe to encode it.`;
}

/** The series that become columns: what is plotted as lines and is no timing of the recorder's. */
export function exportedSeries(series: readonly Series[]): Series[] {
  return series.filter(
    ({ role, display, components }) => role !== 'timing' && display === 'lines' && components.length > 0,
  );
}

/** The bodies whose poses become columns. */
export function exportedTracks(tracks: readonly Track[]): Track[] {
  return tracks.filter(({ count }) => count > 0);
}

/** Sides of a stream's video: made no wider than was asked, and even, as encoders want them. */
export function exportedSize(
  { width, height }: Pick<Stream, 'width' | 'height'>,
  widthAtMostPx: number | null,
): { width: number; height: number } {
  const scale = widthAtMostPx === null ? 1 : Math.min(1, widthAtMostPx / width);
  const even = (pixels: number) => 2 * Math.ceil(Math.max(16, Math.round(pixels * scale)) / 2);
  return { width: even(width), height: even(height) };
}
