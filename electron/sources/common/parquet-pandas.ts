import { z } from 'zod';
import type { ParquetFile } from './parquet.ts';

const pandasSchema = z.object({
  index_columns: z.array(z.unknown()),
  columns: z.array(z.object({ name: z.unknown(), field_name: z.unknown() }).partial()).optional(),
});

/**
 * Columns that were the index of the pandas frame a file was written from, by their names in the file. Null: the footer
 * has no (readable) pandas metadata, so what was the index is not said. An index of plain row numbers has no column.
 */
export function pandasIndexColumns(file: Pick<ParquetFile, 'keyValue' | 'column'>): string[] | null {
  const text = file.keyValue('pandas');
  if (text === undefined) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const pandas = pandasSchema.safeParse(parsed);
  if (!pandas.success) return null;
  return pandas.data.index_columns.filter(
    (name): name is string => typeof name === 'string' && file.column(name) !== undefined,
  );
}
