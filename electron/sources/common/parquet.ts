import {
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type RowGroup,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet';
import { type FileReader, SourceFault } from '../source.ts';
import { decode, decodePages, exactBuffer, joined } from './parquet-decode.ts';
import {
  type ColumnMetaData,
  chunkRange,
  damaged,
  MAX_CHUNK_VALUES,
  type ParquetPage,
  walkPages,
} from './parquet-pages.ts';

import { pagesOfRows } from './parquet-rows.ts';
import { describeColumn, elementsOf, leafPath, type ParquetColumn } from './parquet-schema.ts';

/**
 * Parquet files by ranges: the footer first, then only the row groups and columns that are asked for. Everything a file
 * claims is bounded before memory is taken for it. Rejects with SourceFault, one sentence that names the file.
 */
export interface ParquetFile {
  /** As it was asked for. */
  readonly path: string;
  readonly name: string;
  readonly rowCount: number;
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly ParquetGroup[];
  /** Of the footer's key-value metadata. */
  keyValue(key: string): string | undefined;
  column(name: string): ParquetColumn | undefined;
  /** Decoded cells of rows [from, to): numbers, bigints, strings, bytes, lists, objects; null where nothing is. */
  values(column: string, from?: number, to?: number): Promise<ArrayLike<unknown>>;
  /** Cells of rows [from, to) that are single bytes values, of a column or of one field of a struct; read page by page. */
  cell(column: string, field: string | null, row: number): Promise<Uint8Array | string | null>;
}

export interface ParquetGroup {
  startRow: number;
  rowCount: number;
  /** Smallest and largest value of a flat numeric column, where the file says; else null. */
  range(column: string): { min: number; max: number } | null;
}

const MAX_FOOTER_BYTES = 256 * 2 ** 20;
/** Footers of such lengths are remembered, so many of them. */
const LONG_FOOTER_BYTES = 2 ** 20;
const LONGEST_KEPT_FOOTER_BYTES = 32 * 2 ** 20;
const KEPT_FOOTERS = 2;
const MAX_ROWS = 2 ** 31;
const MAX_CHUNK_BYTES = 512 * 2 ** 20;
/** All pages of a chunk together, unpacked. */
const MAX_UNPACKED_BYTES = 2 ** 30;
const MAX_COLUMNS = 20_000;
/** A row group of so many rows is decoded whole: looking for pages would cost more. */
const FEW_ROWS = 4096;
/** Small reads come out of blocks that are kept, as a table of many small row groups asks for thousands. */
const BLOCK_BYTES = 2 ** 20;
const KEPT_BLOCKS = 8;
/** Decoded picture pages that are kept: frames are asked for one after the other. */
const KEPT_PAGES = 6;
const LARGE_PAGE_BYTES = 32 * 2 ** 20;
const MAGIC = 'PAR1';

/** `name`: what people are told it is called, where several of its name lie in a dataset. */
export async function openParquet(files: FileReader, path: string, name = nameOf(path)): Promise<ParquetFile> {
  const facts = await files.facts(path);
  if (!facts) throw new SourceFault('missing-file', `${name} is not there: restore it from a copy.`);
  const fileBytes = facts.sizeBytes;
  await refuseForeign(files, path, name, fileBytes);
  const slice = async (start: number, end = fileBytes): Promise<ArrayBuffer> =>
    exactBuffer(await files.readRange(path, start, Math.max(0, end - start)));
  const print = `${facts.path} ${fileBytes} ${facts.modifiedMs}`;
  const footer = footers.get(print) ?? (await readFooter(name, fileBytes, slice));
  footers.delete(print);
  const { metadata_length: footerBytes } = footer.metadata;
  if (footerBytes >= LONG_FOOTER_BYTES && footerBytes <= LONGEST_KEPT_FOOTER_BYTES) footers.set(print, footer);
  for (const oldest of footers.keys()) if (footers.size > KEPT_FOOTERS) footers.delete(oldest);
  return new OpenParquet(files, path, name, fileBytes, footer);
}

async function readFooter(
  name: string,
  fileBytes: number,
  slice: (start: number, end?: number) => Promise<ArrayBuffer>,
): Promise<Footer> {
  let metadata: FileMetaData;
  let tree: SchemaTree;
  try {
    metadata = await parquetMetadataAsync({ byteLength: fileBytes, slice }, { geoparquet: false });
    tree = parquetSchema(metadata);
  } catch (error) {
    if (error instanceof SourceFault) throw error;
    throw damaged(name, 'has a footer that cannot be read');
  }
  if (tree.children.length > MAX_COLUMNS) throw damaged(name, `names ${tree.children.length} columns`);
  return { metadata, tree, groups: groupsOf(metadata, name) };
}

interface Footer {
  metadata: FileMetaData;
  tree: SchemaTree;
  groups: readonly GroupOf[];
}

/**
 * Long footers (a table of thousands of small row groups takes seconds to parse), the longest unused first; of a file
 * whose size and time stay. Short ones are read anew each time.
 */
const footers = new Map<string, Footer>();

class OpenParquet implements ParquetFile {
  readonly groups: readonly GroupOf[];
  private readonly metadata: FileMetaData;
  private readonly blocks = new Map<number, Promise<Uint8Array>>();
  readonly rowCount: number;
  readonly columns: readonly ParquetColumn[];
  private readonly byName: ReadonlyMap<string, { column: ParquetColumn; tree: SchemaTree; schema: SchemaElement[] }>;
  private readonly walked = new Map<string, Promise<ParquetPage[]>>();
  private readonly pages = new Map<string, Promise<ArrayLike<unknown>>>();

  constructor(
    private readonly files: FileReader,
    readonly path: string,
    readonly name: string,
    private readonly fileBytes: number,
    { metadata, tree, groups }: Footer,
  ) {
    this.metadata = metadata;
    this.groups = groups;
    this.rowCount = groups.reduce((sum, { rowCount }) => sum + rowCount, 0);
    const known = tree.children.map((child) => ({
      column: describeColumn(child),
      tree: child,
      // One column alone: decoding it must not cost what the width of the whole table costs.
      schema: [{ name: 'root', num_children: 1 }, ...elementsOf(child)],
    }));
    this.columns = known.map(({ column }) => column);
    this.byName = new Map(known.map((each) => [each.column.name, each]));
  }

  keyValue(key: string): string | undefined {
    return this.metadata.key_value_metadata?.find((pair) => pair.key === key)?.value;
  }

  column(name: string): ParquetColumn | undefined {
    return this.byName.get(name)?.column;
  }

  async values(column: string, from = 0, to = this.rowCount): Promise<ArrayLike<unknown>> {
    if (!this.byName.has(column)) throw this.noColumn(column);
    const parts: ArrayLike<unknown>[] = [];
    for (const group of this.groups) {
      const first = Math.max(from, group.startRow);
      const last = Math.min(to, group.startRow + group.rowCount);
      if (first >= last) continue;
      parts.push(await this.groupValues(group, column, first - group.startRow, last - group.startRow));
    }
    if (parts.length === 1) return parts[0] as ArrayLike<unknown>;
    return parts.flatMap((part) => Array.from(part));
  }

  async cell(column: string, field: string | null, row: number): Promise<Uint8Array | string | null> {
    const known = this.byName.get(column);
    const leaf =
      known && (field === null ? known.tree : known.tree.children.find(({ element }) => element.name === field));
    if (!known || !leaf || leaf.children.length > 0 || known.column.listDepth > 0) throw this.noColumn(column);
    const group = this.groups.find(({ startRow, rowCount }) => row >= startRow && row < startRow + rowCount);
    if (!group) throw new SourceFault('corrupt-chunk', `${this.name} has no row ${row}.`);
    const meta = metaOf(group.rowGroup, leaf.path);
    if (!meta) throw this.noColumn(column);
    const where = `${this.name} (${column})`;
    const key = `${this.groups.indexOf(group)}/${leaf.path.join('.')}`;
    const pages = await this.remember(this.walked, key, 64, () =>
      walkPages(meta, chunkRange(meta, this.fileBytes, where), (start, length) => this.readAt(start, length), where),
    );
    let left = row - group.startRow;
    const page = pages.find(({ isDictionary, values }) => {
      if (isDictionary) return false;
      if (left < values) return true;
      left -= values;
      return false;
    });
    if (!page) throw damaged(where, `holds no value for row ${row}`);
    const kept = page.unpackedBytes > LARGE_PAGE_BYTES ? 1 : KEPT_PAGES;
    const cells = await this.remember(this.pages, `${key}/${page.start}`, kept, () =>
      this.pageValues(known.tree, leaf, meta, pages, page, where),
    );
    const value = cells[left];
    return value instanceof Uint8Array || typeof value === 'string' ? value : null;
  }

  private noColumn(column: string): SourceFault {
    return new SourceFault('missing-column', `${this.name} has no column ${column}: write it anew with all columns.`);
  }

  /** Keeps the latest few; what failed is tried again. */
  private remember<K, T>(kept: Map<K, Promise<T>>, key: K, atMost: number, make: () => Promise<T>): Promise<T> {
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    const made = make();
    kept.set(key, made);
    made.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= atMost) break;
      kept.delete(oldest);
    }
    return made;
  }

  /** Bytes from `start`; shorter at the file's end. */
  private async readAt(start: number, length: number): Promise<Uint8Array> {
    const first = Math.floor(start / BLOCK_BYTES);
    const last = Math.floor((start + length - 1) / BLOCK_BYTES);
    if (length <= 0 || last > first + 1) return this.files.readRange(this.path, start, length);
    const parts: Uint8Array[] = [];
    for (let block = first; block <= last; block++) {
      const bytes = await this.remember(this.blocks, block, KEPT_BLOCKS, () =>
        this.files.readRange(this.path, block * BLOCK_BYTES, BLOCK_BYTES),
      );
      const at = block * BLOCK_BYTES;
      parts.push(bytes.subarray(Math.max(0, start - at), Math.max(0, Math.min(BLOCK_BYTES, start + length - at))));
    }
    return parts.length === 1 ? (parts[0] as Uint8Array) : joined(parts);
  }

  private async groupValues(group: GroupOf, column: string, from: number, to: number): Promise<ArrayLike<unknown>> {
    const where = `${this.name} (${column})`;
    const chunks: Chunk[] = [];
    const own = group.rowGroup.columns.flatMap(({ meta_data: meta }) =>
      meta?.path_in_schema[0] === column ? [meta] : [],
    );
    for (const meta of own) {
      chunks.push(await this.readChunk(meta, where));
      if (meta.path_in_schema.length === 1 && Number(meta.num_values) !== group.rowCount) {
        throw damaged(where, `holds ${meta.num_values} values for ${group.rowCount} rows`);
      }
    }
    const known = this.byName.get(column);
    const [only] = chunks;
    if (known && only && chunks.length === 1 && group.rowCount > FEW_ROWS && (to - from) * 2 < group.rowCount) {
      const found = pagesOfRows(leafPath(known.tree), only.meta, only.pages, only.read, from, to);
      if (found) {
        const dictionary = only.pages.filter(({ isDictionary }) => isDictionary);
        const parts = [...dictionary, ...found.pages].map((page) => only.read(page.start, page.end - page.start));
        const cut = { meta: only.meta, parts, dictionaries: dictionary.length, pages: found.pages, rows: found.rows };
        return decodePages(this.metadata, known.schema, cut, column, from - found.firstRow, to - found.firstRow, where);
      }
    }
    const file = {
      byteLength: this.fileBytes,
      slice: (start: number, end = this.fileBytes): ArrayBuffer => sliceOf(chunks, start, end, where),
    };
    const metadata: FileMetaData = {
      ...this.metadata,
      schema: known?.schema ?? [],
      num_rows: group.rowGroup.num_rows,
      row_groups: [{ ...group.rowGroup, columns: own.map((meta) => ({ file_offset: 0n, meta_data: meta })) }],
    };
    return decode(file, metadata, column, from, to, where);
  }

  /** A whole chunk, once its claims were looked at. */
  private async readChunk(meta: ColumnMetaData, where: string): Promise<Chunk> {
    const [start, end] = chunkRange(meta, this.fileBytes, where);
    if (end - start > MAX_CHUNK_BYTES) {
      throw new SourceFault('too-large', `${where} packs ${end - start} bytes into one chunk, so it was not read.`);
    }
    const bytes = await this.readAt(start, end - start);
    if (bytes.length < end - start) throw truncated(this.name);
    const read = (at: number, length: number) => bytes.subarray(at - start, at - start + length);
    const pages = await walkPages(meta, [start, end], read, where);
    const unpacked = pages.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0);
    if (unpacked > MAX_UNPACKED_BYTES) {
      throw new SourceFault('too-large', `${where} claims to unpack to ${unpacked} bytes, so it was not read.`);
    }
    return { meta, start, bytes, pages, read };
  }

  /** One page of a column without lists, or of one field of a struct. */
  private async pageValues(
    top: SchemaTree,
    leaf: SchemaTree,
    meta: ColumnMetaData,
    pages: readonly ParquetPage[],
    page: ParquetPage,
    where: string,
  ): Promise<ArrayLike<unknown>> {
    const dictionary = pages.filter(({ isDictionary }) => isDictionary);
    const parts = await Promise.all(
      [...dictionary, page].map((part) => this.files.readRange(this.path, part.start, part.end - part.start)),
    );
    const schema: SchemaElement[] =
      leaf === top
        ? [{ name: 'root', num_children: 1 }, top.element]
        : [{ name: 'root', num_children: 1 }, { ...top.element, num_children: 1 }, leaf.element];
    const cut = { meta, parts, dictionaries: dictionary.length, pages: [page], rows: page.values };
    const cells = await decodePages(this.metadata, schema, cut, top.element.name, 0, page.values, where);
    if (leaf === top) return cells;
    return Array.from(cells, (cell) => (cell as Record<string, unknown> | null)?.[leaf.element.name] ?? null);
  }
}

