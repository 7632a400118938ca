import { copyFileSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePattern, noFfmpeg, presentedByFfmpeg } from '../../../test/support/bit-pattern-video.ts';
import { TestDataset, temporaryRoot } from '../../../test/support/lerobot-datasets.ts';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { ffmpeg, hasFfmpeg, testPicture, timesByFfprobe } from '../../media/testing.ts';
import { SourceFault } from '../source.ts';
import { source } from './index.ts';
import { sampleEpisodes } from './sample-episodes.ts';

const DATA = 'data/chunk-000/file-000.parquet';
const EPISODES = 'meta/episodes/chunk-000/file-000.parquet';
const TASKS = 'meta/tasks.parquet';
const FRONT = 'videos/observation.images.front/chunk-000/file-000.mp4';
const KEY = 'observation.images.front';
const OWN_DATA = 'data/chunk-000/episode_000001.parquet';
const OWN_FRONT = 'videos/chunk-000/observation.images.front/episode_000001.mp4';

const place = temporaryRoot();
let shared: TestDataset;
let own: TestDataset;
/** A row within the second episode. */
let row: number;

beforeAll(async () => {
  const tools = await createSampleTools({ seconds: 1 });
  await source.writeSample?.(place.root, tools);
  row = (sampleEpisodes(tools.scene, tools.seconds, 30)[1]?.firstRow ?? 0) + 5;
  shared = new TestDataset(place.at('v3.0'));
  own = new TestDataset(place.at('v2.1'));
}, 120_000);
afterAll(() => place.remove());

