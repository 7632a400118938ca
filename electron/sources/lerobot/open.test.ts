import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestDataset, temporaryRoot } from '../../../test/support/lerobot-datasets.ts';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { hasFfmpeg } from '../../media/testing.ts';
import type { SampleTools } from '../sample-tools.ts';
import { source } from './index.ts';
import { sampleEpisodes } from './sample-episodes.ts';

const place = temporaryRoot();
let tools: SampleTools;
let shared: TestDataset;
let own: TestDataset;

beforeAll(async () => {
  tools = await createSampleTools();
  await source.writeSample?.(place.root, tools);
  shared = new TestDataset(place.at('v3.0'));
  own = new TestDataset(place.at('v2.1'));
}, 120_000);
afterAll(() => place.remove());

const listed = (dataset: TestDataset) => source.recordings?.(dataset.file(), dataset.ports) ?? Promise.resolve([]);
const opened = (dataset: TestDataset, inner: string) => source.open(dataset.file(inner), dataset.ports);

describe.each([
  ['v3.0', 30],
  ['v2.1', 10],
])('the %s sample', (version, rateHz) => {
  const dataset = () => (version === 'v3.0' ? shared : own);
  const truth = () => sampleEpisodes(tools.scene, tools.seconds, rateHz);

  it('is recognised by its content', async () => {
    const file = dataset().file();
    expect(source.mightBe(file)).toBe(true);
    expect(await source.recognizes(file, dataset().ports)).toBe(true);
    expect(source.rootOf(file.path, false)).toBe(dataset().folder);
  });

  it('lists its episodes from meta/ alone', async () => {
    const list = await listed(dataset());
    expect(
      list.map(({ inner, ticks, outcome, streams, complete }) => [inner, ticks, outcome, streams, complete]),
    ).toEqual(
      truth().map(({ frames, success }, index) => [
        `episode_00000${index}`,
        frames,
        success ? 'success' : 'failure',
        2,
        true,
      ]),
    );
    expect(list[1]?.properties).toEqual({ success: false, failure_code: 'grasp_slip', robot: 'two_arm_bench' });
    expect(list[2]?.task).toBe('Bring the block back to where it lay.');
    expect(list[2]?.instruction).toBe('Bring the block back to where it lay.');
  });

  it('is one still when its info.json is cut short, and says so', async () => {
    const cut = dataset().copy('cut');
    writeFileSync(cut.at('meta/info.json'), readFileSync(cut.at('meta/info.json')).subarray(0, 100));
    expect(await source.recognizes(cut.file(), cut.ports)).toBe(true);
    await expect(listed(cut)).rejects.toThrow(/meta\/info\.json is no JSON text/);
  });

  it('tells with every episode of the list what is wrong with the whole, in the words of opening it', async () => {
    const strange = dataset()
      .copy('strange')
      .change((info) => Object.assign(info, { codebase_version: 'v9.0' }));
    const list = await listed(strange);
    expect(list.map(({ problems }) => problems?.map(({ code }) => code))).toEqual(list.map(() => ['unknown-version']));
    const { episode } = await opened(strange, 'episode_000001');
    expect(episode.problems).toEqual(list[1]?.problems);
  });

  it('opens every episode without a problem, as it was listed, and as it was recorded', async () => {
    const list = await listed(dataset());
    for (const [index, { frames, columns, firstRow }] of truth().entries()) {
      const { episode, clocks, values, locations, files } = await opened(dataset(), `episode_00000${index}`);
      expect(episode.problems).toEqual([]);
      expect(JSON.parse(JSON.stringify(episode))).toEqual(episode);
      expect(episode.clocks[0]).toMatchObject({ id: 'timestamp', basis: 'recorded', count: frames, firstNs: 0 });
      const entry = list[index];
      expect([episode.task, episode.outcome, episode.instruction, episode.properties]).toEqual([
        entry?.task,
        entry?.outcome,
        entry?.instruction,
        entry?.properties,
      ]);
      expect(Math.abs((episode.clocks[0]?.lastNs ?? 0) - (entry?.durationNs ?? -1))).toBeLessThan(1000);
      const times = clocks.get('timestamp') as Float64Array;
      expect(times.every((ns, tick) => Math.abs(ns - (tick / rateHz) * 1e9) < 200)).toBe(true);
      for (const { name, cells } of columns) {
        expect(Array.from(values.get(name) ?? [])).toEqual(cells.flat().map(Number));
      }
      expect(
        episode.streams.map(({ id, count, width, height, encoding, clock }) => [
          id,
          count,
          width,
          height,
          encoding,
          clock,
        ]),
      ).toEqual(
        ['observation.images.front', 'observation.images.left_wrist'].map((id) => [
          id,
          frames,
          320,
          240,
          'video',
          'timestamp',
        ]),
      );
      expect(episode.streams[0]?.video?.codec).toBe('h264');
      const first = version === 'v2.1' ? [0, 0] : [firstRow, index === 2 ? 0 : firstRow];
      expect(episode.streams.map(({ id }) => locations.get(id))).toMatchObject(
        first.map((firstFrame) => ({ kind: 'video', firstFrame })),
      );
      expect(files?.[0]).toBe(dataset().at('meta/info.json'));
      expect(files?.some((file) => file.endsWith('.mp4'))).toBe(true);
    }
  });

  it('groups series and marks the intervention', async () => {
    const { episode } = await opened(dataset(), 'episode_000001');
    expect(episode.series.map(({ id, group, role, components }) => [id, group, role, components.length])).toEqual([
      ['observation.state', 'Observation state', 'state', 16],
      ['action', 'Action', 'action', 16],
      ['intervention', 'Flags', 'other', 1],
      ['next.reward', 'Next reward', 'other', 1],
      ['next.done', 'Flags', 'other', 1],
    ]);
    expect(episode.series[0]?.components[7]).toBe('right_joint_1');
    const { handoffSeconds, recoveredSeconds } = tools.scene.failure;
    expect(episode.marks).toHaveLength(1);
    expect(episode.marks[0]).toMatchObject({ kind: 'recovery', by: 'recorder' });
    expect(Math.abs((episode.marks[0]?.startNs ?? 0) / 1e9 - handoffSeconds)).toBeLessThan(1 / rateHz + 1e-6);
    expect(Math.abs((episode.marks[0]?.endNs ?? 0) / 1e9 - recoveredSeconds)).toBeLessThan(2 / rateHz);
    expect(episode.metadata.stats).toHaveProperty(['observation.state']);
  });
});

