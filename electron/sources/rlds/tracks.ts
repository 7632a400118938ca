import type { Track } from '../../../shared/episode/episode.ts';
import { posesOfEuler } from '../common/euler.ts';
import { type FoundSeries, STEPS } from './numbers.ts';

/** What DROID calls a position and Euler angles (about the fixed axes x, y, z), by the end of a feature's name. */
const POSE = /(^|\/)cartesian_position$/;
const COLUMNS = 6;

/** Paths of poses: the robot's own, and those that actions ask for. Other datasets do not say which columns are a pose. */
export function tracksOf(series: readonly FoundSeries[], steps: number): { track: Track; poses: Float64Array }[] {
  return series.flatMap(({ series: { id, components }, values }) => {
    if (!POSE.test(id) || components.length !== COLUMNS) return [];
    const track: Track = {
      id,
      name: /^action/.test(id) ? 'Target' : 'End effector',
      side: null,
      count: steps,
      clock: STEPS,
      rule: 'nearest',
      quaternionOrder: 'xyzw',
      upAxis: 'z',
      projected: false,
    };
    return [{ track, poses: posesOfEuler(values, components.length) }];
  });
}
