import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encode } from 'fast-png';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { TestDataset, temporaryRoot } from '../../../test/support/lerobot-datasets.ts';
import { SourceFault } from '../source.ts';
import { source } from './index.ts';
import { EPISODE_DATA } from './template.ts';

const KEY = 'observation.images.top';
const FRAMES = 6;
const place = temporaryRoot();
afterAll(() => place.remove());

/** A picture whose every pixel says which it is. */
const picture = (frame: number, depth: 8 | 16 = 8) => {
  const channels = depth === 16 ? 1 : 3;
  const data = new (depth === 16 ? Uint16Array : Uint8Array)(32 * 24 * channels).fill(frame * 30 + 5);
  return encode({ width: 32, height: 24, channels, depth, data });
};

interface Cell {
  bytes: Uint8Array | null;
  path: string | null;
}

function write(cells: readonly Cell[] | null, shape = [24, 32, 3]): TestDataset {
  rmSync(place.at('pictures'), { recursive: true, force: true });
  const put = (below: string, content: string | Uint8Array) => {
    const file = place.at(`pictures/${below}`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  const names = ['height', 'width', 'channel'];
  const number = (dtype: string) => ({ dtype, shape: [1], names: null });
  const features = {
    [KEY]: { dtype: 'image', shape, names: shape[0] === 3 ? ['channels', 'height', 'width'] : names },
    timestamp: number('float32'),
    ...Object.fromEntries(['frame_index', 'episode_index', 'index', 'task_index'].map((key) => [key, number('int64')])),
  };
  const info = { codebase_version: 'v2.0', fps: 10, data_path: EPISODE_DATA, video_path: null, features };
  put('meta/info.json', JSON.stringify(info));
  put('meta/episodes.jsonl', JSON.stringify({ episode_index: 0, tasks: ['Look.'], length: FRAMES }));
  put('meta/tasks.jsonl', JSON.stringify({ task_index: 0, task: 'Look.' }));
  put('meta/stats.json', '{}');
  const rows = [...Array(FRAMES).keys()];
  const integers = ['frame_index', 'episode_index', 'index', 'task_index'];
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    pageSize: 400,
    columnData: [
      { name: 'timestamp', data: rows.map((row) => Math.fround(row / 10)) },
      ...integers.map((name) => ({
        name,
        data: rows.map((row) => (/^(frame_)?index$/.test(name) ? BigInt(row) : 0n)),
      })),
      ...(cells ? [{ name: KEY, data: [...cells] }] : []),
    ],
    schema: [
      { name: 'root', num_children: cells ? 6 : 5 },
      { name: 'timestamp', type: 'FLOAT', repetition_type: 'OPTIONAL' },
      ...integers.map((name) => ({ name, type: 'INT64' as const, repetition_type: 'OPTIONAL' as const })),
      ...(cells
        ? [
            { name: KEY, repetition_type: 'OPTIONAL' as const, num_children: 2 },
            { name: 'bytes', type: 'BYTE_ARRAY' as const, repetition_type: 'OPTIONAL' as const },
            {
              name: 'path',
              type: 'BYTE_ARRAY' as const,
              converted_type: 'UTF8' as const,
              repetition_type: 'OPTIONAL' as const,
            },
          ]
        : []),
    ],
  });
  put('data/chunk-000/episode_000000.parquet', new Uint8Array(writer.getBuffer()));
  return new TestDataset(place.at('pictures'));
}

const packed = (frame: number): Cell => ({ bytes: picture(frame), path: null });
const frames = (cell: (frame: number) => Cell) => [...Array(FRAMES).keys()].map(cell);
const open = (dataset: TestDataset) => source.open(dataset.file('episode_000000'), dataset.ports);

async function expectPictures(dataset: TestDataset, depth: 8 | 16 = 8): Promise<void> {
  const { episode, locations, readers } = await open(dataset);
  expect(episode.problems).toEqual([]);
  expect(episode.streams[0]).toMatchObject({
    id: KEY,
    encoding: 'png',
    count: FRAMES,
    width: 32,
    height: 24,
    fault: null,
  });
  expect(locations.get(KEY)).toEqual({ kind: 'reader' });
  for (const frame of [0, 5, 2, 3]) {
    expect(await readers?.get(KEY)?.read(frame)).toEqual(picture(frame, depth));
  }
}

describe('pictures', () => {
  beforeEach(() => rmSync(place.at('pictures'), { recursive: true, force: true }));

  it('packed into the rows are read one by one', () => expectPictures(write(frames(packed))));

  it('declared channels first are as large as they are', () => expectPictures(write(frames(packed), [3, 24, 32])));

  it('named by a path below the dataset are read from there', async () => {
    const dataset = write(frames((frame) => ({ bytes: null, path: `images/${KEY}/frame_${frame}.png` })));
    mkdirSync(dataset.at(`images/${KEY}`), { recursive: true });
    for (let frame = 0; frame < FRAMES; frame++)
      writeFileSync(dataset.at(`images/${KEY}/frame_${frame}.png`), picture(frame));
    await expectPictures(dataset);
  });

  it.each(['-', '_'])('in images/ alone (episode%s000000) are read from there', async (separator) => {
    const dataset = write(null);
    const folder = `images/${KEY}/episode${separator}000000`;
    mkdirSync(dataset.at(folder), { recursive: true });
    for (let frame = 0; frame < FRAMES; frame++) {
      writeFileSync(dataset.at(`${folder}/frame${separator}00000${frame}.png`), picture(frame));
    }
    await expectPictures(dataset);
  });

  it('of 16 bits and one channel are depth', async () => {
    const dataset = write(
      frames((frame) => ({ bytes: picture(frame, 16), path: null })),
      [24, 32, 1],
    );
    const { episode } = await open(dataset);
    expect(episode.streams[0]).toMatchObject({ kind: 'depth', dtype: 'uint16', channels: 1, order: null });
    await expectPictures(dataset, 16);
  });

  it('that are missing or lie outside cost their own frame alone', async () => {
    const outside = path.join(place.root, 'secret.png');
    writeFileSync(outside, picture(0));
    const dataset = write(
      frames((frame) => {
        if (frame === 2) return { bytes: null, path: null };
        if (frame === 3) return { bytes: null, path: '../secret.png' };
        if (frame === 4) return { bytes: null, path: outside };
        return packed(frame);
      }),
    );
    const { episode, readers } = await open(dataset);
    expect(episode.streams[0]?.fault).toBeNull();
    for (const frame of [2, 3, 4, -1, FRAMES]) {
      const failed = await readers
        ?.get(KEY)
        ?.read(frame)
        .catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(SourceFault);
      expect((failed as SourceFault).code).toBe('corrupt-chunk');
    }
    expect(await readers?.get(KEY)?.read(5)).toEqual(picture(5));
  });

  it('that are none are a fault of the stream alone', async () => {
    const dataset = write(frames(() => ({ bytes: new Uint8Array([1, 2, 3]), path: null })));
    const { episode } = await open(dataset);
    expect(episode.problems.map(({ code }) => code)).toEqual(['no-pictures']);
    expect(episode.streams[0]?.fault).toMatch(/no PNG or JPEG/);
    expect(episode.clocks[0]?.count).toBe(FRAMES);
  });
});
