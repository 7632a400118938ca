/**
 * Rotations about the fixed axes x, y and z, one after the other (SciPy's lower-case "xyz"), in radians, as a quaternion
 * x y z w: R = Rz(yaw) · Ry(pitch) · Rx(roll). NaN stays NaN.
 */
export function quaternionOfEuler(roll: number, pitch: number, yaw: number): [number, number, number, number] {
  const [cosRoll, sinRoll] = [Math.cos(roll / 2), Math.sin(roll / 2)];
  const [cosPitch, sinPitch] = [Math.cos(pitch / 2), Math.sin(pitch / 2)];
  const [cosYaw, sinYaw] = [Math.cos(yaw / 2), Math.sin(yaw / 2)];
  return [
    sinRoll * cosPitch * cosYaw - cosRoll * sinPitch * sinYaw,
    cosRoll * sinPitch * cosYaw + sinRoll * cosPitch * sinYaw,
    cosRoll * cosPitch * sinYaw - sinRoll * sinPitch * cosYaw,
    cosRoll * cosPitch * cosYaw + sinRoll * sinPitch * sinYaw,
  ];
}

/** Poses (rows × 7) x y z qx qy qz qw of rows that begin with x y z and such angles. */
export function posesOfEuler(values: Float64Array, columns: number): Float64Array {
  const rows = values.length / columns;
  const poses = new Float64Array(rows * 7);
  for (let row = 0; row < rows; row++) {
    const [x, y, z, roll, pitch, yaw] = values.subarray(row * columns, row * columns + 6) as unknown as number[];
    const turn = quaternionOfEuler(roll as number, pitch as number, yaw as number);
    poses.set([x as number, y as number, z as number, ...turn], row * 7);
  }
  return poses;
}

/** The inverse, of a unit quaternion x y z w: roll, pitch (−π/2…π/2), yaw. */
export function eulerOfQuaternion(x: number, y: number, z: number, w: number): [number, number, number] {
  const sinPitch = Math.max(-1, Math.min(1, 2 * (w * y - z * x)));
  return [
    Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)),
    Math.asin(sinPitch),
    Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)),
  ];
}
