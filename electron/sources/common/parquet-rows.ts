import type { SchemaTree } from 'hyparquet';
import { boundedCompressors } from './parquet-compressors.ts';
import type { ColumnMetaData, ParquetPage } from './parquet-pages.ts';

/** Pages of a chunk that hold rows [from, to), and the row that the first of them begins with. */
export interface RowPages {
  pages: ParquetPage[];
  firstRow: number;
  rows: number;
}

/**
 * Which pages of a column hold the wanted rows. Lists leave it to each page's repetition levels where its rows begin, so
 * pages up to the last wanted one are unpacked, but only their levels read: far cheaper than making lists of all rows.
 * Null where that cannot be told (a row that goes on in the next page, an encoding of old): then all are decoded.
 */
export function pagesOfRows(
  path: readonly SchemaTree[],
  meta: ColumnMetaData,
  pages: readonly ParquetPage[],
  read: (start: number, length: number) => Uint8Array,
  from: number,
  to: number,
): RowPages | null {
  const repetitions = path.filter(({ element }) => element.repetition_type === 'REPEATED').length;
  const found: RowPages = { pages: [], firstRow: 0, rows: 0 };
  let row = 0;
  for (const page of pages) {
    if (page.isDictionary) continue;
    if (row >= to) break;
    const bytes = () => read(page.start, page.end - page.start);
    const rows = repetitions === 0 ? page.values : (page.rows ?? rowsOfPage(page, bytes(), meta, repetitions));
    if (rows === null) return null;
    if (row + rows > from) {
      if (found.pages.length === 0) found.firstRow = row;
      found.pages.push(page);
      found.rows += rows;
    }
    row += rows;
  }
  return row >= to ? found : null;
}

/** Rows that begin in a page, from its repetition levels; null where its first value goes on a row of the page before. */
function rowsOfPage(page: ParquetPage, bytes: Uint8Array, meta: ColumnMetaData, repetitions: number): number | null {
  const packed = bytes.subarray(page.headerBytes);
  const unpack = boundedCompressors[meta.codec];
  if (meta.codec !== 'UNCOMPRESSED' && !unpack) return null;
  const data = meta.codec === 'UNCOMPRESSED' ? packed : unpack?.(packed, page.unpackedBytes);
  if (!data || data.length < 4) return null;
  const levelBytes = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  if (levelBytes > data.length - 4) return null;
  return zeroLevels(data.subarray(4, 4 + levelBytes), 32 - Math.clz32(repetitions), page.values);
}

/** Levels that are 0, in parquet's hybrid of runs and packed bits; null where the first is not, or they do not add up. */
function zeroLevels(levels: Uint8Array, bitWidth: number, total: number): number | null {
  let zeros = 0;
  let done = 0;
  let at = 0;
  const take = (level: number, amount: number): boolean => {
    if (done === 0 && level !== 0) return false;
    if (level === 0) zeros += amount;
    done += amount;
    return true;
  };
  while (done < total) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = levels[at++];
      if (byte === undefined || shift > 28) return null;
      header |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) break;
    }
    if ((header & 1) === 0) {
      const level = levels[at++];
      const amount = Math.min(header >>> 1, total - done);
      if (level === undefined || amount === 0 || !take(level, amount)) return null;
      continue;
    }
    const end = at + (header >>> 1) * bitWidth;
    if (end > levels.length || end === at) return null;
    let bits = 0;
    let held = 0;
    while (at < end) {
      bits |= (levels[at++] as number) << held;
      held += 8;
      for (; held >= bitWidth && done < total; held -= bitWidth) {
        if (!take(bits & ((1 << bitWidth) - 1), 1)) return null;
        bits >>>= bitWidth;
      }
    }
  }
  return zeros;
}
