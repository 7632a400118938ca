import { type FileMetaData, parquetScan, type RowGroup, type SchemaElement } from 'hyparquet';
import { SourceFault } from '../source.ts';
import { boundedCompressors } from './parquet-compressors.ts';
import { type ColumnMetaData, damaged, type ParquetPage } from './parquet-pages.ts';

/** Pages cut out of a chunk. */
export interface CutPages {
  meta: ColumnMetaData;
  /** Bytes of the dictionary pages, then of the data pages. */
  parts: Uint8Array[];
  dictionaries: number;
  pages: readonly ParquetPage[];
  rows: number;
}

/** As every parquet file begins; offsets of 0 would mean "none". */
const LEAD_BYTES = 4;

/** Stamps become Unix seconds; hyparquet would make dates of them, to the millisecond. */
const parsers = {
  timestampFromMilliseconds: (value: bigint) => (value === undefined ? value : Number(value) / 1e3),
  timestampFromMicroseconds: (value: bigint) => (value === undefined ? value : Number(value) / 1e6),
  timestampFromNanoseconds: (value: bigint) => (value === undefined ? value : Number(value) / 1e9),
};

/** Some pages alone: dictionary and pages are put behind each other as if they were a file of one column. */
export async function decodePages(
  base: FileMetaData,
  schema: SchemaElement[],
  { meta, parts, dictionaries, pages, rows }: CutPages,
  column: string,
  from: number,
  to: number,
  where: string,
): Promise<ArrayLike<unknown>> {
  const lead = LEAD_BYTES;
  const bytes = joined([new Uint8Array(lead), ...parts]);
  const dictionaryBytes = parts.slice(0, dictionaries).reduce((sum, { length }) => sum + length, 0);
  const { dictionary_page_offset: _, ...rest } = meta;
  const chunk: ColumnMetaData = {
    ...rest,
    num_values: BigInt(pages.reduce((sum, { values }) => sum + values, 0)),
    total_compressed_size: BigInt(bytes.length - lead),
    data_page_offset: BigInt(lead + dictionaryBytes),
    ...(dictionaries > 0 ? { dictionary_page_offset: BigInt(lead) } : {}),
  };
  const rowGroup: RowGroup = {
    columns: [{ file_offset: 0n, meta_data: chunk }],
    total_byte_size: 0n,
    num_rows: BigInt(rows),
  };
  const metadata: FileMetaData = { ...base, schema, num_rows: rowGroup.num_rows, row_groups: [rowGroup] };
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end?: number) => exactBuffer(bytes.subarray(start, end)),
  };
  return decode(file, metadata, column, from, to, where);
}

export async function decode(
  file: { byteLength: number; slice(start: number, end?: number): ArrayBuffer },
  metadata: FileMetaData,
  column: string,
  from: number,
  to: number,
  where: string,
): Promise<ArrayLike<unknown>> {
  let values: ArrayLike<unknown>;
  try {
    const scan = await parquetScan({
      file,
      metadata,
      columns: [column],
      compressors: boundedCompressors,
      parsers,
      geoparquet: false,
      utf8: false,
      useOffsetIndex: false,
    });
    values = await scan.readColumn({ column, rowStart: from, rowEnd: to });
  } catch (error) {
    if (error instanceof SourceFault) throw new SourceFault(error.code, `${where}: ${error.message}.`);
    throw damaged(where, 'cannot be decoded');
  }
  if (values.length !== to - from) throw damaged(where, `holds ${values.length} rows of ${to - from}`);
  return values;
}

/** The bytes alone, in a buffer of their own length. */
export function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.byteLength === bytes.byteLength && bytes.buffer instanceof ArrayBuffer
    ? bytes.buffer
    : (bytes.slice().buffer as ArrayBuffer);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