/** Everything that opening and checking an episode say, as codes with sentences. */
async function told(dataset: TestDataset, inner = 'episode_000001'): Promise<string[]> {
  const opened = await source.open(dataset.file(inner), dataset.ports);
  const found = await source.check?.(dataset.file(inner), opened, dataset.ports);
  const problems = [...opened.episode.problems, ...(found?.problems ?? [])];
  for (const { message, code } of problems) {
    expect([code, message]).toEqual([code, expect.stringMatching(/^[^\n]{20,400}\.$/)]);
    expect(message).not.toMatch(/undefined|NaN(?! or)|\[object/);
  }
  expect(JSON.parse(JSON.stringify(opened.episode))).toEqual(opened.episode);
  for (const times of opened.clocks.values()) {
    times.forEach((ns, at) => {
      if (!Number.isSafeInteger(ns) || (at > 0 && ns < (times[at - 1] as number)))
        throw new Error(`clock at ${at}: ${ns}`);
    });
  }
  return problems.map(({ code }) => code);
}

const list = (dataset: TestDataset) => source.recordings?.(dataset.file(), dataset.ports);

interface Fault {
  name: string;
  damage(dataset: TestDataset): unknown;
  expected: string;
  /** The episode that is opened; the first one comes with the rules of the whole dataset. */
  inner?: string;
}

const first = 'episode_000000';
const sharedFaults: Fault[] = [
  {
    name: 'tasks without pandas metadata',
    damage: (dataset) => dataset.rewrite(TASKS, () => {}),
    expected: 'tasks-without-index',
  },
  {
    name: 'tasks without texts',
    damage: (dataset) => dataset.rewrite(TASKS, (columns) => columns.delete('task')),
    expected: 'tasks-without-index',
  },
  { name: 'tasks that are not there', damage: (dataset) => rmSync(dataset.at(TASKS)), expected: 'no-tasks' },
  {
    name: 'timestamps that do not start at 0',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => shift(columns, 'timestamp', 5)),
    expected: 'timestamp-start',
  },
  {
    name: 'timestamps 2 ms off',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => jitter(columns, 'timestamp', 0.002)),
    expected: 'timestamp-step',
  },
  {
    name: 'timestamps that are no numbers',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => set(columns, 'timestamp', row, Number.NaN)),
    expected: 'clock-not-ascending',
  },
  {
    name: 'timestamps beyond any episode',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => set(columns, 'timestamp', row, 3e38)),
    expected: 'clock-not-ascending',
  },
  {
    name: 'no timestamps',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => columns.delete('timestamp')),
    expected: 'no-timestamps',
  },
  {
    name: 'a declared column that is absent',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => columns.delete('action')),
    expected: 'absent-column',
  },
  {
    name: 'no task_index',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => columns.delete('task_index')),
    expected: 'absent-column',
  },
  {
    name: 'no episode_index',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => columns.delete('episode_index')),
    expected: 'absent-column',
  },
  {
    name: 'a column that is not declared',
    damage: (dataset) => dataset.change((info) => delete (info.features as Record<string, unknown>)['next.reward']),
    expected: 'undeclared-column',
  },
  {
    name: 'a shape other than the lists',
    damage: (dataset) => dataset.change((info) => feature(info, 'action', { shape: [14], names: null })),
    expected: 'shape-mismatch',
  },
  {
    name: 'lists of different lengths',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => set(columns, 'action', row, [1, 2, 3])),
    expected: 'ragged',
  },
  {
    name: 'null cells',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => set(columns, 'action', row, null)),
    expected: 'null-cells',
  },
  {
    name: 'infinite values',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => set(columns, 'action', row, Array(16).fill(Infinity))),
    expected: 'not-finite',
  },
  {
    name: 'frames out of order',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => set(columns, 'frame_index', row, 3n)),
    expected: 'frame-index',
  },
  {
    name: 'index out of step',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => set(columns, 'index', row, 3n)),
    expected: 'index-steps',
  },
  {
    name: 'rows of an episode in two places',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => set(columns, 'episode_index', row, 0n)),
    expected: 'rows-scattered',
  },
  {
    name: 'a wrong length',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'length', 1, 7n)),
    expected: 'count-mismatch',
  },
  {
    name: 'an absurd length',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'length', 1, 2n ** 60n)),
    expected: 'no-length',
  },
  {
    name: 'an episode table out of order',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => swap(columns, 1, 2)),
    expected: 'episodes-unsorted',
    inner: first,
  },
  {
    name: 'an episode twice',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'episode_index', 2, 1n)),
    expected: 'episode-twice',
    inner: first,
  },
  {
    name: 'a gap in episode_index',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'episode_index', 2, 5n)),
    expected: 'episode-gap',
    inner: first,
  },
  {
    name: 'rows of an episode that begin elsewhere',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'dataset_from_index', 1, 3n)),
    expected: 'from-index',
  },
  {
    name: 'no row ranges',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => columns.delete('dataset_to_index')),
    expected: 'no-range',
    inner: first,
  },
  ...['length', 'tasks', 'data/chunk_index'].map((name) => ({
    name: `no ${name} in the episode table`,
    damage: (dataset: TestDataset) => dataset.rewrite(EPISODES, (columns) => columns.delete(name)),
    expected: 'missing-column',
    inner: first,
  })),
  {
    name: 'no from_timestamp',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => columns.delete(`videos/${KEY}/from_timestamp`)),
    expected: 'no-from-timestamp',
  },
  {
    name: 'from_timestamp 1 ms off',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => shift(columns, `videos/${KEY}/from_timestamp`, 0.001)),
    expected: 'frame-times',
  },
  {
    name: 'a span of other length',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => shift(columns, `videos/${KEY}/to_timestamp`, 0.5)),
    expected: 'video-span',
  },
  {
    name: 'episodes over each other in a video',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => shift(columns, `videos/${KEY}/to_timestamp`, 0.5)),
    expected: 'video-overlap',
    inner: first,
  },
  {
    name: 'offsets beyond float32',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => shift(columns, `videos/${KEY}/to_timestamp`, 2000)),
    expected: 'float32-offset',
    inner: first,
  },
  ...[
    ['v3.1', 'unknown-version'],
    ['v4.0', 'unknown-version'],
    ['v2.1', 'version-mismatch'],
  ].map(([version, expected]) => ({
    name: `the version ${version}`,
    damage: (dataset: TestDataset) => dataset.change((info) => Object.assign(info, { codebase_version: version })),
    expected: expected as string,
  })),
  {
    name: 'fps as text',
    damage: (dataset) => dataset.change((info) => Object.assign(info, { fps: '30' })),
    expected: 'bad-fps',
  },
  {
    name: 'an absurd fps',
    damage: (dataset) => dataset.change((info) => Object.assign(info, { fps: 1e300 })),
    expected: 'bad-fps',
  },
  ...['total_episodes', 'total_frames', 'total_tasks'].map((name) => ({
    name: `a wrong ${name}`,
    damage: (dataset: TestDataset) => dataset.change((info) => Object.assign(info, { [name]: 2 ** 53 })),
    expected: 'totals',
    inner: first,
  })),
  {
    name: 'a split beyond the episodes',
    damage: (dataset) => dataset.change((info) => Object.assign(info, { splits: { train: '0:9' } })),
    expected: 'splits',
    inner: first,
  },
  {
    name: 'a task nobody numbered',
    damage: (dataset) => dataset.rewrite(EPISODES, (columns) => set(columns, 'tasks', 1, ['Dance.'])),
    expected: 'unknown-task',
    inner: first,
  },
  { name: 'no statistics', damage: (dataset) => rmSync(dataset.at('meta/stats.json')), expected: 'no-stats' },
  {
    name: 'statistics of more frames',
    damage: (dataset) => dataset.change((stats) => count(stats, 9999), 'meta/stats.json'),
    expected: 'stale-stats',
    inner: first,
  },
  {
    name: 'statistics of other data',
    damage: (dataset) => dataset.rewrite(DATA, (columns) => set(columns, 'action', row, Array(16).fill(99))),
    expected: 'stale-stats',
  },
  {
    name: 'a data file that is not there',
    damage: (dataset) => rmSync(dataset.at(DATA)),
    expected: 'missing-file',
  },
  {
    name: 'a data file that was cut off',
    damage: (dataset) => truncateSync(dataset.at(DATA), 5000),
    expected: 'truncated',
  },
  {
    name: 'an episode table that was cut off',
    damage: (dataset) => truncateSync(dataset.at(EPISODES), 5000),
    expected: 'truncated',
  },
  { name: 'no episode table', damage: (dataset) => rmSync(dataset.at(EPISODES)), expected: 'no-episodes' },
  {
    name: 'an info.json that is none',
    damage: (dataset) => writeFileSync(dataset.at('meta/info.json'), '{"fps": 30,'),
    expected: 'bad-json',
  },
  {
    name: 'an episode that is not listed',
    damage: () => undefined,
    expected: 'no-episode',
    inner: 'episode_000077',
  },
  { name: 'a video that is not there', damage: (dataset) => rmSync(dataset.at(FRONT)), expected: 'missing-file' },
  {
    name: 'a video that is none',
    damage: (dataset) => writeFileSync(dataset.at(FRONT), 'no video'),
    expected: 'unreadable',
  },
  {
    name: 'a data template that leads outside',
    damage: (dataset) =>
      dataset.change((info) => Object.assign(info, { data_path: '../../{episode_index:03d}.parquet' })),
    expected: 'outside',
  },
  {
    name: 'a video template that leads outside',
    damage: (dataset) => dataset.change((info) => Object.assign(info, { video_path: '/etc/{video_key}' })),
    expected: 'outside',
  },
  {
    name: 'a link that leads outside',
    damage: (dataset) => {
      renameSync(dataset.at(FRONT), place.at('elsewhere.mp4'));
      symlinkSync(place.at('elsewhere.mp4'), dataset.at(FRONT));
    },
    expected: 'outside',
  },
  {
    name: 'a template of unknown fields',
    damage: (dataset) =>
      dataset.change((info) => Object.assign(info, { data_path: 'data/{secret}/{file_index}.parquet' })),
    expected: 'bad-template',
  },
  {
    name: 'pictures of another size than declared',
    damage: (dataset) => dataset.change((info) => feature(info, KEY, { shape: [480, 640, 3] })),
    expected: 'size-mismatch',
  },
];

