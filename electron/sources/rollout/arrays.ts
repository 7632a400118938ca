import type { Problem } from '../../../shared/episode/episode.ts';
import type { Npz, NpzArray } from '../common/npz.ts';
import { badValuesText, fitRows, type StepRows } from '../common/step-rows.ts';
import { type OpenFile, SourceFault } from '../source.ts';

/** Arrays of a trajectory, found by their shapes and the ends of their names. */
export interface RolloutArrays {
  /** T: the rows that most arrays share. */
  steps: number;
  /** By name, as in the file. Rows are fitted to the steps. */
  byStep: ReadonlyMap<string, StepRows & { dtype: string; shape: readonly number[] }>;
  /** Plain facts of the file: scalars and texts. */
  scalars: ReadonlyMap<string, number | string>;
  /** Everything that is there, for people: "300 × 3 float64". */
  shapes: Record<string, string>;
  problems: Problem[];
}

/** A value has more columns than a plot can tell apart: pictures, features. */
const MAX_COLUMNS = 64;
/** All numbers of a recording together. */
const MAX_TOTAL_VALUES = 32 * 2 ** 20;
const MAX_TEXTS = 16;
const KNOWN = /^(step|reward|raw_action)$|_(pos|quat|ms)$/;

export async function readArrays(file: OpenFile, npz: Npz): Promise<RolloutArrays> {
  const problems: Problem[] = [];
  const steps = stepsOf(npz.arrays);
  const byStep = new Map<string, StepRows & { dtype: string; shape: readonly number[] }>();
  const scalars = new Map<string, number | string>();
  let total = 0;
  for (const array of npz.arrays) {
    try {
      if (array.fault) throw new SourceFault(array.fault.code, array.fault.message);
      if (array.dtype === 'text') await readText(array);
      else if (isScalar(array)) scalars.set(array.name, (await npz.numbers(array.name)).data[0] as number);
      else if (isByStep(array)) await readRows(array);
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      problems.push({ severity: 'error', code: error.code, message: error.message, stream: array.name });
    }
  }
  return { steps, byStep, scalars, shapes: Object.fromEntries(npz.arrays.map(described)), problems };

  async function readText(array: NpzArray): Promise<void> {
    const count = array.shape.reduce((product, size) => product * size, 1);
    if (count <= MAX_TEXTS) scalars.set(array.name, (await npz.texts(array.name)).join(', ').slice(0, 1000));
  }

  /** One row a step; or a known array with too few or too many rows, of which the problem tells. */
  function isByStep({ name, shape }: NpzArray): boolean {
    const columns = shape.slice(1).reduce((product, size) => product * size, 1);
    return columns > 0 && columns <= MAX_COLUMNS && steps > 0 && (shape[0] === steps || KNOWN.test(name));
  }

  async function readRows({ name, dtype }: NpzArray): Promise<void> {
    const where = `${file.name}: ${name}`;
    const { shape, data } = await npz.numbers(name);
    total += data.length;
    if (total > MAX_TOTAL_VALUES) {
      throw new SourceFault('too-large', `${where} is left out: the arrays together hold more numbers than are read.`);
    }
    const rows = fitRows(shape, data, steps);
    byStep.set(name, { ...rows, dtype, shape });
    if (rows.rows !== steps) {
      const surplus = rows.rows > steps ? 'the surplus is left out' : 'the rest is empty';
      const message = `${where} has ${rows.rows} rows for ${steps} steps; ${surplus}.`;
      problems.push({ severity: 'error', code: 'count-mismatch', message, stream: name });
    }
    const bad = badValuesText(rows);
    if (bad) {
      const message = `${where} holds ${bad}: nothing is drawn there; look what the simulation or policy did.`;
      problems.push({ severity: 'warning', code: 'not-finite', message, stream: name });
    }
  }
}

function isScalar({ shape, dtype }: NpzArray): boolean {
  return dtype !== 'text' && shape.every((size) => size === 1) && shape.length <= 1;
}

/** Rows of `step` where it is there, else the commonest count of rows; arrays that look like a rollout's count most. */
function stepsOf(arrays: readonly NpzArray[]): number {
  const own = arrays.find(({ name, shape, fault }) => name === 'step' && shape.length === 1 && !fault);
  const votes = new Map<number, number>();
  for (const array of arrays) {
    const rows = array.shape[0];
    if (rows === undefined || array.dtype === 'text' || array.fault || isScalar(array)) continue;
    votes.set(rows, (votes.get(rows) ?? 0) + (KNOWN.test(array.name) ? 10 : 1));
  }
  const best = [...votes].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
  const ownRows = own?.shape[0];
  // A step counter alone against all the rest is the one that is wrong.
  return ownRows !== undefined && (votes.get(ownRows) ?? 0) > 10 ? ownRows : best;
}

function described({ name, shape, dtype, fault }: NpzArray): [string, string] {
  if (fault) return [name, 'not read'];
  return [name, `${shape.length === 0 ? 'one' : shape.join(' × ')} ${dtype}`];
}
