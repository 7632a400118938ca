/**
 * Poses as the recordings hold them: (x, y, z, qx, qy, qz, qw), metres, quaternion scalar last. The order is part of
 * the type: nothing here accepts a scalar-first quaternion.
 */
export type QuaternionXyzw = readonly [x: number, y: number, z: number, w: number];
export type Vector3 = readonly [x: number, y: number, z: number];

export interface Pose {
  /** Metres, in the motion-capture frame. */
  position: Vector3;
  /** Unit length. */
  rotation: QuaternionXyzw;
}

export const POSE_COMPONENTS = 7;
const FIRST_OF_ROTATION = 3;

/** A quaternion shorter than this, or a pose nearer to all-zero, means the body was never tracked. */
const NEVER_TRACKED = 1e-9;

/**
 * Reads sample `index` of an (N × 7) pose array, quaternion normalised. Undefined when the row is missing, not finite,
 * has no rotation or is all zero: such a body is not drawn.
 */
export function poseAt(poses: ArrayLike<number>, index = 0): Pose | undefined {
  const length = rotationLength(poses, index);
  if (!(length >= NEVER_TRACKED)) return undefined;
  const start = index * POSE_COMPONENTS;
  const at = (component: number) => poses[start + component] as number;
  return {
    position: [at(0), at(1), at(2)],
    rotation: [at(3) / length, at(4) / length, at(5) / length, at(6) / length],
  };
}

/** Whether sample `index` holds a pose at all, by the rule of `poseAt` and without making one: trails ask thousands of times a second. */
export function isTrackedAt(poses: ArrayLike<number>, index: number): boolean {
  return rotationLength(poses, index) >= NEVER_TRACKED;
}

/** Length of the quaternion of a sample; NaN when the row is missing or not finite. */
function rotationLength(poses: ArrayLike<number>, index: number): number {
  const start = index * POSE_COMPONENTS;
  if (index < 0 || start + POSE_COMPONENTS > poses.length) return Number.NaN;
  let squares = 0;
  for (let component = 0; component < POSE_COMPONENTS; component += 1) {
    const value = poses[start + component] as number;
    if (!Number.isFinite(value)) return Number.NaN;
    if (component >= FIRST_OF_ROTATION) squares += value * value;
  }
  return Math.sqrt(squares);
}

/** Turns a vector by a unit quaternion. */
export function rotate(q: QuaternionXyzw, v: Vector3): Vector3 {
  const [qx, qy, qz, qw] = q;
  const [vx, vy, vz] = v;
  const tx = 2 * (qy * vz - qz * vy);
  const ty = 2 * (qz * vx - qx * vz);
  const tz = 2 * (qx * vy - qy * vx);
  return [vx + qw * tx + qy * tz - qz * ty, vy + qw * ty + qz * tx - qx * tz, vz + qw * tz + qx * ty - qy * tx];
}

/** The rotation that undoes a unit quaternion. */
export function conjugate(q: QuaternionXyzw): QuaternionXyzw {
  return [-q[0], -q[1], -q[2], q[3]];
}

/** First `second`, then `first`: rotate(multiply(a, b), v) equals rotate(a, rotate(b, v)). */
export function multiply(first: QuaternionXyzw, second: QuaternionXyzw): QuaternionXyzw {
  const [ax, ay, az, aw] = first;
  const [bx, by, bz, bw] = second;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/** Angle between two unit quaternions in radians, 0…π; q and −q are the same rotation. */
export function angleBetween(a: QuaternionXyzw, b: QuaternionXyzw): number {
  const dot = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]);
  return 2 * Math.acos(Math.min(1, dot));
}

/** Rotation by `radians` about an axis of any length but zero. */
export function aboutAxis(axis: Vector3, radians: number): QuaternionXyzw {
  const length = Math.hypot(...axis);
  const sine = Math.sin(radians / 2) / length;
  return [axis[0] * sine, axis[1] * sine, axis[2] * sine, Math.cos(radians / 2)];
}

/** Unit quaternion of a right-handed orthonormal basis given by its columns (where x, y and z go). */
export function fromBasis(x: Vector3, y: Vector3, z: Vector3): QuaternionXyzw {
  const [m00, m10, m20] = x;
  const [m01, m11, m21] = y;
  const [m02, m12, m22] = z;
  const trace = m00 + m11 + m22;
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1);
    return [(m21 - m12) / s, (m02 - m20) / s, (m10 - m01) / s, s / 4];
  }
  if (m00 > m11 && m00 > m22) {
    const s = 2 * Math.sqrt(1 + m00 - m11 - m22);
    return [s / 4, (m01 + m10) / s, (m02 + m20) / s, (m21 - m12) / s];
  }
  if (m11 > m22) {
    const s = 2 * Math.sqrt(1 + m11 - m00 - m22);
    return [(m01 + m10) / s, s / 4, (m12 + m21) / s, (m02 - m20) / s];
  }
  const s = 2 * Math.sqrt(1 + m22 - m00 - m11);
  return [(m02 + m20) / s, (m12 + m21) / s, s / 4, (m10 - m01) / s];
}

export type UpAxis = 'y' | 'z';

/** Y-up to Z-up is (x, y, z) → (x, −z, y), a quarter turn about x; the other way is its inverse. */
export function changeUpAxis(v: Vector3, from: UpAxis, to: UpAxis): Vector3 {
  if (from === to) return v;
  return from === 'y' ? [v[0], -v[2], v[1]] : [v[0], v[2], -v[1]];
}

/** The same pose seen from a frame with the other axis up. */
export function changePoseUpAxis(pose: Pose, from: UpAxis, to: UpAxis): Pose {
  if (from === to) return pose;
  const turn = aboutAxis([1, 0, 0], from === 'y' ? Math.PI / 2 : -Math.PI / 2);
  return { position: changeUpAxis(pose.position, from, to), rotation: multiply(turn, pose.rotation) };
}
