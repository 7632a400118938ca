import type { Problem, Series } from '../../../shared/episode/episode.ts';
import { inWords } from '../common/hdf5-pictures.ts';
import { columnNames, plainSeries } from '../common/hdf5-steps.ts';
import { badValuesText, fitRows } from '../common/step-rows.ts';
import { BrokenExample, type Elements, type ExampleReader, type Feature } from './example.ts';
import type { Leaf } from './features.ts';
import { arrayBytes, putNumbers, unpackArray, valuesOf } from './tensors.ts';

export const STEPS = 'steps';
/** More columns than a plot can tell apart: embeddings, flattened pictures. */
const MAX_COLUMNS = 256;
/** All numbers of an episode together. */
const MAX_NUMBERS = 16 * 2 ** 20;

/** Numbers of a feature by step, before it is known how many steps there are. */
export interface Numbers {
  leaf: Leaf;
  data: Float64Array;
  /** Of one step; null where the shape leaves it open. */
  columns: number | null;
}

/** Why a feature of numbers is not plotted, as one clause; null where it is. */
export function notPlotted(leaf: Leaf): string | null {
  const open = leaf.shape.filter((length) => length < 0).length;
  if (open > 1) return 'several axes have no fixed length';
  if (leaf.encoding !== 'none') {
    if (open > 0) return 'arrays stored as bytes without a fixed shape';
    if (arrayBytes(leaf) === null) return `arrays of ${leaf.dtype || 'no type'} stored as bytes`;
  }
  const columns = valuesOf(leaf.shape.filter((length) => length >= 0));
  if (columns === 0) return 'no value a step';
  if (leaf.dtype === 'uint8' && leaf.shape.length === 3) return 'pixels stored number by number: declare an Image';
  return columns > MAX_COLUMNS ? `${columns} values a step, where at most ${MAX_COLUMNS} are plotted` : null;
}

/** Reads features of numbers, as far as a plot needs them. */
export class NumbersReader {
  #total = 0;

  constructor(private readonly reader: ExampleReader) {}

  /** Throws BrokenExample with one clause. */
  async read(leaf: Leaf, feature: Feature): Promise<Numbers> {
    const data = leaf.encoding === 'none' ? await this.reader.numbers(feature) : await this.#ofArrays(leaf, feature);
    this.#total += data.length;
    if (this.#total > MAX_NUMBERS)
      throw new BrokenExample(`with it the episode holds more than ${MAX_NUMBERS} numbers`);
    return { leaf, data, columns: leaf.shape.some((length) => length < 0) ? null : valuesOf(leaf.shape) };
  }

  async #ofArrays(leaf: Leaf, feature: Feature): Promise<Float64Array> {
    const elements = await this.reader.elements(feature);
    const columns = valuesOf(leaf.shape);
    const expected = arrayBytes(leaf) ?? 0;
    if (elements.count * columns > MAX_NUMBERS) throw new BrokenExample(`it holds ${elements.count * columns} numbers`);
    const values = new Float64Array(elements.count * columns);
    for (let row = 0; row < elements.count; row++) {
      const stored = await this.reader.element(elements, row, storedLimit(expected));
      putNumbers(unpackArray(wholeElement(stored, elements, row), leaf, expected), leaf, values, row * columns);
    }
    return values;
  }
}

/** Packed numbers may grow a little. */
export function storedLimit(expected: number): number {
  return expected + (expected >> 3) + 64;
}

export function wholeElement(stored: Uint8Array, { lengths }: Elements, row: number): Uint8Array {
  if (stored.length === lengths[row]) return stored;
  throw new BrokenExample(`value ${row} has ${lengths[row]} bytes, more than its array can take`);
}

/** How many steps these numbers are of; NaN where they are no whole rows. */
export function rowsOf({ data, columns }: Numbers, steps: number): number {
  return columns === null ? (data.length % Math.max(1, steps) === 0 ? steps : Number.NaN) : data.length / columns;
}

export interface FoundSeries {
  series: Series;
  values: Float64Array;
  problems: Problem[];
}

/** The series of a feature, with a row for every step; null where the episode has no room for a column. */
export function seriesOf(numbers: Numbers, steps: number, where: string): FoundSeries | null {
  const { leaf, data } = numbers;
  const rows = rowsOf(numbers, steps);
  const columns = numbers.columns ?? Math.floor(data.length / Math.max(1, steps));
  if (columns === 0 || columns > MAX_COLUMNS) return null;
  const problems: Problem[] = [];
  const tell = (code: string, what: string) =>
    problems.push({ severity: 'error', code, message: `${where}: ${leaf.key} ${what}`, stream: leaf.name });
  if (!Number.isInteger(rows)) {
    const shape = leaf.shape.map((length) => (length < 0 ? '?' : length)).join(' × ') || 'one';
    tell(
      'shape-mismatch',
      `holds ${data.length} values, no whole rows of ${shape}: correct its shape in features.json.`,
    );
  } else if (rows !== steps) {
    const rest = rows > steps ? 'the surplus is left out' : 'the rest is empty';
    tell('count-mismatch', `has ${rows} rows for ${steps} steps, so ${rest}: write the episode anew.`);
  }
  const whole = Math.floor(data.length / columns);
  const fitted = fitRows([whole, columns], data.subarray(0, whole * columns), steps);
  const bad = badValuesText(fitted);
  if (bad) {
    tell('not-finite', `holds ${bad}: nothing is drawn there; cut these steps or mend them before training.`);
  }
  return { series: describe(leaf, columns, steps), values: fitted.values, problems };
}

function describe(leaf: Leaf, columns: number, steps: number): Series {
  const isObservation = leaf.name.startsWith('observation/');
  const isAction = /(^|\/)action/.test(leaf.name);
  const words = inWords(isObservation ? leaf.name.slice('observation/'.length) : leaf.name.replaceAll('/', ': '));
  const own = leaf.name.slice(leaf.name.lastIndexOf('/') + 1);
  return plainSeries({
    id: leaf.name,
    name: words,
    group: words,
    role: isAction ? 'action' : isObservation ? 'state' : 'other',
    unit: /(^|_)joint_pos(ition)?s?$/.test(own) ? 'rad' : '',
    components: componentsOf(own, words, columns),
    count: steps,
    clock: STEPS,
  });
}

/** Names that datasets give the same columns everywhere; else numbers. */
function componentsOf(own: string, words: string, columns: number): string[] {
  if (/^cartesian_(position|velocity)$/.test(own) && columns === 6) return ['x', 'y', 'z', 'roll', 'pitch', 'yaw'];
  if (/^joint_(position|velocity|torque)s?$/.test(own) && columns > 1) {
    return Array.from({ length: columns }, (_, joint) => `joint ${joint + 1}`);
  }
  return columnNames(words, columns);
}
