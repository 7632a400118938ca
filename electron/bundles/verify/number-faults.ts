import type { ExpectedNumbers } from './expected-unit.ts';

/**
 * Numbers of a unit as they are stored, row by row: of as many components as are named, none of them missing, and, where the
 * recording is at hand, exactly those that it holds at each frame's tick. The first difference of each feature is told.
 *
 * @param stored by feature, a list a row (a single number where there is one component)
 * @param named components by feature
 * @param ticks of the recording, one a row
 * @param precision what the target makes of a number when it stores it
 */
export function numberFaults(
  stored: ReadonlyMap<string, ArrayLike<unknown>>,
  named: ReadonlyMap<string, readonly string[]>,
  ticks: readonly number[],
  expected: ReadonlyMap<string, ExpectedNumbers> | null,
  precision: (value: number) => number,
): string[] {
  const faults: string[] = [];
  for (const [key, rows] of stored) {
    const names = named.get(key) ?? [];
    const truth = expected?.get(key);
    if (expected && !truth) faults.push(`${key} is nothing that its recording holds.`);
    if (truth && names.join('\n') !== truth.names.join('\n')) {
      faults.push(`${key} names other components than its recording has.`);
      continue;
    }
    for (const [row, tick] of ticks.entries()) {
      const cell = rows[row];
      const values: readonly unknown[] =
        Array.isArray(cell) || ArrayBuffer.isView(cell) ? Array.from(cell as ArrayLike<unknown>) : [cell];
      const wanted = truth?.at(tick);
      if (values.length !== names.length)
        faults.push(`${key} has ${values.length} numbers in row ${row}, and ${names.length} names.`);
      else {
        const at = values.findIndex(
          (value, n) =>
            typeof value !== 'number' ||
            !Number.isFinite(value) ||
            (wanted !== undefined && value !== precision(wanted[n] as number)),
        );
        if (at < 0) continue;
        const should = wanted
          ? `its recording says ${precision(wanted[at] as number)} at tick ${tick}`
          : 'no loader takes that';
        faults.push(`${names[at] ?? key} is ${values[at]} in row ${row}, and ${should}.`);
      }
      break;
    }
  }
  for (const key of expected?.keys() ?? [])
    if (!stored.has(key)) faults.push(`${key}, which its recording holds, is not in it.`);
  return faults;
}
