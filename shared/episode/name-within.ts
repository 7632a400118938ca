/** Between the path of a file and the name of a recording in it. */
export const INNER = '::';

/**
 * What a stream, series or track is called within its recording. Of one of several in a file "data/demo_3/obs/front" is
 * "obs/front", as it is of every other ("demos.h5::demo_3" is `path`); elsewhere it is the id.
 */
export function nameWithin(path: string, id: string): string {
  const at = path.lastIndexOf(INNER);
  const parts = id.split('/');
  return at < 0 ? id : parts.slice(parts.indexOf(path.slice(at + INNER.length)) + 1).join('/') || id;
}