const ownFaults: Fault[] = [
  {
    name: 'no episodes_stats.jsonl',
    damage: (dataset) => rmSync(dataset.at('meta/episodes_stats.jsonl')),
    expected: 'no-stats',
  },
  {
    name: 'statistics that lack an episode',
    damage: (dataset) => cutLines(dataset, 'meta/episodes_stats.jsonl', 2),
    expected: 'no-stats',
    inner: first,
  },
  {
    name: 'a line that is no JSON',
    damage: (dataset) => writeFileSync(dataset.at('meta/tasks.jsonl'), '{"task_index": 0, "task"\n'),
    expected: 'bad-json',
  },
  {
    name: 'an episode too few',
    damage: (dataset) => cutLines(dataset, 'meta/episodes.jsonl', 2),
    expected: 'totals',
    inner: first,
  },
  {
    name: 'a video of another episode, shorter',
    damage: (dataset) => copyFileSync(dataset.at(OWN_FRONT.replace('001.', '000.')), dataset.at(OWN_FRONT)),
    expected: 'video-short',
  },
  {
    name: 'a video of another episode, longer',
    damage: (dataset) => copyFileSync(dataset.at(OWN_FRONT), dataset.at(OWN_FRONT.replace('001.', '000.'))),
    expected: 'video-long',
    inner: first,
  },
  {
    name: 'a video that was cut off',
    damage: (dataset) => truncateSync(dataset.at(OWN_FRONT), 700),
    expected: 'video',
  },
  {
    name: 'a data file of another episode',
    damage: (dataset) => copyFileSync(dataset.at(OWN_DATA.replace('001.', '000.')), dataset.at(OWN_DATA)),
    expected: 'no-rows',
  },
  {
    name: 'the header of v3.0 over files of v2.1',
    damage: (dataset) =>
      dataset.change((info) => {
        const { data_path, video_path } = shared.json('meta/info.json');
        Object.assign(info, { codebase_version: 'v3.0', data_path, video_path });
      }),
    expected: 'layout-mismatch',
  },
];

