import type { SchemaElement } from 'hyparquet';
import { ByteWriter, type ColumnSource, parquetWrite } from 'hyparquet-writer';

/** One column to write. Lists of any depth are nested arrays; null leaves a cell empty. */
export interface TableColumn {
  name: string;
  type: 'float32' | 'float64' | 'int64' | 'bool' | 'string';
  /** 0 for one value a row, 1 for lists … */
  listDepth?: number;
  /** One entry a row; numbers become 64-bit integers where the type says so. */
  cells: readonly unknown[];
}

export interface TableOptions {
  /** Rows of each row group; the last goes on. Default: one group. */
  groupRows?: number[];
  keyValues?: Record<string, string>;
}

const ELEMENTS: Record<TableColumn['type'], Pick<SchemaElement, 'type' | 'converted_type'>> = {
  float32: { type: 'FLOAT' },
  float64: { type: 'DOUBLE' },
  int64: { type: 'INT64' },
  bool: { type: 'BOOLEAN' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

/** A whole parquet file (snappy), with lists as Arrow writes them: list, then element. */
export function parquetTable(columns: readonly TableColumn[], options: TableOptions = {}): Uint8Array {
  const schema: SchemaElement[] = [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(elementsOf)];
  const columnData = columns.map((column) => ({ name: column.name, data: cellsOf(column) })) as ColumnSource[];
  const writer = new ByteWriter();
  const rows = columns[0]?.cells.length ?? 0;
  parquetWrite({
    writer,
    columnData,
    schema,
    rowGroupSize: options.groupRows ?? Math.max(1, rows),
    kvMetadata: Object.entries(options.keyValues ?? {}).map(([key, value]) => ({ key, value })),
    createdBy: 'regrasp',
  });
  return new Uint8Array(writer.getBuffer());
}

function elementsOf({ name, type, listDepth = 0 }: TableColumn): SchemaElement[] {
  const elements: SchemaElement[] = [];
  for (let depth = 0; depth < listDepth; depth++) {
    const own = depth === 0 ? name : 'element';
    elements.push({ name: own, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' });
    elements.push({ name: 'list', repetition_type: 'REPEATED', num_children: 1 });
  }
  elements.push({ name: listDepth === 0 ? name : 'element', repetition_type: 'OPTIONAL', ...ELEMENTS[type] });
  return elements;
}

function cellsOf({ type, cells }: TableColumn): unknown[] {
  if (type !== 'int64') return [...cells];
  const integer = (cell: unknown): unknown =>
    typeof cell === 'number' ? BigInt(cell) : Array.isArray(cell) ? cell.map(integer) : cell;
  return cells.map(integer);
}