/** A column's part of a row group, in memory. */
interface Chunk {
  meta: ColumnMetaData;
  start: number;
  bytes: Uint8Array;
  pages: ParquetPage[];
  read(start: number, length: number): Uint8Array;
}

interface GroupOf extends ParquetGroup {
  rowGroup: RowGroup;
}

function groupsOf(metadata: FileMetaData, name: string): GroupOf[] {
  let startRow = 0;
  const groups = metadata.row_groups.map((rowGroup): GroupOf => {
    const rowCount = Number(rowGroup.num_rows);
    if (!(rowCount >= 0 && rowCount <= MAX_CHUNK_VALUES)) throw absurd(name, rowGroup.num_rows);
    const group = { startRow, rowCount, rowGroup, range: (column: string) => rangeOf(rowGroup, column) };
    startRow += rowCount;
    return group;
  });
  const claimed = Number(metadata.num_rows);
  if (startRow > MAX_ROWS || !(claimed >= 0 && claimed <= MAX_ROWS)) throw absurd(name, metadata.num_rows);
  if (claimed !== startRow) throw damaged(name, `announces ${claimed} rows and holds ${startRow}`);
  return groups;
}

function absurd(name: string, rows: bigint): SourceFault {
  return new SourceFault('too-large', `${name} claims ${rows} rows, so it was not read: write the file anew.`);
}