describe.each([
  ['v3.0', sharedFaults],
  ['v2.1', ownFaults],
])('a %s dataset', (version, faults) => {
  it.each(faults.map((fault) => [fault.name, fault] as const))('with %s says so', async (_name, fault) => {
    const dataset = (version === 'v3.0' ? shared : own).copy('damaged');
    await fault.damage(dataset);
    const codes = await told(dataset, fault.inner ?? 'episode_000001');
    if (fault.expected === 'video') expect(codes.length).toBeGreaterThan(0);
    else expect(codes).toContain(fault.expected);
  });
});

describe('what stays usable', () => {
  it('shows the other camera and the series when one video is gone', async () => {
    const dataset = shared.copy('damaged');
    rmSync(dataset.at(FRONT));
    const { episode, values, locations } = await source.open(dataset.file('episode_000001'), dataset.ports);
    expect(episode.streams.map(({ fault }) => fault !== null)).toEqual([true, false]);
    expect(episode.streams[0]?.fault).toMatch(/file-000\.mp4.*is not there/);
    expect([...locations.keys()]).toEqual(['observation.images.left_wrist']);
    expect(values.get('action')?.length).toBeGreaterThan(0);
  });

  it('shows the videos when the data file is gone', async () => {
    const dataset = own.copy('damaged');
    rmSync(dataset.at(OWN_DATA));
    const { episode } = await source.open(dataset.file('episode_000001'), dataset.ports);
    expect(episode.streams.every(({ count, fault }) => count === 10 && fault === null)).toBe(true);
    expect(episode.clocks[0]?.basis).toBe('nominal');
  });

  it('reads files of v2.1 under the header of v3.0, and says so once a kind', async () => {
    const dataset = own.copy('damaged').change((info) => {
      const { data_path, video_path } = shared.json('meta/info.json');
      Object.assign(info, { codebase_version: 'v3.0', data_path, video_path });
    });
    const { episode, values } = await source.open(dataset.file('episode_000002'), dataset.ports);
    expect(episode.streams.map(({ fault }) => fault)).toEqual([null, null]);
    expect(values.size).toBe(5);
    expect((await list(dataset))?.length).toBe(3);
  });

  it('reads files of v3.0 under the header of v2.1', async () => {
    const dataset = shared.copy('damaged').change((info) => {
      const { data_path, video_path } = own.json('meta/info.json');
      Object.assign(info, { codebase_version: 'v2.1', data_path, video_path });
    });
    const { episode, values, locations } = await source.open(dataset.file('episode_000002'), dataset.ports);
    expect(episode.problems.map(({ code }) => code)).toContain('layout-mismatch');
    expect(episode.streams.map(({ fault }) => fault)).toEqual([null, null]);
    expect(locations.get(KEY)).toMatchObject({ kind: 'video', firstFrame: expect.any(Number) });
    expect(values.size).toBe(5);
  });

  it('asks for the rate where nothing says it, and uses what a person states', async () => {
    const dataset = shared.copy('damaged').change((info) => {
      delete info.fps;
    });
    await dataset.rewrite(DATA, (columns) => columns.delete('timestamp'));
    const unsaid = await source.open(dataset.file('episode_000001'), dataset.ports);
    expect([unsaid.episode.asks, unsaid.episode.assumed.rateHz]).toEqual([['rate'], 30]);
    const stated = await source.open(dataset.file('episode_000001', { rateHz: 15 }), dataset.ports);
    expect(stated.episode.clocks[0]?.medianPeriodNs).toBe(Math.round(1e9 / 15));
  });
});

