import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestDataset, temporaryRoot } from '../../../test/support/lerobot-datasets.ts';
import { parquetTable, type TableColumn } from '../common/parquet-table.ts';
import { source } from './index.ts';
import { EPISODE_DATA, SHARED_DATA } from './template.ts';

const EPISODES = 10_000;
const LENGTH = 300;
const place = temporaryRoot();
const rows = Array.from({ length: EPISODES }, (_, index) => index);

/** As LeRobot's recorder writes it: ten episodes a row group, and thirty columns of statistics beside. */
function table(): Uint8Array {
  const column = (name: string, type: TableColumn['type'], cell: (row: number) => unknown, listDepth = 0) => ({
    ...{ name, type, listDepth },
    cells: rows.map(cell),
  });
  const stats = Array.from({ length: 30 }, (_, at) =>
    column(`stats/feature_${at}/mean`, 'float64', () => [0.5, 0.25], 1),
  );
  const columns = [
    column('episode_index', 'int64', (row) => row),
    column('tasks', 'string', (row) => [`Task ${row % 40}`], 1),
    column('length', 'int64', () => LENGTH),
    column('data/chunk_index', 'int64', () => 0),
    column('data/file_index', 'int64', (row) => Math.floor(row / 500)),
    column('dataset_from_index', 'int64', (row) => row * LENGTH),
    column('dataset_to_index', 'int64', (row) => (row + 1) * LENGTH),
    column('success', 'bool', (row) => row % 7 !== 0),
    ...stats,
  ];
  return parquetTable(columns, { groupRows: rows.filter((row) => row % 10 === 0).map(() => 10) });
}

function write(folder: string, dataPath: string): TestDataset {
  mkdirSync(place.at(`${folder}/meta/episodes/chunk-000`), { recursive: true });
  const info = { codebase_version: 'v3.0', fps: 30, features: {}, data_path: dataPath };
  writeFileSync(place.at(`${folder}/meta/info.json`), JSON.stringify(info));
  return new TestDataset(place.at(folder));
}

describe('ten thousand episodes', () => {
  beforeAll(() => {
    write('shared', SHARED_DATA);
    writeFileSync(place.at('shared/meta/episodes/chunk-000/file-000.parquet'), table());
    write('own', EPISODE_DATA);
    const line = (row: number) =>
      JSON.stringify({ episode_index: row, tasks: [`Task ${row % 40}`], length: LENGTH, success: row % 7 !== 0 });
    writeFileSync(place.at('own/meta/episodes.jsonl'), rows.map((row) => `${line(row)}\n`).join(''));
  }, 120_000);
  afterAll(() => place.remove());

  it('are opened one by one without reading the others', async () => {
    const dataset = new TestDataset(place.at('shared'));
    const timed = async (inner: string) => {
      const startedAt = performance.now();
      const { episode } = await source.open(dataset.file(inner), dataset.ports);
      return { episode, milliseconds: performance.now() - startedAt };
    };
    const first = await timed('episode_007007');
    expect(first.episode.metadata).toMatchObject({ episode_index: 7007, length: LENGTH, tasks: ['Task 7'] });
    expect(first.episode.problems.map(({ code }) => code)).toContain('missing-file');
    // The footer of a table that long is parsed once.
    const later: number[] = [];
    for (let index = 0; index < 9; index++) later.push((await timed(`episode_00400${index}`)).milliseconds);
    expect(later.sort((a, b) => a - b)[4]).toBeLessThan(first.milliseconds / 2);
  });

  it.each(['shared', 'own'])('of %s files are listed from meta/ alone, soon and in little memory', async (folder) => {
    const dataset = new TestDataset(place.at(folder));
    const before = process.memoryUsage().rss;
    const startedAt = performance.now();
    const list = (await source.recordings?.(dataset.file(), dataset.ports)) ?? [];
    const seconds = (performance.now() - startedAt) / 1000;
    const grownBytes = process.memoryUsage().rss - before;
    expect(list.length).toBe(EPISODES);
    expect(list[9999]).toMatchObject({
      inner: 'episode_009999',
      ticks: LENGTH,
      task: 'Task 39',
      outcome: 'success',
      complete: true,
    });
    // On two busy cores; seconds where it is quiet.
    expect(seconds).toBeLessThan(20);
    expect(grownBytes).toBeLessThan(400 * 2 ** 20);
  });
});