describe.skipIf(!hasFfmpeg)('the picture of a tick, decoded by ffmpeg', () => {
  it.each(['v3.0', 'v2.1'])('is the one that was filmed then (%s)', async (version) => {
    const dataset = version === 'v3.0' ? shared : own;
    for (const [index, episode] of sampleEpisodes(tools.scene, tools.seconds, version === 'v3.0' ? 30 : 10).entries()) {
      const { locations } = await opened(dataset, `episode_00000${index}`);
      const location = locations.get('observation.images.front');
      if (location?.kind !== 'video') throw new Error('The front camera is no video.');
      const tick = episode.frames >> 1;
      const shown = frameByFfmpeg(location.file, location.firstFrame + tick);
      const filmed = (frame: number) =>
        tools.scene.picture('front', Math.min(tools.seconds, episode.secondsOf(frame)), 320);
      const apart = (picture: Uint8Array) =>
        picture.reduce((sum, value, at) => sum + (value - (shown[at] as number)) ** 2, 0) / picture.length;
      const own = apart(filmed(tick));
      // Nearer than what was filmed a few frames before and after, and as near as an encoder comes.
      expect(own).toBeLessThan(150);
      expect(own).toBeLessThan(apart(filmed(tick - 4)));
      expect(own).toBeLessThan(apart(filmed(tick + 4)));
    }
  });
});

describe('names', () => {
  it('leads to the dataset from its own folders', () => {
    const root = '/lab/pick';
    for (const folder of [
      'meta',
      'data',
      'data/chunk-000',
      'meta/episodes/chunk-000',
      'videos/observation.images.front/chunk-000',
    ]) {
      expect([folder, source.rootOf(`${root}/${folder}`, true)]).toEqual([
        folder,
        folder === 'data' ? `${root}/data` : root,
      ]);
    }
    expect(source.rootOf(root, true)).toBe(root);
    expect(source.placeOf('pick/meta/info.json')).toEqual({ task: '', date: '', name: 'pick' });
    expect(source.placeOf('pick/meta/info.json::episode_000012').name).toBe('episode_000012');
  });
});

/** Presented frame `index` as interleaved RGB. */
function frameByFfmpeg(file: string, index: number): Uint8Array {
  const select = `select=eq(n\\,${index})`;
  const args = ['-v', 'error', '-i', file, '-vf', select, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  return execFileSync('ffmpeg', args, { maxBuffer: 64e6 });
}
