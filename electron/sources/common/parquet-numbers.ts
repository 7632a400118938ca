/** Cells of a parquet column as one flat array of numbers. */
export interface NumberColumn {
  /** rows × width, row by row. NaN where nothing was recorded. */
  data: Float64Array;
  rows: number;
  /** Numbers a row; 0 when no row holds any. */
  width: number;
  /** Shape of a row as nested: [] for one number, [7] for a list, [2, 3] for lists of lists. */
  shape: number[];
  /** Rows with a null cell, ascending. */
  nullRows: number[];
  /** Rows whose list is not of the shape of the first one, ascending; they are NaN beyond what they hold. */
  raggedRows: number[];
  /** Rows with an infinite value or one that is no number, as recorded. */
  oddRows: number[];
  /** Rows with an integer that a double cannot hold exactly. */
  inexactRows: number[];
}

const MAX_NUMBERS = 2 ** 26;

/** Numbers, booleans (0 and 1) and 64-bit integers, single or in lists of any depth. Null when the cells are nothing of it. */
export function numbersOf(cells: ArrayLike<unknown>): NumberColumn | null {
  const rows = cells.length;
  const sample = Array.prototype.find.call(cells, (cell: unknown) => cell !== null && cell !== undefined) as unknown;
  const shape = shapeOf(sample);
  if (sample !== undefined && leafOf(sample) === null) return null;
  const width = sample === undefined ? 1 : shape.reduce((product, length) => product * length, 1);
  if (rows * width > MAX_NUMBERS) return null;
  const column: NumberColumn = {
    data: new Float64Array(rows * width).fill(Number.NaN),
    rows,
    width,
    shape,
    nullRows: [],
    raggedRows: [],
    oddRows: [],
    inexactRows: [],
  };
  for (let row = 0; row < rows; row++) readRow(column, cells[row], row);
  return column;
}

function readRow(column: NumberColumn, cell: unknown, row: number): void {
  const { data, width, shape } = column;
  let at = 0;
  let hasNull = false;
  let isOdd = false;
  let isInexact = false;
  let isRagged = false;
  const take = (value: unknown, depth: number): void => {
    if (value === null || value === undefined) {
      hasNull = true;
      // A missing list leaves its place empty; a missing number its own.
      at += shape.slice(depth).reduce((product, length) => product * length, 1);
    } else if (isListValue(value)) {
      if (depth >= shape.length || value.length !== shape[depth]) isRagged = true;
      for (let i = 0; i < value.length && at < width; i++) take(value[i], depth + 1);
    } else {
      if (depth !== shape.length) isRagged = true;
      const number = typeof value === 'boolean' ? Number(value) : Number(value as number | bigint);
      if (typeof value === 'bigint' && !Number.isSafeInteger(number)) isInexact = true;
      if (!Number.isFinite(number)) isOdd = true;
      if (at < width) data[row * width + at] = number;
      at++;
    }
  };
  take(cell, 0);
  if (hasNull) column.nullRows.push(row);
  if (isRagged) column.raggedRows.push(row);
  if (isOdd) column.oddRows.push(row);
  if (isInexact) column.inexactRows.push(row);
}

function shapeOf(cell: unknown): number[] {
  const shape: number[] = [];
  for (let at = cell; isListValue(at); at = at[0]) shape.push(at.length);
  return shape;
}

/** A number of the cell; undefined when it holds none to tell by; null when it holds something else. */
function leafOf(cell: unknown): number | bigint | boolean | undefined | null {
  let at = cell;
  while (isListValue(at)) at = Array.prototype.find.call(at, (each: unknown) => each !== null && each !== undefined);
  if (at === undefined || at === null) return undefined;
  return typeof at === 'number' || typeof at === 'bigint' || typeof at === 'boolean' ? at : null;
}

function isListValue(value: unknown): value is ArrayLike<unknown> {
  return (
    Array.isArray(value) ||
    (ArrayBuffer.isView(value) && !(value instanceof Uint8Array) && !(value instanceof DataView))
  );
}
