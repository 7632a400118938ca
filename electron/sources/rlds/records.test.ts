import { truncateSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { bench, copied, edit, openTfdsBench, replaceFirst, SHARD } from '../../../test/support/tfds-copies.ts';
import { encodeExample, type List } from './write.ts';

beforeAll(openTfdsBench, 120_000);
afterAll(() => bench.close());

describe('a record', () => {
  const STEPS = 6;
  const floats = (...value: number[]): List => ({ floatList: { value } });
  const ints = (...value: number[]): List => ({ int64List: { value } });
  const bytes = (...value: Uint8Array[]): List => ({ bytesList: { value } });
  const each = <T>(value: (step: number) => T): T[] => Array.from({ length: STEPS }, (_, step) => value(step));
  let picture: Uint8Array;
  beforeAll(async () => {
    picture = await (await createSampleTools()).jpeg(new Uint8Array(32 * 24 * 3).fill(90), 32, 24);
  });
  /** A sound episode of a few steps, some of it replaced; undefined leaves a feature out. */
  async function openedWith(change: Record<string, List | undefined>) {
    const sound: Record<string, List | undefined> = {
      'episode_metadata/file_path': bytes(Buffer.from('x')),
      'episode_metadata/episode_id': ints(-3),
      'episode_metadata/success': ints(1),
      'steps/observation/image': bytes(...each(() => picture)),
      'steps/observation/wrist_image': bytes(...each(() => picture)),
      'steps/observation/state': floats(...each((step) => Array(8).fill(step)).flat()),
      'steps/action': floats(...each(() => Array(7).fill(0.5)).flat()),
      'steps/reward': floats(...each(() => 0)),
      'steps/discount': floats(...each(() => 1)),
      'steps/is_first': ints(...each((step) => Number(step === 0))),
      'steps/is_last': ints(...each((step) => Number(step === STEPS - 1))),
      'steps/is_terminal': ints(...each((step) => Number(step === STEPS - 1))),
      'steps/language_instruction': bytes(...each(() => Buffer.from('do it'))),
      ...change,
    };
    const lists = Object.entries(sound).filter((entry): entry is [string, List] => entry[1] !== undefined);
    const below = copied((folder) => {
      replaceFirst(folder, encodeExample(Object.fromEntries(lists)));
      edit<{ featuresDict: { features: { steps: object } } }>(path.join(folder, 'features.json'), (features) => {
        const text = JSON.stringify(features)
          .replaceAll('"240","320"', '"24","32"')
          .replaceAll('"120","160"', '"24","32"');
        Object.assign(features, JSON.parse(text));
      });
    });
    const opened = await bench.open(`${below}::train_000000`);
    const told = [...opened.episode.problems, ...opened.found.problems];
    return { ...opened, below, told: told.map(({ code, stream }) => (stream ? `${code} ${stream}` : code)) };
  }

  it('that is sound has nothing told of it', async () => {
    const { episode, told } = await openedWith({});
    expect(told).toEqual([]);
    expect(episode.properties.episode_id).toBe(-3);
  });

  it('of no step is one error', async () => {
    const nothing = { 'steps/observation/state': floats(), 'steps/action': floats(), 'steps/reward': floats() };
    const none = Object.fromEntries(
      ['observation/image', 'observation/wrist_image', 'language_instruction'].map((name) => [
        `steps/${name}`,
        bytes(),
      ]),
    );
    const flags = Object.fromEntries(
      ['discount', 'is_first', 'is_last', 'is_terminal'].map((name) => [`steps/${name}`, ints()]),
    );
    const { episode, told } = await openedWith({ ...nothing, ...none, ...flags });
    expect(told).toEqual(['empty']);
    expect(episode.clocks).toMatchObject([{ count: 0 }]);
  });

  it('with lists of different lengths goes by what most agree on, and tells each', async () => {
    const { episode, told, values } = await openedWith({
      'steps/observation/image': bytes(picture, picture),
      'steps/observation/state': floats(...Array(8 * (STEPS + 2)).fill(1)),
      'steps/is_last': ints(0, 1),
      'steps/language_instruction': bytes(Buffer.from('do it')),
      'steps/action': floats(...Array(7 * STEPS - 1).fill(1)),
    });
    expect(episode.clocks).toMatchObject([{ count: STEPS }]);
    expect(new Set(told)).toEqual(
      new Set([
        ...['count-mismatch observation/image', 'count-mismatch observation/state', 'count-mismatch is_last'],
        ...['count-mismatch language_instruction', 'shape-mismatch action', 'bad-flag is_last'],
        'bad-picture observation/image',
      ]),
    );
    expect(episode.streams.map(({ count }) => count)).toEqual([2, STEPS]);
    expect(values.get('observation/state')).toHaveLength(8 * STEPS);
    expect(values.get('action')?.subarray(-7).every(Number.isNaN)).toBe(true);
  });

  it('with numbers that are none, and pictures that are none, says where', async () => {
    const state = each((step) => Array(8).fill(step)).flat();
    state[8 * 3 + 1] = Number.NaN;
    state[8 * 4] = Number.POSITIVE_INFINITY;
    const cut = picture.slice(0, picture.length - 20);
    const { episode, found, readers, values, told } = await openedWith({
      'steps/observation/state': floats(...state),
      'steps/observation/image': bytes(
        ...each((step) => (step === 2 ? Buffer.from('GIF89a') : step === 4 ? cut : picture)),
      ),
      'steps/observation/wrist_image': bytes(...each(() => new Uint8Array(0))),
    });
    expect(told).toEqual([
      ...['stream-unreadable observation/wrist_image', 'not-finite observation/state', 'bad-picture observation/image'],
    ]);
    expect(episode.problems[1]?.message).toContain('1 NaN and 1 infinite values, the first at step 3');
    expect(found.problems[0]?.message).toMatch(/picture 2 of .* is neither JPEG nor PNG \(2 of 6 are bad\)/);
    expect(values.get('observation/state')?.[8 * 4]).toBeNaN();
    expect(await readers?.get('observation/image')?.read(3)).toEqual(picture);
    await expect(readers?.get('observation/image')?.read(STEPS)).rejects.toMatchObject({ code: 'corrupt-chunk' });
  });

  it('with flags where none belong is told, and marked', async () => {
    const { episode, told } = await openedWith({
      'steps/is_first': ints(1, 0, 0, 1, 0, 0),
      'steps/is_last': ints(...each(() => 0)),
      'steps/is_terminal': ints(0, 1, 0, 0, 0, 0),
    });
    expect(told).toEqual(['bad-flag is_first', 'bad-flag is_last', 'early-terminal is_terminal']);
    expect(episode.marks.map(({ name, startNs }) => [name, startNs])).toEqual([
      ['Terminal', 100_000_000],
      ['First step', 300_000_000],
    ]);
    expect(episode.properties.end).toBe('cut off');
  });

  it('whose instruction changes has a mark for each part', async () => {
    const said = ['reach', 'reach', 'grasp', 'grasp', 'grasp', ''];
    const { episode, told } = await openedWith({
      'steps/language_instruction': bytes(...said.map((text) => Buffer.from(text))),
    });
    expect(episode.marks.filter(({ kind }) => kind === 'task')).toMatchObject([
      { text: 'reach', startNs: 0, endNs: 200_000_000 },
      { text: 'grasp', startNs: 200_000_000, endNs: 500_000_000 },
    ]);
    expect(told).toEqual(['no-instruction']);
  });

  it('without a declared feature, or with one more, is told', async () => {
    const { told } = await openedWith({ 'steps/action': undefined, 'steps/extra': ints(1) });
    expect(told).toEqual(['missing-feature action', 'undeclared-feature']);
  });

  it('changed since it was opened answers a sentence for its pictures', async () => {
    const { readers, below } = await openedWith({});
    truncateSync(path.join(bench.root, path.dirname(below), SHARD), 40);
    await expect(readers?.get('observation/image')?.read(5)).rejects.toMatchObject({
      code: 'corrupt-chunk',
      message: expect.stringContaining('the file has become shorter since it was opened'),
    });
  });
});
