import type { Series, Stream, Track } from '../episode/episode.ts';
import { exportedSeries, exportedStreams, exportedTracks } from './exported.ts';
import { featureName } from './feature-name.ts';
import type { UnitKind } from './recipe.ts';

/** Names of what lies in the folder of one unit: a session that opens like any other, and for recoveries the names labs ask for. */
export const SESSION_FILE = 'session.json';
export const SESSION_MANIFEST_FILE = 'session_manifest.json';
export const FAILURE_STATE_FILE = 'failure_state.json';
/** Which tick every frame is, and when it was recorded. */
export const FRAMES_FILE = 'frames.csv';
export const POSES_FILE = 'poses.parquet';
export const TACTILE_FILE = 'tactile.parquet';

export function jointsFileOf(kind: UnitKind): string {
  return kind === 'recovery' ? 'recovery_joints.parquet' : 'joints.parquet';
}

/** `camera` is the name of a stream, as `featureName` has it. */
export function videoFileOf(kind: UnitKind, camera: string): string {
  return kind === 'recovery' ? `recovery_clip_${camera}.mp4` : `cam_${camera}.mp4`;
}

/** What the folder of a unit holds where every stream that can be is exported. */
export function unitFiles(
  { streams, series, tracks }: { streams: readonly Stream[]; series: readonly Series[]; tracks: readonly Track[] },
  kind: UnitKind,
): string[] {
  const exported = exportedStreams({ path: '', streams }, { ids: [], widthAtMostPx: null });
  const videos = typeof exported === 'string' ? [] : exported;
  const [columns, bodies] = [exportedSeries(series).length, exportedTracks(tracks).length];
  return [
    SESSION_MANIFEST_FILE,
    SESSION_FILE,
    ...videos.map(({ name }) => videoFileOf(kind, featureName(name))),
    FRAMES_FILE,
    ...(columns + bodies > 0 ? [jointsFileOf(kind)] : []),
    ...(bodies > 0 ? [POSES_FILE] : []),
    ...(videos.some(({ kind: of }) => of === 'tactile') ? [TACTILE_FILE] : []),
    ...(kind === 'failure' || kind === 'recovery' ? [FAILURE_STATE_FILE] : []),
  ];
}
