import { type BodyTrack, bodyAt } from './body-track.ts';
import type { Calibration, CameraCalibration } from './calibration.ts';
import { type ProjectedSensor, projectSensor } from './projection.ts';

/** What is drawn over a camera's picture for one tracked sensor: the same in the window and in every panel. */
export interface SensorMark {
  side: 'left' | 'right';
  projected: ProjectedSensor;
  /** Nothing was measured of it within a quarter of a second, see BodyAt: ringed in red. */
  isFrozen: boolean;
}

/** Wong's pair, always with the letter beside it. */
export const SIDE_COLORS = { left: '#E69F00', right: '#0072B2' } as const;
export const SIDE_LETTERS = { left: 'L', right: 'R' } as const;

/** The sensors that a calibration sees from a camera at a moment, by side. */
export function sensorsIn(
  calibration: Calibration,
  camera: CameraCalibration,
  tracks: readonly BodyTrack[],
  timeNs: number,
): SensorMark[] {
  return calibration.sensors.flatMap((sensor) => {
    const track = tracks.find(({ id }) => id === sensor.track);
    const body = track && bodyAt(track, timeNs);
    if (!track?.projected || !body) return [];
    const projected = projectSensor(body.pose, camera, sensor, track.upAxis);
    return projected ? [{ side: sensor.side, projected, isFrozen: body.frozenSinceNs !== null }] : [];
  });
}
