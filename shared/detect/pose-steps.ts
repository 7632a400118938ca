/** Poses are (x, y, z, qx, qy, qz, qw), seven numbers a row. */

/** Metres between two rows; NaN where one has none. */
export function distanceBetween(poses: ArrayLike<number>, a: number, b: number): number {
  const x = (poses[b * 7] as number) - (poses[a * 7] as number);
  const y = (poses[b * 7 + 1] as number) - (poses[a * 7 + 1] as number);
  const z = (poses[b * 7 + 2] as number) - (poses[a * 7 + 2] as number);
  return Math.sqrt(x * x + y * y + z * z);
}

/**
 * Radians, 0…π, of the turn between two rows: 2·acos|q·q'| of the unit quaternions, taken through the arctangent, which
 * is exact for small turns where the arccosine makes equal quaternions differ by 3e-8. NaN where one is no rotation.
 */
export function angleBetween(poses: ArrayLike<number>, a: number, b: number): number {
  const lengthA = quaternionLength(poses, a);
  const lengthB = quaternionLength(poses, b);
  if (!(lengthA > 1e-9) || !(lengthB > 1e-9)) return Number.NaN;
  let difference = 0;
  let sum = 0;
  for (let i = 3; i < 7; i++) {
    const of = (poses[a * 7 + i] as number) / lengthA;
    const to = (poses[b * 7 + i] as number) / lengthB;
    difference += (of - to) * (of - to);
    sum += (of + to) * (of + to);
  }
  // q and −q are one rotation: the nearer of both counts.
  return 4 * Math.atan2(Math.sqrt(Math.min(difference, sum)), Math.sqrt(Math.max(difference, sum)));
}

function quaternionLength(poses: ArrayLike<number>, row: number): number {
  let squares = 0;
  for (let i = 3; i < 7; i++) squares += (poses[row * 7 + i] as number) ** 2;
  return Math.sqrt(squares);
}

/** Largest difference of any of the seven numbers of two rows; NaN where one has none. */
export function largestDifference(poses: ArrayLike<number>, a: number, b: number): number {
  let largest = 0;
  for (let i = 0; i < 7; i++) {
    const off = Math.abs((poses[a * 7 + i] as number) - (poses[b * 7 + i] as number));
    if (!(off <= largest)) largest = off;
    if (Number.isNaN(off)) return off;
  }
  return largest;
}
