/** Numbers by step, fitted to the steps there are. */
export interface StepRows {
  /** (steps × columns), row by row. NaN where nothing was recorded, or where the file holds an infinite value. */
  values: Float64Array;
  columns: number;
  /** Rows the file holds. */
  rows: number;
  nan: BadValues;
  infinite: BadValues;
}

export interface BadValues {
  count: number;
  /** First step with one; -1 where there is none. */
  first: number;
}

/** An array of any shape with the steps along its first axis; the other axes become columns. */
export function fitRows(shape: readonly number[], data: Float64Array, steps: number): StepRows {
  const rows = shape[0] ?? 0;
  const columns = shape.slice(1).reduce((product, size) => product * size, 1);
  const values = new Float64Array(steps * columns).fill(Number.NaN);
  values.set(data.subarray(0, Math.min(rows, steps) * columns));
  const nan = { count: 0, first: -1 };
  const infinite = { count: 0, first: -1 };
  for (let i = 0; i < Math.min(data.length, values.length); i++) {
    const value = values[i] as number;
    if (Number.isFinite(value)) continue;
    const bad = Number.isNaN(value) ? nan : infinite;
    if (bad.count++ === 0) bad.first = Math.floor(i / columns);
    values[i] = Number.NaN;
  }
  return { values, columns, rows, nan, infinite };
}

/** "3 NaN and 1 infinite values, the first at step 12"; null where all are finite. */
export function badValuesText({ nan, infinite }: Pick<StepRows, 'nan' | 'infinite'>): string | null {
  const parts = [nan.count > 0 ? `${nan.count} NaN` : '', infinite.count > 0 ? `${infinite.count} infinite` : ''];
  const told = parts.filter(Boolean).join(' and ');
  if (told === '') return null;
  const first = Math.min(...[nan, infinite].filter(({ count }) => count > 0).map((bad) => bad.first));
  const total = nan.count + infinite.count;
  return `${told} value${total === 1 ? '' : 's'}, the first at step ${first}`;
}

/** Poses (steps × 7) x y z qx qy qz qw out of columns of positions and quaternions. */
export function posesOf(
  steps: number,
  position: { values: Float64Array; columns: number; at: number },
  quaternion: { values: Float64Array; columns: number; at: number },
  order: 'wxyz' | 'xyzw',
): Float64Array {
  const poses = new Float64Array(steps * 7);
  const from = order === 'wxyz' ? [1, 2, 3, 0] : [0, 1, 2, 3];
  for (let step = 0; step < steps; step++) {
    for (let axis = 0; axis < 3; axis++) {
      poses[step * 7 + axis] = position.values[step * position.columns + position.at + axis] as number;
    }
    from.forEach((component, at) => {
      poses[step * 7 + 3 + at] = quaternion.values[step * quaternion.columns + quaternion.at + component] as number;
    });
  }
  return poses;
}

/** The quaternion whose length is furthest from 1, and how many are further than `tolerance`; NaN rows are left out. */
export function worstQuaternion(
  { values, columns, at }: { values: Float64Array; columns: number; at: number },
  tolerance: number,
): { step: number; length: number; count: number } {
  const worst = { step: -1, length: 1, count: 0 };
  for (let step = 0; step * columns < values.length; step++) {
    const start = step * columns + at;
    const length = Math.hypot(...values.subarray(start, start + 4));
    if (Number.isNaN(length)) continue;
    if (Math.abs(length - 1) > tolerance) worst.count++;
    if (worst.step < 0 || Math.abs(length - 1) > Math.abs(worst.length - 1)) Object.assign(worst, { step, length });
  }
  return worst;
}
