import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileReader } from '../../library/file-reader.ts';
import { SourceFault } from '../source.ts';
import { openParquet } from './parquet.ts';
import { numbersOf } from './parquet-numbers.ts';
import { pandasIndexColumns } from './parquet-pandas.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'regrasp-parquet-')));
const files = createFileReader(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 50;
const schema: SchemaElement[] = [
  { name: 'root', num_children: 8 },
  { name: 'index', type: 'INT64', repetition_type: 'OPTIONAL' },
  { name: 'stamp', type: 'FLOAT', repetition_type: 'OPTIONAL' },
  { name: 'state', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'FLOAT', repetition_type: 'OPTIONAL' },
  { name: 'matrix', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'flag', type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
  { name: 'picture', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  {
    name: 'at',
    type: 'INT64',
    repetition_type: 'REQUIRED',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
  },
];
const rows = Array.from({ length: ROWS }, (_, i) => i);
const pictureOf = (i: number) => Uint8Array.from({ length: 3000 }, (_, at) => (i * 7 + at * (i + 1)) & 255);

function tableBytes(more: { codec?: 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED' } = {}): Uint8Array {
  const columnData = [
    { name: 'index', data: rows.map((i) => BigInt(i) + 1000n) },
    { name: 'stamp', data: rows.map((i) => (i === 7 ? null : Math.fround(i / 30))) },
    { name: 'state', data: rows.map((i) => [i, i + 0.5, i === 3 ? null : -i]) },
    {
      name: 'matrix',
      data: rows.map((i) => [
        [i, 1, 2],
        [3, 4, 5],
      ]),
    },
    { name: 'text', data: rows.map((i) => (i % 2 ? `row ${i} ✓` : null)) },
    { name: 'flag', data: rows.map((i) => i % 3 === 0) },
    { name: 'picture', data: rows.map((i) => ({ bytes: i === 9 ? null : pictureOf(i), path: `frame_${i}.png` })) },
    { name: 'at', data: rows.map((i) => 1_700_000_000_000_000_000n + BigInt(i) * 33_000_000n) },
  ];
  const compressors = { GZIP: (input: Uint8Array) => new Uint8Array(gzipSync(input)) };
  const kvMetadata = [{ key: 'pandas', value: JSON.stringify({ index_columns: ['text', { kind: 'range' }] }) }];
  return new Uint8Array(
    parquetWriteBuffer({ columnData, schema, rowGroupSize: 20, pageSize: 8000, kvMetadata, compressors, ...more }),
  );
}

function write(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

const fault = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no fault',
    (error: unknown) => {
      expect(error).toBeInstanceOf(SourceFault);
      return (error as SourceFault).code;
    },
  );

describe.each(['SNAPPY', 'GZIP', 'UNCOMPRESSED'] as const)('a parquet file (%s)', (codec) => {
  const file = write(`${codec}.parquet`, tableBytes({ codec }));

  it('describes itself', async () => {
    const parquet = await openParquet(files, file);
    expect(parquet.rowCount).toBe(ROWS);
    expect(parquet.groups.map(({ startRow, rowCount }) => [startRow, rowCount])).toEqual([
      [0, 20],
      [20, 20],
      [40, 10],
    ]);
    expect(parquet.columns.map(({ name, kind, listDepth, dtype }) => [name, kind, listDepth, dtype])).toEqual([
      ['index', 'number', 0, 'int64'],
      ['stamp', 'number', 0, 'float32'],
      ['state', 'number', 1, 'float32'],
      ['matrix', 'number', 2, 'float64'],
      ['text', 'text', 0, 'string'],
      ['flag', 'number', 0, 'bool'],
      ['picture', 'struct', 0, 'struct'],
      ['at', 'number', 0, 'timestamp'],
    ]);
    expect(parquet.column('picture')?.fields).toEqual(['bytes', 'path']);
    expect(parquet.groups[1]?.range('index')).toEqual({ min: 1020, max: 1039 });
    expect(pandasIndexColumns(parquet)).toEqual(['text']);
  });

  it('answers rows across row groups, numbers with what is missing', async () => {
    const parquet = await openParquet(files, file);
    const index = numbersOf(await parquet.values('index', 15, 45));
    expect(Array.from(index?.data ?? [])).toEqual(rows.slice(15, 45).map((i) => i + 1000));
    const stamp = numbersOf(await parquet.values('stamp', 5, 9));
    expect(stamp?.nullRows).toEqual([2]);
    expect(stamp?.data[2]).toBeNaN();
    expect(stamp?.data[3]).toBe(Math.fround(8 / 30));
    const state = numbersOf(await parquet.values('state'));
    expect([state?.width, state?.shape, state?.nullRows, state?.raggedRows]).toEqual([3, [3], [3], []]);
    expect(Array.from(state?.data.slice(22 * 3, 22 * 3 + 3) ?? [])).toEqual([22, 22.5, -22]);
    const matrix = numbersOf(await parquet.values('matrix', 30, 32));
    expect(matrix?.shape).toEqual([2, 3]);
    expect(Array.from(matrix?.data ?? [])).toEqual([30, 1, 2, 3, 4, 5, 31, 1, 2, 3, 4, 5]);
    expect(Array.from(numbersOf(await parquet.values('flag', 0, 4))?.data ?? [])).toEqual([1, 0, 0, 1]);
    expect(await parquet.values('text', 19, 22)).toEqual(['row 19 ✓', null, 'row 21 ✓']);
    expect(numbersOf(await parquet.values('text', 0, 3))).toBeNull();
    expect(numbersOf(await parquet.values('at', 0, 1))?.data[0]).toBe(1_700_000_000);
  });

  it('reads pictures one by one', async () => {
    const parquet = await openParquet(files, file);
    for (const row of [0, 1, 8, 19, 20, 39, 40, 49, 25]) {
      expect(await parquet.cell('picture', 'bytes', row)).toEqual(pictureOf(row));
    }
    expect(await parquet.cell('picture', 'bytes', 9)).toBeNull();
    expect(await parquet.cell('picture', 'path', 9)).toBe('frame_9.png');
    expect(await fault(parquet.cell('picture', 'pixels', 0))).toBe('missing-column');
    expect(await fault(parquet.cell('picture', 'bytes', 50))).toBe('corrupt-chunk');
  });
});

describe('numbers of cells', () => {
  it('tells ragged, odd and inexact rows', () => {
    const cells = [[1, 2], [3], [4, 5, 6], [Number.POSITIVE_INFINITY, 7], null, [2n ** 60n + 1n, 8n]];
    const column = numbersOf(cells);
    expect(column?.raggedRows).toEqual([1, 2]);
    expect(column?.oddRows).toEqual([3]);
    expect(column?.nullRows).toEqual([4]);
    expect(column?.inexactRows).toEqual([5]);
    expect(Array.from(column?.data ?? [])).toEqual([1, 2, 3, Number.NaN, 4, 5, Infinity, 7, NaN, NaN, 2 ** 60, 8]);
  });

  it('takes a column of nothing for one number a row', () => {
    expect(numbersOf([null, null])).toMatchObject({ width: 1, nullRows: [0, 1] });
    expect(numbersOf([])).toMatchObject({ rows: 0 });
  });
});

describe('a broken parquet file', () => {
  const whole = tableBytes();

  it.each([0, 3, 11, 200, whole.length - 1, whole.length - 9])(
    'cut off after %i bytes has one sentence',
    async (at) => {
      const file = write('cut.parquet', whole.slice(0, at));
      expect(['truncated', 'not-parquet']).toContain(await fault(openParquet(files, file)));
    },
  );

  it('is told from what is none, and from what is not there', async () => {
    expect(await fault(openParquet(files, write('text.parquet', Buffer.from('no parquet at all'))))).toBe(
      'not-parquet',
    );
    expect(await fault(openParquet(files, path.join(folder, 'absent.parquet')))).toBe('missing-file');
    expect(await fault(openParquet(files, path.join(folder, '..', 'x.parquet')))).toBe('outside');
  });

  it('answers sentences, never garbage of another length, wherever a byte is wrong', async () => {
    let faults = 0;
    for (let at = 4; at < whole.length; at += 211) {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] as number) ^ 0xff;
      const file = write('flipped.parquet', bytes);
      try {
        const parquet = await openParquet(files, file);
        for (const { name } of parquet.columns) {
          expect((await parquet.values(name)).length).toBe(parquet.rowCount);
        }
        await parquet.cell('picture', 'bytes', 30);
      } catch (error) {
        if (!(error instanceof SourceFault)) throw error;
        expect(error.message).toMatch(/^flipped\.parquet/);
        faults++;
      }
    }
    expect(faults).toBeGreaterThan(20);
  });

  it('may claim any number of rows, values and bytes and is refused', async () => {
    const { parquetMetadata } = await import('hyparquet');
    const { writeMetadata } = await import('hyparquet-writer/src/metadata.js');
    const { ByteWriter } = await import('hyparquet-writer');
    const claim = (name: string, change: (metadata: ReturnType<typeof parquetMetadata>) => void) => {
      const bytes = readFileSync(write('claim.parquet', tableBytes()));
      const metadata = parquetMetadata(new Uint8Array(bytes).buffer);
      change(metadata);
      const writer = new ByteWriter();
      writer.appendBytes(bytes.subarray(0, bytes.length - metadata.metadata_length - 8));
      writeMetadata(writer, metadata);
      writer.appendUint32(0x31524150);
      return write(name, new Uint8Array(writer.getBuffer()));
    };
    const huge = claim('rows.parquet', (metadata) => {
      metadata.num_rows = 2n ** 62n;
      for (const group of metadata.row_groups) group.num_rows = 2n ** 60n;
    });
    expect(await fault(openParquet(files, huge))).toBe('too-large');
    const wrong = claim('more.parquet', (metadata) => {
      metadata.num_rows += 5n;
    });
    expect(await fault(openParquet(files, wrong))).toBe('damaged');
    const values = claim('values.parquet', (metadata) => {
      for (const { columns } of metadata.row_groups)
        for (const { meta_data } of columns) meta_data!.num_values = 2n ** 40n;
    });
    expect(await fault(openParquet(files, values).then((parquet) => parquet.values('index')))).toBe('too-large');
    const place = claim('place.parquet', (metadata) => {
      for (const { columns } of metadata.row_groups)
        for (const { meta_data } of columns) meta_data!.data_page_offset = 2n ** 50n;
    });
    expect(await fault(openParquet(files, place).then((parquet) => parquet.cell('picture', 'bytes', 0)))).toBe(
      'damaged',
    );
    expect(await fault(openParquet(files, place).then((parquet) => parquet.values('state')))).toBe('damaged');
  });
});