describe('the list of a dataset', () => {
  it.each([
    ['its table cut off', (dataset: TestDataset) => truncateSync(dataset.at(EPISODES), 5000), 'truncated'],
    ['no table', (dataset: TestDataset) => rmSync(dataset.at('meta/episodes'), { recursive: true }), 'no-episodes'],
    [
      'an info.json that is no object',
      (dataset: TestDataset) => writeFileSync(dataset.at('meta/info.json'), '[]'),
      'bad-json',
    ],
    ['no info.json', (dataset: TestDataset) => truncateSync(dataset.at('meta/info.json'), 0), 'bad-json'],
  ])('with %s is one sentence', async (_name, damage, code) => {
    const dataset = shared.copy('damaged');
    const file = dataset.file();
    damage(dataset);
    const failed = await source.recordings?.(file, dataset.ports).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(SourceFault);
    expect((failed as SourceFault).code).toBe(code);
  });

  it('leaves a dataset of anything else to others', async () => {
    const dataset = shared.copy('damaged');
    for (const text of ['', '{}', '[]', 'null', '{"name": "notes"}', '{"fps": 3']) {
      writeFileSync(dataset.at('meta/info.json'), text);
      expect(await source.recognizes(dataset.file(), dataset.ports)).toBe(false);
    }
  });

  it('bears an absurd info.json', async () => {
    const dataset = shared.copy('damaged').change((info) => {
      const features = info.features as Record<string, unknown>;
      for (let at = 0; at < 3000; at++) features[`extra_${at}`] = { dtype: 'float32', shape: [1e9, 1e9], names: null };
      features['../../../secret'] = { dtype: 'video', shape: [-1, 3] };
      features['../../secret'] = { dtype: 'video', shape: [1e300, 2, 3], names: { a: { b: { c: {} } } } };
      features.deep = { dtype: 'float32', shape: [2 ** 31, 2 ** 31], names: Array(10).fill(['x']) };
      Object.assign(info, { chunks_size: 0, total_frames: -1, splits: [1, 2], robot_type: 7 });
    });
    const list_ = await list(dataset);
    expect(list_).toHaveLength(3);
    const codes = [...(await told(dataset, first)), ...(await told(dataset))];
    expect(codes).toEqual(expect.arrayContaining(['too-many-features', 'absent-column']));
    expect(codes.length).toBeLessThan(30);
  });

  it('never follows a feature out of the dataset', async () => {
    const dataset = own.copy('damaged').change((info) => {
      const features = info.features as Record<string, unknown>;
      features['../../../secret'] = features[KEY];
    });
    expect(await told(dataset)).toContain('outside');
  });
});

