import type { Problem, Series } from '../../../shared/episode/episode.ts';
import { type Hdf5Dataset, type Hdf5Reader, type Hdf5Tree, type OpenFile, SourceFault } from '../source.ts';
import { badValuesText, fitRows, type StepRows } from './step-rows.ts';

/** More columns than a plot can tell apart: features, flattened pictures. */
const MAX_COLUMNS = 256;
/** All numbers of a recording together. */
const MAX_TOTAL_VALUES = 32 * 2 ** 20;
const NUMERIC = /^(u?int(8|16|32|64)|float(16|32|64)|bool)$/;

/** Reads datasets that hold one row a step, fitted to the steps there are, and gathers what is wrong with them. */
export class StepReader {
  readonly problems: Problem[] = [];
  /** Numeric datasets with more columns than are plotted, for people: "states (400 × 3000 float64)". */
  readonly tooWide: string[] = [];
  #total = 0;

  constructor(
    private readonly file: OpenFile,
    private readonly hdf5: Hdf5Reader,
    private readonly tree: Hdf5Tree,
    private readonly steps: number,
  ) {}

  /** Null where there is nothing to plot: absent, not recorded, no numbers, too wide, or unreadable (of which a problem tells). */
  async read(dataset: string): Promise<StepRows | null> {
    const about = this.tree.datasets[dataset];
    if (!about || about.isNull || about.fault || !isRows(about)) return null;
    const columns = columnsOf(about);
    if (columns > MAX_COLUMNS) {
      this.tooWide.push(`${dataset} (${about.shape.join(' × ')} ${about.dtype})`);
      return null;
    }
    try {
      const size = columns * Math.max(about.shape[0] ?? 0, this.steps);
      if (this.#total + size > MAX_TOTAL_VALUES) {
        const message = `${this.file.name}: ${dataset} is left out: the arrays together hold more numbers than are read.`;
        throw new SourceFault('too-large', message);
      }
      this.#total += size;
      const { shape, data } = await this.hdf5.numbers(this.file.path, dataset);
      return this.#fitted(dataset, fitRows(shape, data, this.steps));
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      this.problems.push({ severity: 'error', code: error.code, message: error.message, stream: dataset });
      return null;
    }
  }

  #fitted(dataset: string, rows: StepRows): StepRows {
    const where = `${this.file.name}: ${dataset}`;
    if (rows.rows !== this.steps) {
      const surplus = rows.rows > this.steps ? 'the surplus is left out' : 'the rest is empty';
      const message = `${where} has ${rows.rows} rows for ${this.steps} steps, so ${surplus}: record every array at every step.`;
      this.problems.push({ severity: 'error', code: 'count-mismatch', message, stream: dataset });
    }
    const bad = badValuesText(rows);
    if (bad) {
      const message = `${where} holds ${bad}: nothing is drawn there; cut these steps or mend them before training.`;
      this.problems.push({ severity: 'error', code: 'not-finite', message, stream: dataset });
    }
    return rows;
  }
}

function isRows({ dtype, shape }: Hdf5Dataset): boolean {
  return NUMERIC.test(dtype) && shape.length >= 1 && shape.length <= 3 && shape.slice(1).every((size) => size > 0);
}

function columnsOf({ shape }: Hdf5Dataset): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/** The count of rows that most of these datasets share; of equally common ones that of the first. 0 without any. */
export function commonestRows(tree: Hdf5Tree, datasets: readonly string[]): number {
  const votes = new Map<number, number>();
  for (const dataset of datasets) {
    const { shape = [], isNull } = tree.datasets[dataset] ?? {};
    if (shape[0] !== undefined && !isNull) votes.set(shape[0], (votes.get(shape[0]) ?? 0) + 1);
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** What a series says where the format says no more. */
export function plainSeries(
  about: Pick<Series, 'id' | 'name' | 'group' | 'role' | 'components' | 'count' | 'clock'> & Partial<Series>,
): Series {
  return { unit: '', limits: null, display: 'lines', ...about };
}

/** "0", "1" … for columns that nobody named; the name itself where there is one. */
export function columnNames(name: string, columns: number): string[] {
  return columns === 1 ? [name] : Array.from({ length: columns }, (_, i) => String(i));
}

/** Columns of rows by their numbers, row by row. */
export function pickColumns({ values, columns }: StepRows, chosen: readonly number[]): Float64Array {
  const rows = values.length / columns;
  const picked = new Float64Array(rows * chosen.length);
  for (let row = 0; row < rows; row++) {
    chosen.forEach((column, at) => {
      picked[row * chosen.length + at] = values[row * columns + column] as number;
    });
  }
  return picked;
}
