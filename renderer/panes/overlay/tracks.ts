import { type BodyTrack, runStarts } from '../../../shared/geometry/body-track.ts';
import type { OpenEpisode } from '../../app/session.ts';

const made = new WeakMap<OpenEpisode['arrays'], BodyTrack[]>();

/** The tracked bodies of an open episode, made once. */
export function bodyTracks(open: OpenEpisode): BodyTrack[] {
  const before = made.get(open.arrays);
  if (before) return before;
  const tracks = open.episode.tracks.map((track): BodyTrack => {
    const { times, values } = open.arrays.get(`track:${track.id}`) ?? {
      times: new Float64Array(0),
      values: new Float64Array(0),
    };
    return {
      id: track.id,
      name: track.name,
      side: track.side,
      upAxis: track.upAxis,
      projected: track.projected,
      rule: track.rule,
      times,
      poses: values,
      runStart: runStarts(values, times.length),
    };
  });
  made.set(open.arrays, tracks);
  return tracks;
}