describe.skipIf(!hasFfmpeg)('videos that ffmpeg made', () => {
  const encode = (dataset: TestDataset, seconds: number, rateHz: number, ...more: string[]) =>
    ffmpeg(...testPicture(seconds, '320x240', rateHz), ...more, '-pix_fmt', 'yuv420p', dataset.at(OWN_FRONT));

  it('with B-frames and long groups opens frame by frame', async () => {
    const dataset = own.copy('damaged');
    encode(dataset, 1, 10, '-c:v', 'libx264', '-bf', '3', '-g', '250');
    const { episode } = await source.open(dataset.file('episode_000001'), dataset.ports);
    expect(episode.problems).toEqual([]);
    expect(episode.streams[0]).toMatchObject({ count: 10, clock: 'timestamp', filter: 'H.264 in MP4' });
  });

  it('at another rate keeps its own clock, and every tick has the frame nearest to its stamp', async () => {
    const dataset = own.copy('damaged');
    encode(dataset, 1, 25, '-c:v', 'libx264');
    const { episode, clocks } = await source.open(dataset.file('episode_000001'), dataset.ports);
    const [stream] = episode.streams;
    expect(episode.problems.map(({ code }) => code)).toEqual(expect.arrayContaining(['frames-uneven', 'frame-times']));
    expect([stream?.rule, stream?.clock]).toEqual(['nearest', `video/${KEY}`]);
    const times = clocks.get(`video/${KEY}`) as Float64Array;
    expect(times.length).toBe(stream?.count);
    expect(times[1]).toBe(40_000_000);
    expect(episode.clocks.map(({ id }) => id)).toEqual(['timestamp', `video/${KEY}`]);
  });

  it('with more frames than its episode is told by the check', async () => {
    const dataset = own.copy('damaged');
    encode(dataset, 1.5, 10, '-c:v', 'libx264');
    expect(await told(dataset)).toEqual(['video-long']);
  });

  it('with too few frames shows those it has', async () => {
    const dataset = own.copy('damaged');
    encode(dataset, 0.7, 10, '-c:v', 'libx264');
    const { episode } = await source.open(dataset.file('episode_000001'), dataset.ports);
    expect(episode.problems.map(({ code }) => code)).toEqual(['video-short']);
    expect(episode.streams[0]?.count).toBe(7);
  });

  it.skipIf(noFfmpeg !== undefined)(
    'shared, of a stream that starts late, show the frames of that moment',
    async () => {
      const dataset = shared.copy('damaged');
      const frames = (await dataset.ports.video.probe(dataset.at(FRONT))).frameCount;
      const whole = dataset.at('whole.mp4');
      await encodePattern(whole, { frames, encode: ['-c:v', 'libx264', '-bf', '3', '-g', '30'] });
      ffmpeg('-itsoffset', '0.7', '-i', whole, '-c', 'copy', dataset.at(FRONT));
      const truth = presentedByFfmpeg(dataset.at(FRONT));
      const shownAt = timesByFfprobe(dataset.at(FRONT));
      expect(shownAt[0]).toBeCloseTo(0.7, 3);
      await dataset.rewrite(EPISODES, (columns) => {
        shift(columns, `videos/${KEY}/from_timestamp`, 0.7);
        shift(columns, `videos/${KEY}/to_timestamp`, 0.7);
      });
      const { episode, locations, clocks } = await source.open(dataset.file('episode_000001'), dataset.ports);
      expect(episode.problems).toEqual([]);
      expect(await told(dataset, first)).toEqual([]);
      const location = locations.get(KEY) as { kind: string; firstFrame: number };
      const stamps = clocks.get('timestamp') as Float64Array;
      const from = 0.7 + (row - 5) / 30;
      for (const tick of [0, 7, stamps.length - 1]) {
        // As LeRobot looks a frame up: the nearest to this time of the file.
        const wanted = from + (stamps[tick] as number) / 1e9;
        const nearest = shownAt.findIndex((seconds) => Math.abs(seconds - wanted) < 1e-4);
        expect(truth[location.firstFrame + tick]).toBe(row - 5 + tick);
        expect(nearest).toBe(location.firstFrame + tick);
      }
    },
  );

  it('of its own, that starts late, is told: LeRobot refuses it', async () => {
    const dataset = own.copy('damaged');
    const frames = (await dataset.ports.video.probe(dataset.at(OWN_FRONT))).frameCount;
    encode(dataset, frames / 10, 10, '-c:v', 'libx264', '-output_ts_offset', '0.25');
    const { episode, clocks } = await source.open(dataset.file('episode_000001'), dataset.ports);
    expect(episode.problems.map(({ code }) => code)).toEqual(['video-late', 'frame-times']);
    expect(episode.problems[0]?.message).toMatch(/begins at 0\.250 s of its own time, after 2 frames/);
    const [stream] = episode.streams;
    expect([stream?.rule, stream?.clock]).toEqual(['nearest', `video/${KEY}`]);
    expect((clocks.get(`video/${KEY}`) as Float64Array)[0]).toBe(250_000_000);
  });

  it('shared by episodes are held against all of them', async () => {
    const dataset = shared.copy('damaged');
    ffmpeg(...testPicture(10, '320x240', 30), '-c:v', 'libx264', '-pix_fmt', 'yuv420p', dataset.at(FRONT));
    expect(await told(dataset, first)).toContain('video-long');
    ffmpeg(...testPicture(1, '320x240', 30), '-c:v', 'libx264', '-pix_fmt', 'yuv420p', dataset.at(FRONT));
    expect(await told(dataset, first)).toContain('video-short');
  });
});

