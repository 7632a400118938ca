import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFileReader } from '../../library/file-reader.ts';
import { openParquet } from '../../sources/common/parquet.ts';
import type { MadeUnit } from '../export/make-unit.ts';
import { poseTable, tactileColumns, tactileTable } from './pose-and-tactile-tables.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'regrasp tables '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const made = {
  recordedNs: Float64Array.of(5e9, 5_033_000_000),
  grid: { ticks: Int32Array.of(150, 151) },
  poses: [{ name: 'sensor_left', values: Float64Array.from({ length: 14 }, (_, n) => n / 8) }],
  contacts: [
    {
      ...{ side: 'left', intensity: Float32Array.of(1.5, Number.NaN), area: Float32Array.of(0.25, 0) },
      mixed: Float32Array.of(3, 4),
    },
  ],
} as unknown as MadeUnit;

async function read(bytes: Uint8Array): Promise<Record<string, unknown[]>> {
  writeFileSync(path.join(folder, 'it.parquet'), bytes);
  const file = await openParquet(createFileReader(folder), path.join(folder, 'it.parquet'));
  const columns = file.columns.map(async ({ name }) => [name, Array.from(await file.values(name))] as const);
  return Object.fromEntries(await Promise.all(columns));
}

it('poses are a row a frame, of the moment it was recorded at', async () => {
  const { session_ns, source_tick, sensor_left, ...more } = await read(poseTable(made));
  expect([session_ns?.map(Number), source_tick?.map(Number)]).toEqual([
    [0, 33_000_000],
    [150, 151],
  ]);
  expect(sensor_left?.map((row) => Array.from(row as number[]))).toEqual([
    [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75],
    [0.875, 1, 1.125, 1.25, 1.375, 1.5, 1.625],
  ]);
  expect(more).toEqual({});
});

it('what gels felt is a column a figure, and nothing where nothing could be read', async () => {
  const { session_ns, source_tick, ...figures } = await read(tactileTable(made));
  expect(figures).toEqual({ left_intensity: [1.5, Number.NaN], left_area: [0.25, 0], left_mixed: [3, 4] });
  expect([session_ns?.length, source_tick?.length]).toEqual([2, 2]);
  expect(tactileColumns(made).map(({ name }) => name)).toEqual(Object.keys(figures));
});
