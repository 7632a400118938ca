import { afterAll, describe, expect, it } from 'vitest';
import { writeForeignLeRobot } from '../../../test/support/foreign/lerobot.ts';
import { TestDataset, temporaryRoot } from '../../../test/support/lerobot-datasets.ts';
import { NO_ARROW, pythonWithArrow, runArrow } from '../../../test/support/python.ts';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { hasFfmpeg } from '../../media/testing.ts';
import { openParquet } from '../common/parquet.ts';
import { numbersOf } from '../common/parquet-numbers.ts';
import { source } from './index.ts';
import { sampleEpisodes } from './sample-episodes.ts';

const place = temporaryRoot();
afterAll(() => place.remove());

describe.skipIf(!pythonWithArrow() || !hasFfmpeg)(`a dataset by pyarrow, pandas and ffmpeg (${NO_ARROW})`, () => {
  it.each(['snappy', 'zstd', 'gzip', 'brotli', 'lz4', 'none'])(
    'packed with %s opens as it was written',
    async (codec) => {
      const folder = place.at(`foreign-${codec}`);
      await writeForeignLeRobot(folder, codec);
      const dataset = new TestDataset(folder);
      const list = await source.recordings?.(dataset.file(), dataset.ports);
      expect(list?.map(({ inner, ticks, task, outcome }) => [inner, ticks, task, outcome])).toEqual([
        ['episode_000000', 40, 'Stack the cups.', 'failure'],
        ['episode_000001', 25, 'Fold the towel ✓.', 'success'],
      ]);
      const { episode, values, locations, readers } = await source.open(dataset.file('episode_000001'), dataset.ports);
      expect(episode.problems).toEqual([]);
      expect(episode.instruction).toBe('Fold the towel ✓.');
      const state = values.get('observation.state') as Float64Array;
      expect(state.length).toBe(25 * 6);
      expect([state[0], state[24 * 6]]).toEqual([40, 64]);
      expect(values.get('action')).toEqual(state);
      expect(Array.from(values.get('observation.matrix')?.slice(0, 6) ?? [])).toEqual([240, 241, 242, 243, 244, 245]);
      expect(values.get('next.done')?.at(-1)).toBe(1);
      expect(episode.marks.map(({ kind, name, startNs, endNs }) => [kind, name, startNs, endNs])).toEqual([
        ['task', 'Subtask 1', 5e8, episode.clocks[0]?.lastNs],
      ]);
      expect(episode.series[0]?.components).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
      expect(locations.get('observation.images.top')).toMatchObject({ kind: 'video', firstFrame: 40 });
      const picture = await readers?.get('observation.images.tiny')?.read(24);
      expect(picture?.length).toBe(69);
    },
  );
});

/** What LeRobot itself does with the tables: tasks by position, episodes and rows by pyarrow. */
const READ_SAMPLE = `
import json, sys, pathlib
import pandas as pd, pyarrow.parquet as pq
root = pathlib.Path(sys.argv[1])
tasks = pd.read_parquet(root / "meta/tasks.parquet")
episodes = pq.read_table(root / "meta/episodes/chunk-000/file-000.parquet").to_pylist()
data = pq.read_table(root / "data/chunk-000/file-000.parquet")
print(json.dumps({
    "tasks": [tasks.iloc[i].name for i in range(len(tasks))],
    "episodes": [{k: v for k, v in row.items() if not k.startswith("stats/")} for row in episodes],
    "mean": episodes[1]["stats/observation.images.front/mean"],
    "columns": {name: str(data.schema.field(name).type) for name in data.column_names},
    "state": data.column("observation.state").to_pylist()[-1],
    "groups": pq.ParquetFile(root / "data/chunk-000/file-000.parquet").num_row_groups,
}))
`;