it('tells what the dataset holds beside its faults', async () => {
  const opened = await source.open(shared.file(first), shared.ports);
  const found = await source.check?.(shared.file(first), opened, shared.ports);
  expect(found?.problems).toEqual([]);
  expect(found?.notes?.[0]).toMatch(/^Dataset: v3\.0, 3 episodes, \d+ frames, 30 a second, 2 cameras\.$/);
  expect(found?.notes?.[1]).toBe('Success: 2/3 of the episodes that say so.');
  const later = await source.check?.(shared.file('episode_000002'), opened, shared.ports);
  expect(later?.notes).toBeUndefined();
});

type Columns = Parameters<Parameters<TestDataset['rewrite']>[1]>[0];

function set(columns: Columns, name: string, at: number, cell: unknown): void {
  (columns.get(name) as { cells: unknown[] }).cells[at] = cell;
}

function shift(columns: Columns, name: string, by: number): void {
  const column = columns.get(name) as { cells: unknown[] };
  column.cells = column.cells.map((cell) => (cell as number) + by);
}

function jitter(columns: Columns, name: string, by: number): void {
  const column = columns.get(name) as { cells: unknown[] };
  column.cells = column.cells.map((cell, at) => (cell as number) + (at % 3) * by);
}

function swap(columns: Columns, a: number, b: number): void {
  for (const { cells } of columns.values()) [cells[a], cells[b]] = [cells[b], cells[a]];
}

function feature(info: Record<string, unknown>, key: string, more: Record<string, unknown>): void {
  Object.assign((info.features as Record<string, Record<string, unknown>>)[key] as object, more);
}

function count(stats: Record<string, unknown>, frames: number): void {
  for (const each of Object.values(stats)) (each as Record<string, unknown>).count = [frames];
}

function cutLines(dataset: TestDataset, below: string, keep: number): void {
  const lines = readFileSync(dataset.at(below), 'utf8').split('\n').slice(0, keep);
  writeFileSync(dataset.at(below), `${lines.join('\n')}\n`);
}
