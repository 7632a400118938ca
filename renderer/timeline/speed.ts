import { POSE_COMPONENTS } from '../../shared/geometry/pose.ts';

/**
 * Speed is displacement over the recorded time between two samples. Motion-capture stamps come in bursts (many samples
 * within a few milliseconds, then none for a while); over so short a time the quotient is noise, so each speed looks back
 * over the shortest stretch of at least this long: about a tick of a 30 Hz recorder, hence no finer than what is on screen.
 */
const LEAST_SPAN_NS = 30_000_000;

/**
 * Metres a second of a body at each of its samples, NaN where the body was not tracked, at its first samples and where the
 * stretch looked back over reaches `lossNs` (nothing is known of the motion within a loss).
 * `times`: count ns, ascending. `poses`: count × 7 (x, y, z, qx, qy, qz, qw), metres.
 */
export function bodySpeeds(times: ArrayLike<number>, poses: ArrayLike<number>, lossNs: number): Float32Array {
  const count = times.length;
  const speeds = new Float32Array(count).fill(Number.NaN);
  let back = 0;
  for (let index = 1; index < count; index++) {
    const now = times[index] as number;
    while (back + 1 < index && now - (times[back + 1] as number) >= LEAST_SPAN_NS) back++;
    const span = now - (times[back] as number);
    if (span < LEAST_SPAN_NS || span >= lossNs) continue;
    if (!isTracked(poses, index) || !isTracked(poses, back)) continue;
    speeds[index] = distance(poses, index, back) / (span / 1e9);
  }
  return speeds;
}

/** Whether row `index` holds a pose: finite, with a rotation. */
export function isTracked(poses: ArrayLike<number>, index: number): boolean {
  const start = index * POSE_COMPONENTS;
  if (start + POSE_COMPONENTS > poses.length) return false;
  let rotation = 0;
  for (let component = 0; component < POSE_COMPONENTS; component++) {
    const value = poses[start + component] as number;
    if (!Number.isFinite(value)) return false;
    if (component >= 3) rotation += value * value;
  }
  return rotation > 1e-18;
}

/** Whether two rows hold the same numbers: a held pose. */
export function isSamePose(poses: ArrayLike<number>, a: number, b: number): boolean {
  for (let component = 0; component < POSE_COMPONENTS; component++) {
    if (poses[a * POSE_COMPONENTS + component] !== poses[b * POSE_COMPONENTS + component]) return false;
  }
  return true;
}

function distance(poses: ArrayLike<number>, a: number, b: number): number {
  const at = (index: number, component: number) => poses[index * POSE_COMPONENTS + component] as number;
  return Math.hypot(at(a, 0) - at(b, 0), at(a, 1) - at(b, 1), at(a, 2) - at(b, 2));
}