describe.skipIf(!pythonWithArrow())(`our sample, read by pandas and pyarrow (${NO_ARROW})`, () => {
  it('says the same there', async () => {
    const tools = await createSampleTools({ seconds: 1 });
    await source.writeSample?.(place.at('ours'), tools);
    const read = JSON.parse(runArrow(READ_SAMPLE, place.at('ours/v3.0')));
    const truth = sampleEpisodes(tools.scene, tools.seconds, 30);
    expect(read.tasks).toEqual(['Place the red block on the blue pad.', 'Bring the block back to where it lay.']);
    expect(read.episodes.map((row: Record<string, unknown>) => [row.length, row.success, row.failure_code])).toEqual(
      truth.map(({ frames, success, failureCode }) => [frames, success, failureCode]),
    );
    expect(read.mean).toHaveLength(3);
    expect(read.mean[0]).toEqual([[expect.any(Number)]]);
    expect(read.columns).toMatchObject({
      'observation.state': 'list<element: float>',
      intervention: 'bool',
      timestamp: 'float',
      index: 'int64',
    });
    expect(read.state).toEqual(truth[2]?.columns[0]?.cells.at(-1));
    expect(read.groups).toBe(3);
  });
});

describe.skipIf(!pythonWithArrow())(`parquet by pyarrow (${NO_ARROW})`, () => {
  it('of every encoding, version and type is read as it is', async () => {
    const file = place.at('types.parquet');
    runArrow(
      `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
n = 500
stamps = np.datetime64("2026-11-21T06:00:00.000000001") + np.arange(n) * np.timedelta64(33, "ms")
columns = {
    "f16": pa.array(np.linspace(-2, 2, n).astype(np.float16)), "u8": pa.array(np.arange(n) % 256, pa.uint8()),
    "u64": pa.array([2**63 + 5] * n, pa.uint64()), "delta": pa.array(np.arange(n) * 7, pa.int64()),
    "split": pa.array(np.sin(np.arange(n)), pa.float64()), "at": pa.array(stamps),
    "holes": pa.array([None if i % 5 == 0 else i for i in range(n)], pa.int32()),
}
pq.write_table(pa.table(columns), sys.argv[1], data_page_version="2.0", row_group_size=170, data_page_size=300,
    use_dictionary=["u8"], column_encoding={"delta": "DELTA_BINARY_PACKED", "split": "BYTE_STREAM_SPLIT"}, compression="zstd")
`,
      file,
    );
    const parquet = await openParquet(new TestDataset(place.root).ports.files, file);
    const numbers = async (name: string) => numbersOf(await parquet.values(name, 160, 350));
    expect(parquet.rowCount).toBe(500);
    expect((await numbers('u8'))?.data[100]).toBe(260 % 256);
    expect((await numbers('u64'))?.inexactRows.length).toBe(190);
    expect((await numbers('delta'))?.data[189]).toBe(349 * 7);
    expect((await numbers('split'))?.data[5]).toBe(Math.sin(165));
    expect((await numbers('f16'))?.data[0]).toBeCloseTo(-2 + (160 * 4) / 499, 2);
    expect((await numbers('at'))?.data[10]).toBeCloseTo(Date.UTC(2026, 10, 21, 6) / 1000 + 170 * 0.033, 6);
    expect((await numbers('holes'))?.nullRows.slice(0, 3)).toEqual([0, 5, 10]);
  });

  it('in one long row group is read by its pages', async () => {
    const file = place.at('long.parquet');
    runArrow(
      `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
n = 60_000
state = np.arange(n * 7, dtype=np.float32).reshape(n, 7)
pq.write_table(pa.table({"state": pa.array(state.tolist(), pa.list_(pa.float32())),
    "deep": pa.array([[[i], [i, i]] for i in range(n)], pa.list_(pa.list_(pa.int32())))}), sys.argv[1], data_page_size=20_000)
`,
      file,
    );
    const parquet = await openParquet(new TestDataset(place.root).ports.files, file);
    expect(parquet.groups).toHaveLength(1);
    for (const from of [0, 1, 31_234, 59_990]) {
      const state = numbersOf(await parquet.values('state', from, from + 10));
      expect(Array.from(state?.data ?? [])).toEqual(Array.from({ length: 70 }, (_, at) => Math.fround(from * 7 + at)));
      expect((await parquet.values('deep', from, from + 2))[1]).toEqual([[from + 1], [from + 1, from + 1]]);
    }
  });
});
