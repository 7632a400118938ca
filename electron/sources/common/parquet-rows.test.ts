import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SchemaTree } from 'hyparquet';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileReader } from '../../library/file-reader.ts';
import { openParquet } from './parquet.ts';
import type { ColumnMetaData, ParquetPage } from './parquet-pages.ts';
import { pagesOfRows } from './parquet-rows.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-rows-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const list = [{ element: { repetition_type: 'REPEATED' } }] as unknown as SchemaTree[];
const plain = { codec: 'UNCOMPRESSED' } as ColumnMetaData;

/** A page of old (V1) with these repetition levels: their length, then runs and packed bits. */
function page(levels: number[], values: number, start: number): { page: ParquetPage; bytes: Uint8Array } {
  const bytes = new Uint8Array(4 + levels.length + 8);
  new DataView(bytes.buffer).setUint32(0, levels.length, true);
  bytes.set(levels, 4);
  const place = { start, end: start + bytes.length, headerBytes: 0, unpackedBytes: bytes.length, rows: null };
  return { page: { isDictionary: false, values, ...place }, bytes };
}

function find(levels: { levels: number[]; values: number }[], from: number, to: number) {
  let start = 0;
  const made = levels.map((each) => {
    const one = page(each.levels, each.values, start);
    start = one.page.end;
    return one;
  });
  const read = (at: number) => made.find((one) => one.page.start === at)?.bytes ?? new Uint8Array();
  const found = pagesOfRows(
    list,
    plain,
    made.map((one) => one.page),
    read,
    from,
    to,
  );
  return found && [found.firstRow, found.rows, found.pages.map((one) => made.findIndex((each) => each.page === one))];
}

describe('pages of rows, by their levels', () => {
  /** Packed: a row of three, a row of one, a row of four. */
  const packed = { levels: [3, 0b11100110], values: 8 };
  /** A run of five rows of one value. */
  const run = { levels: [5 << 1, 0], values: 5 };

  it('are found without decoding a value', () => {
    expect(find([packed, run, packed], 0, 3)).toEqual([0, 3, [0]]);
    expect(find([packed, run, packed], 3, 8)).toEqual([3, 5, [1]]);
    expect(find([packed, run, packed], 7, 9)).toEqual([3, 8, [1, 2]]);
    expect(find([packed, run, packed], 10, 11)).toEqual([8, 3, [2]]);
  });

  it('are not guessed where a row goes on in the next page, or levels are broken', () => {
    expect(find([packed, { levels: [3, 0b11100111], values: 8 }], 4, 5)).toBeNull();
    expect(find([{ levels: [0, 0], values: 5 }], 0, 1)).toBeNull();
    expect(find([{ levels: [3], values: 8 }], 0, 1)).toBeNull();
    expect(find([{ levels: [255, 255, 255, 255, 255, 255], values: 8 }], 0, 1)).toBeNull();
    expect(find([packed], 0, 9)).toBeNull();
  });
});

it('a few rows of a long group are those of the whole', async () => {
  const rows = 10_000;
  const cells = Array.from({ length: rows }, (_, row) => {
    if (row % 97 === 0) return null;
    return row % 89 === 0 ? [] : Array.from({ length: 1 + (row % 5) }, (_, at) => (at === 3 ? null : row + at / 8));
  });
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    pageSize: 3000,
    rowGroupSize: rows,
    columnData: [
      { name: 'list', data: cells },
      { name: 'flat', data: Array.from({ length: rows }, (_, row) => BigInt(row % 300)) },
    ],
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'list', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
      { name: 'flat', type: 'INT64', repetition_type: 'OPTIONAL' },
    ],
  });
  const file = path.join(folder, 'long.parquet');
  writeFileSync(file, new Uint8Array(writer.getBuffer()));
  const parquet = await openParquet(createFileReader(folder), file);
  const whole = Array.from(await parquet.values('list'));
  expect(whole[1]).toEqual([1, 1.125]);
  for (const [from, to] of [
    [0, 10],
    [9990, 10_000],
    [4321, 4721],
    [96, 98],
    [5000, 5001],
  ] as const) {
    expect(Array.from(await parquet.values('list', from, to))).toEqual(whole.slice(from, to));
    expect(Array.from(await parquet.values('flat', from, to), Number)).toEqual(
      Array.from({ length: to - from }, (_, at) => (from + at) % 300),
    );
  }
});
