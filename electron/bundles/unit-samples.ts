import type { Grid } from '../../shared/bundles/grid.ts';
import type { Stream, Track } from '../../shared/episode/episode.ts';
import { sampleAt } from '../../shared/time/sampling.ts';
import { sampleIndices } from '../frames/sample-indices.ts';
import type { OpenWorkstationEpisode } from '../workstation-types.ts';

/** A row of ticks for which something has no sample. */
export interface Missing {
  /** Name of the stream or body, for people. */
  readonly what: string;
  readonly firstTick: number;
  readonly lastTick: number;
}

/** Which sample of a stream stands behind each frame; -1 before the first and after the last. */
export function pictureIndices(episode: OpenWorkstationEpisode, stream: Stream, ticks: Int32Array): Int32Array {
  return sampleIndices(episode, stream, ticks, episode.holdPeriods());
}

/** Numbers of a unit: `width` of them a frame, row after row. */
export interface UnitNumbers {
  readonly values: Float64Array;
  readonly width: number;
}

/** What a series says at each frame: its latest row at or before; NaN where it has none yet. */
export function seriesRows(episode: OpenWorkstationEpisode, id: string, grid: Pick<Grid, 'ticks'>): UnitNumbers {
  const { opened } = episode;
  const series = opened.episode.series.find((one) => one.id === id);
  const width = series?.components.length ?? 0;
  const stored = opened.values.get(id) ?? new Float64Array(0);
  return rowsAt(episode, series?.clock ?? '', 'latest', stored, width, grid.ticks);
}

/** Where a body is at each frame, by its rule: x y z qx qy qz qw. */
export function poseRows(
  episode: OpenWorkstationEpisode,
  { id, clock, rule }: Track,
  grid: Pick<Grid, 'ticks'>,
): UnitNumbers {
  return rowsAt(episode, clock, rule, episode.opened.poses.get(id) ?? new Float64Array(0), 7, grid.ticks);
}

function rowsAt(
  episode: OpenWorkstationEpisode,
  clock: string,
  rule: Track['rule'],
  stored: Float64Array,
  width: number,
  ticks: Int32Array,
): UnitNumbers {
  const { opened } = episode;
  const master = opened.clocks.get(opened.episode.masterClock) ?? new Float64Array(0);
  const times = opened.clocks.get(clock) ?? new Float64Array(0);
  const values = new Float64Array(ticks.length * width).fill(Number.NaN);
  for (const [frame, tick] of ticks.entries()) {
    const row = sampleAt(times, master[tick] as number, rule);
    if (row < 0 || (row + 1) * width > stored.length) continue;
    values.set(stored.subarray(row * width, (row + 1) * width), frame * width);
  }
  return { values, width };
}

/** Every row of frames without a sample, in ticks. */
export function missingPictures(what: string, indices: Int32Array, ticks: Int32Array): Missing[] {
  return missingRows(what, ticks, (frame) => indices[frame] === -1);
}

/** The same for numbers: a frame with any that is no number has none. */
export function missingNumbers(what: string, { values, width }: UnitNumbers, ticks: Int32Array): Missing[] {
  return missingRows(what, ticks, (frame) => {
    for (let at = frame * width; at < (frame + 1) * width; at++) if (!Number.isFinite(values[at])) return true;
    return false;
  });
}

function missingRows(what: string, ticks: Int32Array, isMissing: (frame: number) => boolean): Missing[] {
  const rows: Missing[] = [];
  for (let frame = 0; frame < ticks.length; frame++) {
    if (!isMissing(frame)) continue;
    const first = frame;
    while (frame + 1 < ticks.length && isMissing(frame + 1)) frame++;
    rows.push({ what, firstTick: ticks[first] as number, lastTick: ticks[frame] as number });
  }
  return rows;
}
