import { MathUtils, type PerspectiveCamera, Vector3 } from 'three';
import type { UpAxis } from '../../../shared/geometry/pose.ts';

/** Room for a body's axes around where it is, metres. */
const AROUND_M = 0.05;
const ROUNDS = 12;

/**
 * Puts a camera (its aspect set) on the operator's side and above, as near as all points are still in sight.
 * Answers what it looks at. At least one point.
 */
export function framePoints(camera: PerspectiveCamera, points: readonly Vector3[], upAxis: UpAxis): Vector3 {
  const towards = (upAxis === 'y' ? new Vector3(0.35, 0.6, 1) : new Vector3(0.35, -1, 0.6)).normalize();
  camera.up.set(0, upAxis === 'y' ? 1 : 0, upAxis === 'y' ? 0 : 1);
  const right = new Vector3().crossVectors(camera.up, towards).normalize();
  const above = new Vector3().crossVectors(towards, right);
  const tall = Math.tan(MathUtils.degToRad(camera.fov / 2));
  const wide = tall * camera.aspect;
  const target = new Vector3();
  for (const point of points) target.addScaledVector(point, 1 / points.length);
  let distance = 0.2;
  const offset = new Vector3();
  // What is near looks larger: the middle of the picture and the distance are found together, in a few rounds.
  for (let round = 0; round < ROUNDS; round += 1) {
    distance = 0.2;
    for (const point of points) {
      offset.copy(point).sub(target);
      const across = (Math.abs(offset.dot(right)) + AROUND_M) / wide;
      const up = (Math.abs(offset.dot(above)) + AROUND_M) / tall;
      distance = Math.max(distance, Math.max(across, up) + offset.dot(towards));
    }
    const extent = { left: 0, right: 0, low: 0, high: 0 };
    for (const point of points) {
      offset.copy(point).sub(target);
      const depth = distance - offset.dot(towards);
      const x = offset.dot(right) / depth;
      const y = offset.dot(above) / depth;
      extent.left = Math.min(extent.left, x);
      extent.right = Math.max(extent.right, x);
      extent.low = Math.min(extent.low, y);
      extent.high = Math.max(extent.high, y);
    }
    if (round === ROUNDS - 1) break;
    target.addScaledVector(right, ((extent.left + extent.right) / 2) * distance);
    target.addScaledVector(above, ((extent.low + extent.high) / 2) * distance);
  }
  camera.position.copy(target).addScaledVector(towards, distance);
  camera.lookAt(target);
  camera.updateProjectionMatrix();
  return target;
}
