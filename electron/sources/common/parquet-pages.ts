import type { ColumnChunk } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { SourceFault } from '../source.ts';

export type ColumnMetaData = NonNullable<ColumnChunk['meta_data']>;

/** One page of a column chunk, where it lies in its file. */
export interface ParquetPage {
  isDictionary: boolean;
  /** Of the page's header; the page ends at `end`. */
  start: number;
  end: number;
  /** Values as stored; rows of a column that holds no lists. */
  values: number;
  /** What it claims to unpack to. */
  unpackedBytes: number;
  headerBytes: number;
  /** Rows, where the header says; most only count values. */
  rows: number | null;
}

/** A page that claims to unpack to more than this is no page of a recording. */
export const MAX_PAGE_BYTES = 256 * 2 ** 20;
/** Values in one chunk: beyond it the file claims what no recorder writes. */
export const MAX_CHUNK_VALUES = 2 ** 26;
const MAX_PAGES = 1_000_000;
const HEADER_BYTES = 16 * 1024;
/** Headers hold statistics, which may quote a value. */
const LONGEST_HEADER_BYTES = 4 * 2 ** 20;

/** Bytes of the file from `start`, at most `length`; shorter at its end. */
export type ReadAt = (start: number, length: number) => Promise<Uint8Array> | Uint8Array;

/** Where a chunk lies: [start, end) in its file. Rejects what cannot be a place inside a file of so many bytes. */
export function chunkRange(meta: ColumnMetaData, fileBytes: number, where: string): [number, number] {
  const first = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const start = Math.min(first, Number(meta.data_page_offset));
  const end = start + Number(meta.total_compressed_size);
  const inFile =
    Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 4 && end > start && end <= fileBytes;
  if (!inFile) throw damaged(where, 'names bytes beyond its own end');
  return [start, end];
}

/**
 * The pages of a column chunk, by their headers alone, before anything is unpacked: what a header claims must fit the
 * chunk and the limits above, so that a small file cannot make a reader allocate much.
 */
export async function walkPages(
  meta: ColumnMetaData,
  [start, end]: readonly [number, number],
  read: ReadAt,
  where: string,
): Promise<ParquetPage[]> {
  const claimed = Number(meta.num_values);
  if (!(claimed >= 0 && claimed <= MAX_CHUNK_VALUES)) {
    throw new SourceFault('too-large', `${where} claims ${meta.num_values} values in one chunk, so it was not read.`);
  }
  const pages: ParquetPage[] = [];
  let values = 0;
  let at = start;
  while (at < end && values < claimed) {
    const { header, bytes } = await headerAt(read, at, end, where);
    const pageEnd = at + bytes + Number(header.compressed_page_size);
    const size = Number(header.uncompressed_page_size);
    if (!(header.compressed_page_size >= 0 && pageEnd <= end))
      throw damaged(where, 'holds a page that reaches beyond it');
    if (!(size >= 0 && size <= MAX_PAGE_BYTES)) {
      throw new SourceFault('too-large', `${where} claims a page of ${size} bytes, so it was not read.`);
    }
    const data = header.data_page_header ?? header.data_page_header_v2;
    const amount = Number((data ?? header.dictionary_page_header)?.num_values ?? 0);
    if (!(amount >= 0 && amount <= MAX_CHUNK_VALUES)) throw damaged(where, `holds a page of ${amount} values`);
    const rows = header.data_page_header_v2 ? Number(header.data_page_header_v2.num_rows) : null;
    const place = { start: at, end: pageEnd, values: amount, unpackedBytes: size, headerBytes: bytes, rows };
    if (rows !== null && !(rows >= 0 && rows <= amount)) throw damaged(where, `holds a page of ${rows} rows`);
    if (data) {
      pages.push({ isDictionary: false, ...place });
      values += amount;
    } else if (header.dictionary_page_header) {
      // An entry takes at least a bit, so more of them than bits is a lie.
      if (amount > size * 8) throw damaged(where, `holds a dictionary of ${amount} values in ${size} bytes`);
      pages.push({ isDictionary: true, ...place });
    }
    if (pages.length > MAX_PAGES) throw damaged(where, 'holds more pages than make sense');
    at = pageEnd;
  }
  if (values !== claimed) throw damaged(where, `holds ${values} values where ${claimed} are announced`);
  return pages;
}

async function headerAt(read: ReadAt, at: number, end: number, where: string) {
  for (let length = HEADER_BYTES; ; length *= 16) {
    const bytes = await read(at, Math.min(length, end - at));
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
    try {
      const header = parquetHeader(reader);
      return { header, bytes: reader.offset };
    } catch {
      if (length >= end - at || length >= LONGEST_HEADER_BYTES)
        throw damaged(where, 'holds a page header that cannot be read');
    }
  }
}

export function damaged(where: string, what: string): SourceFault {
  return new SourceFault('damaged', `${where} ${what}: the file is damaged, restore it from a copy.`);
}
