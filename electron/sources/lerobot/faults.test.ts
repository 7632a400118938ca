import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePattern, noFfmpeg, presentedByFfmpeg } from '../../../test/support/bit-pattern-video.ts';
import { TestDataset, temporaryRoot } from '../../../test/support/lerobot-datasets.ts';
import {
  DATA,
  EPISODES,
  FRONT,
  first,
  KEY,
  OWN_DATA,
  OWN_FRONT,
  ownFaults,
  sharedFaults,
  shift,
  TASKS,
} from '../../../test/support/lerobot-faults.ts';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { ffmpeg, hasFfmpeg, testPicture, timesByFfprobe } from '../../media/testing.ts';
import { SourceFault } from '../source.ts';
import { source } from './index.ts';
import { sampleEpisodes } from './sample-episodes.ts';

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

describe.each([
  ['v3.0', sharedFaults],
  ['v2.1', ownFaults],
])('a %s dataset', (version, faults) => {
  it.each(faults.map((fault) => [fault.name, fault] as const))('with %s says so', async (_name, fault) => {
    const dataset = (version === 'v3.0' ? shared : own).copy('damaged');
    await fault.damage(dataset, row);
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
    const isTaken = (text: string) => {
      writeFileSync(dataset.at('meta/info.json'), text);
      return source.recognizes(dataset.file(), dataset.ports);
    };
    for (const text of ['{}', '[]', 'null', '{"name": "notes"}']) expect(await isTaken(text), text).toBe(false);
    // Damaged, it is told by what lies beside it.
    for (const text of ['', '{"fps": 3']) expect(await isTaken(text), text).toBe(true);
    for (const below of ['meta/episodes', TASKS]) rmSync(dataset.at(below), { recursive: true });
    for (const text of ['', '{"fps": 3']) expect(await isTaken(text), text).toBe(false);
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

  it('shared, with frames that lead an episode in, is fine as long as none stands behind the last', async () => {
    const dataset = shared.copy('damaged');
    const frames = (await dataset.ports.video.probe(dataset.at(FRONT))).frameCount;
    const encodeFrames = (count: number) =>
      ffmpeg(...testPicture(count / 30, '320x240', 30), '-c:v', 'libx264', '-pix_fmt', 'yuv420p', dataset.at(FRONT));
    await dataset.rewrite(EPISODES, (columns) => {
      shift(columns, `videos/${KEY}/from_timestamp`, 12 / 30);
      shift(columns, `videos/${KEY}/to_timestamp`, 12 / 30);
    });
    encodeFrames(frames + 12);
    expect(await told(dataset, first)).toEqual([]);
    encodeFrames(frames + 13);
    expect(await told(dataset, first)).toEqual(['video-long']);
    encodeFrames(frames + 11);
    expect(await told(dataset, first)).not.toEqual([]);
  });

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
  expect(found?.judgements).toEqual(['Success: 2/3 of the episodes that say so.']);
  const later = await source.check?.(shared.file('episode_000002'), opened, shared.ports);
  expect(later?.notes).toBeUndefined();
});