function rangeOf(rowGroup: RowGroup, column: string): { min: number; max: number } | null {
  const statistics = metaOf(rowGroup, [column])?.statistics;
  const min = numberOf(statistics?.min_value ?? statistics?.min);
  const max = numberOf(statistics?.max_value ?? statistics?.max);
  return Number.isFinite(min) && Number.isFinite(max) ? { min, max } : null;
}

function metaOf(rowGroup: RowGroup, path: readonly string[]): ColumnMetaData | undefined {
  const wanted = path.join('\0');
  return rowGroup.columns.find(({ meta_data: meta }) => meta?.path_in_schema.join('\0') === wanted)?.meta_data;
}

async function refuseForeign(files: FileReader, path: string, name: string, fileBytes: number): Promise<void> {
  const decoder = new TextDecoder('latin1');
  const start = decoder.decode(await files.readRange(path, 0, 4));
  if (start === 'PARE') throw new SourceFault('encrypted', `${name} is encrypted: decrypt it first.`);
  if (start !== MAGIC) {
    throw new SourceFault('not-parquet', `${name} is no parquet file, or was emptied: restore it from a copy.`);
  }
  const end = await files.readRange(path, Math.max(0, fileBytes - 8), 8);
  if (fileBytes < 12 || decoder.decode(end.subarray(4)) !== MAGIC) throw truncated(name);
  const footerBytes = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  if (footerBytes > fileBytes - 12) throw truncated(name);
  if (footerBytes > MAX_FOOTER_BYTES) {
    throw new SourceFault('too-large', `${name} has a footer of ${footerBytes} bytes, so it was not read.`);
  }
}

function truncated(name: string): SourceFault {
  const message = `${name} ends too early: it was cut off while it was written or copied. Restore it from a copy.`;
  return new SourceFault('truncated', message);
}

function sliceOf(chunks: readonly { start: number; bytes: Uint8Array }[], start: number, end: number, where: string) {
  const whole = new Uint8Array(Math.max(0, end - start));
  let filled = 0;
  for (const chunk of chunks) {
    const from = Math.max(start, chunk.start);
    const to = Math.min(end, chunk.start + chunk.bytes.length);
    if (from >= to) continue;
    whole.set(chunk.bytes.subarray(from - chunk.start, to - chunk.start), from - start);
    filled += to - from;
  }
  if (filled === 0) throw damaged(where, 'names bytes that belong to nothing');
  return whole.buffer;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
