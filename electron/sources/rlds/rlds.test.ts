import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SourceBench, sourceBench } from '../../../test/support/hdf5-source.ts';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { openFileOf } from '../../../test/support/source-ports.ts';
import { SourceFault } from '../source.ts';
import { crc32c, masked } from './crc32c.ts';
import { source } from './index.ts';
import { encodeExample, framed, type List } from './write.ts';

const VERSION = 'sample/pick_place_rig/1.0.0';
const SAMPLE = `${VERSION}/dataset_info.json`;
const SHARD = 'pick_place_rig-train.tfrecord-00000-of-00002';
const SECONDS = 2;

let bench: SourceBench;
let made = 0;

beforeAll(async () => {
  bench = await sourceBench(source);
  await source.writeSample?.(path.join(bench.root, 'sample'), await createSampleTools({ seconds: SECONDS }));
}, 120_000);
afterAll(() => bench.close());

/** A copy of the sample's version folder, to be damaged; answers the path of its anchor below the root. */
function copied(damage: (folder: string) => void): string {
  const below = `copy_${made++}/1.0.0`;
  const folder = path.join(bench.root, below);
  cpSync(path.join(bench.root, VERSION), folder, { recursive: true });
  damage(folder);
  return `${below}/dataset_info.json`;
}
const list = (below: string) =>
  source
    .recordings?.(openFileOf(bench.root, below), bench.ports)
    .then((all) => all.map(({ inner, ticks, complete }) => [inner, ticks, complete]));
const listFault = (below: string) =>
  source.recordings?.(openFileOf(bench.root, below), bench.ports).then(
    () => 'it was listed',
    (error: unknown) => (error instanceof SourceFault ? `${error.code}: ${error.message}` : `no fault: ${error}`),
  );
const problemsOf = async (below: string) => {
  const { episode, found } = await bench.open(below);
  return [...episode.problems, ...found.problems].map(({ code, message }) => `${code}: ${message}`);
};
function edit<T>(file: string, change: (json: T) => void): void {
  const json = JSON.parse(readFileSync(file, 'utf8'));
  change(json);
  writeFileSync(file, JSON.stringify(json));
}
/** Puts other data into the first record of the first shard, with checksums that fit. */
function replaceFirst(folder: string, data: Uint8Array): void {
  const bytes = readFileSync(path.join(folder, SHARD));
  const end = 16 + Number(bytes.readBigUInt64LE(0));
  writeFileSync(path.join(folder, SHARD), Buffer.concat([framed(data), bytes.subarray(end)]));
}

describe('checksums', () => {
  it('are those of RFC 3720, in any number of parts', () => {
    const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(ascending)).toBe(0x46dd794e);
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    for (const cut of [0, 1, 7, 8, 9, 31]) {
      expect(crc32c(ascending.subarray(cut), crc32c(ascending.subarray(0, cut)))).toBe(0x46dd794e);
    }
  });
});

describe('the sample', () => {
  it('lists every episode by split and number, with what its record tells', async () => {
    const listed = await source.recordings?.(openFileOf(bench.root, SAMPLE), bench.ports);
    expect(listed?.map(({ inner, ticks, complete }) => [inner, ticks, complete])).toEqual([
      ['train_000000', 10, true],
      ['train_000001', 12, true],
      ['train_000002', 8, true],
      ['val_000000', 10, true],
    ]);
    expect(listed?.[2]).toMatchObject({
      ...{ task: 'pick_place_rig', outcome: 'failure', streams: 2, durationNs: 700_000_000 },
      instruction: 'pick up the cube with the right arm',
      properties: { split: 'train', success: false, episode_id: 2 },
    });
  });

  it('opens with cameras, numbers and flags of the recorded scene', async () => {
    const { episode, found, values, readers, locations, files } = await bench.open(`${SAMPLE}::train_000001`);
    expect(episode.problems).toEqual([]);
    expect(found.problems).toEqual([]);
    expect(episode).toMatchObject({
      ...{ format: 'rlds', task: 'pick_place_rig', name: 'train_000001', outcome: 'success' },
      instruction: 'put the cube into the box',
      asks: ['rate'],
      assumed: { rateHz: 10, quaternionOrder: null },
      properties: { split: 'train', return: 1, end: 'terminal', file_path: 'rig_1/success/episode_1.h5' },
    });
    expect(episode.clocks).toMatchObject([{ basis: 'nominal', count: 12, lastNs: 1_100_000_000 }]);
    expect(episode.marks.map(({ name, startNs }) => [name, startNs])).toEqual([['Terminal', 1_100_000_000]]);
    expect(
      episode.streams.map(({ id, name, encoding, width, height, count }) => [id, name, encoding, width, height, count]),
    ).toEqual([
      ['observation/image', 'Image', 'jpeg', 320, 240, 12],
      ['observation/wrist_image', 'Wrist image', 'png', 160, 120, 12],
    ]);
    expect(episode.series.map(({ id, role, components }) => [id, role, components.length])).toEqual([
      ['action', 'action', 7],
      ['discount', 'other', 1],
      ['observation/state', 'state', 8],
      ['reward', 'other', 1],
    ]);
    const { scene, jpeg, png } = await createSampleTools({ seconds: SECONDS });
    for (const step of [0, 5, 11]) {
      const time = 0.4 * SECONDS + step / 10;
      const robot = scene.robot(time);
      const state = [...robot.joints.slice(7), robot.grippers[1]].map(Math.fround);
      expect([...(values.get('observation/state')?.slice(step * 8, step * 8 + 8) ?? [])]).toEqual(state);
      const [image, wrist] = ['observation/image', 'observation/wrist_image'].map((id) => readers?.get(id));
      expect(await image?.read(step)).toEqual(new Uint8Array(await jpeg(scene.picture('front', time, 320), 320, 240)));
      expect(await wrist?.read(step)).toEqual(new Uint8Array(png(scene.picture('right_wrist', time, 160), 160, 120)));
    }
    expect(locations.get('observation/image')).toEqual({ kind: 'reader' });
    expect(files?.map((file) => path.basename(file))).toEqual(['dataset_info.json', 'features.json', SHARD]);
  });

  it('says where an episode was cut off, and tells of the whole dataset with its first', async () => {
    const cut = await bench.open(`${SAMPLE}::train_000002`);
    expect(cut.episode.properties).toMatchObject({ end: 'cut off', success: false, return: 0 });
    expect(cut.episode.marks).toEqual([]);
    const { found } = await bench.open(`${SAMPLE}::train_000000`);
    expect(found.notes).toEqual([
      'pick_place_rig 1.0.0: train 3 episodes in 2 shards, val 1 episode in 1 shard; 10 Hz (assumed: the files do not say)',
    ]);
  });

  it('takes the rate that a person states', async () => {
    const { episode } = await bench.open(`${SAMPLE}::val_000000`, { rateHz: 5 });
    expect(episode.clocks[0]).toMatchObject({ lastNs: 1_800_000_000, name: 'Steps at 5 Hz (stated for this folder)' });
    expect(episode.assumed.rateHz).toBeNull();
  });

  it('belongs to the folder above its version, whatever of it was opened', () => {
    for (const [place, isFolder] of [
      ['/d/bridge/1.0.0/dataset_info.json', false],
      ['/d/bridge/1.0.0', true],
      ['/d/bridge', true],
    ] as const) {
      expect(source.rootOf(place, isFolder)).toBe('/d/bridge');
    }
  });
});

describe('a shard', () => {
  const shardOf = (folder: string) => path.join(folder, SHARD);

  it('that is missing is one recording that says which episodes are gone, and numbers stay', async () => {
    const below = copied((folder) => rmSync(shardOf(folder)));
    expect(await list(below)).toEqual([
      ['train_000000', undefined, undefined],
      ['train_000002', 8, true],
      ['val_000000', 10, true],
    ]);
    expect(await problemsOf(`${below}::train_000000`)).toEqual([
      expect.stringMatching(/^missing-shard: .*00000-of-00002 is missing.* train_000000 to train_000001: copy it/),
    ]);
    expect(await problemsOf(`${below}::train_000001`)).toHaveLength(1);
    expect(await problemsOf(`${below}::train_000002`)).toEqual([]);
  });

  it('that is missing beside another is told together', async () => {
    const below = copied((folder) => {
      for (const name of readdirSync(folder)) if (name.includes('-train.')) rmSync(path.join(folder, name));
    });
    expect((await list(below))?.map(([inner]) => inner)).toEqual(['train_000000', 'val_000000']);
    expect(await problemsOf(`${below}::train_000000`)).toEqual([
      expect.stringMatching(/^missing-shard: 2 shards are missing, .* train_000000 to train_000002: copy them/),
    ]);
  });

  it('that is cut off keeps the records before', async () => {
    const below = copied((folder) => truncateSync(shardOf(folder), readFileSync(shardOf(folder)).length - 100));
    expect((await list(below))?.slice(0, 2)).toEqual([
      ['train_000000', 10, true],
      ['train_000001', undefined, undefined],
    ]);
    expect(await problemsOf(`${below}::train_000000`)).toEqual([]);
    expect(await problemsOf(`${below}::train_000001`)).toEqual([
      expect.stringMatching(
        /^truncated: .*is cut off \(it ends within record 1\), .* episode train_000001: copy it again/,
      ),
    ]);
  });

  it('with fewer or more records than are listed says so', async () => {
    const info = (folder: string) => path.join(folder, 'dataset_info.json');
    const lengths = (folder: string, ...stated: string[]) =>
      edit<{ splits: { shardLengths: string[] }[] }>(info(folder), ({ splits }) => {
        (splits[0] as { shardLengths: string[] }).shardLengths = stated;
      });
    const more = copied((folder) => lengths(folder, '4', '1'));
    expect((await list(more))?.map(([inner]) => inner)).toEqual([
      ...['train_000000', 'train_000001', 'train_000002', 'train_000004', 'val_000000'],
    ]);
    expect(await problemsOf(`${more}::train_000003`)).toEqual([
      expect.stringMatching(
        /^count-mismatch: .*holds 2 records where dataset_info.json says 4, so .*000002 to .*000003/,
      ),
    ]);
    const fewer = copied((folder) => lengths(folder, '1', '1'));
    expect(await problemsOf(`${fewer}::train_000000`)).toEqual([
      expect.stringMatching(
        /^count-mismatch: .*holds 2 records where dataset_info.json says 1; the last 1 are left out/,
      ),
    ]);
    expect((await bench.open(`${fewer}::train_000001`)).episode.properties.episode_id).toBe(2);
  });

  it('whose length claims to be huge allocates nothing, with a checksum that fits or not', async () => {
    for (const [fits, sentence] of [
      [true, /^truncated: .*it ends within record 0/],
      [false, /^corrupt-shard: .*the length of record 0 does not fit its checksum/],
    ] as const) {
      const below = copied((folder) => {
        const bytes = readFileSync(shardOf(folder));
        bytes.writeBigUInt64LE(2n ** 62n, 0);
        if (fits) bytes.writeUInt32LE(masked(crc32c(bytes.subarray(0, 8))), 8);
        writeFileSync(shardOf(folder), bytes);
      });
      expect((await list(below))?.[0]).toEqual(['train_000000', undefined, undefined]);
      expect(await problemsOf(`${below}::train_000001`)).toEqual([expect.stringMatching(sentence)]);
    }
  });

  it('whose record does not fit its checksum is shown, and says which', async () => {
    const below = copied((folder) => {
      const bytes = readFileSync(shardOf(folder));
      const first = Number(bytes.readBigUInt64LE(0)) + 16;
      const at = bytes.indexOf('put the cube', first);
      bytes.write('cut', at);
      writeFileSync(shardOf(folder), bytes);
    });
    expect(await problemsOf(`${below}::train_000000`)).toEqual([]);
    expect(await problemsOf(`${below}::train_000001`)).toEqual([
      expect.stringMatching(/^bad-checksum: .*00000-of-00002: record 1 does not fit its checksum/),
    ]);
  });

  it('that holds no Example is one sentence for each of its records', async () => {
    for (const data of [
      Buffer.from('no protobuf at all'),
      Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      Buffer.alloc(9, 0xff),
    ]) {
      const below = copied((folder) => replaceFirst(folder, data));
      const problems = await problemsOf(`${below}::train_000000`);
      expect(problems).toEqual([expect.stringMatching(/^bad-record: .*record 0 cannot be read \(.*\): copy/)]);
      expect((await list(below))?.[0]).toEqual(['train_000000', undefined, undefined]);
    }
  });

  it('that is compressed as a whole, or of another file format, is one sentence', async () => {
    const packed = copied((folder) => writeFileSync(shardOf(folder), Buffer.from('1f8b0800000000000003', 'hex')));
    expect(await problemsOf(`${packed}::train_000000`)).toEqual([
      expect.stringMatching(/^compressed: .*write the dataset anew without compression/),
    ]);
    const riegeli = copied((folder) =>
      edit<{ fileFormat: string }>(path.join(folder, 'dataset_info.json'), (info) => {
        info.fileFormat = 'riegeli';
      }),
    );
    expect(await listFault(riegeli)).toMatch(/^unknown-format: .*riegeli, where tfrecord alone is read/);
  });

  it('whose template leads outside is missing, and never read', async () => {
    const outside = copied((folder) =>
      edit<{ splits: { filepathTemplate: string }[] }>(path.join(folder, 'dataset_info.json'), ({ splits }) => {
        for (const split of splits) split.filepathTemplate = '../../../../../{SPLIT}-{SHARD_X_OF_Y}';
      }),
    );
    const sentence = expect.stringMatching(/^missing-shard: /);
    expect(await problemsOf(`${outside}::train_000000`)).toEqual(expect.arrayContaining([sentence]));
  });
});

describe('features.json and dataset_info.json', () => {
  type Features = { featuresDict: { features: Record<string, Json> } };
  // biome-ignore lint/suspicious/noExplicitAny: whatever the file holds.
  type Json = any;
  const stepsOf = ({ featuresDict }: Features) => featuresDict.features.steps.sequence.feature.featuresDict.features;
  const featured = (change: (features: Features) => void) =>
    copied((folder) => edit(path.join(folder, 'features.json'), change));

  it('that are missing, broken or of something else are one sentence', async () => {
    expect(await listFault(copied((folder) => rmSync(path.join(folder, 'features.json'))))).toMatch(/^missing-file: /);
    expect(await listFault(copied((folder) => writeFileSync(path.join(folder, 'features.json'), '{')))).toMatch(
      /^not-json: features.json/,
    );
    expect(await listFault(copied((folder) => writeFileSync(path.join(folder, 'dataset_info.json'), '{')))).toMatch(
      /^not-json: dataset_info.json/,
    );
    expect(await listFault(featured(({ featuresDict }) => delete featuresDict.features.steps))).toMatch(
      /^no-steps: .*it is of another kind than RLDS/,
    );
    for (const lengths of [['-1'], ['9007199254740993'], ['1e99'], [], ['three']]) {
      const below = copied((folder) =>
        edit<Json>(path.join(folder, 'dataset_info.json'), (info) => {
          info.splits = [{ name: 'train', shardLengths: lengths }];
        }),
      );
      expect(await listFault(below)).toMatch(/^bad-info: /);
    }
  });

  it('of other libraries are none of this format', async () => {
    const folder = path.join(bench.root, 'other');
    mkdirSync(folder);
    const file = path.join(folder, 'dataset_info.json');
    for (const text of ['{"features": {}, "splits": {"train": {}}}', '[]', '{"builder_name": "x"}']) {
      writeFileSync(file, text);
      expect(await source.recognizes(openFileOf(bench.root, 'other/dataset_info.json'), bench.ports)).toBe(false);
    }
  });

  it('of the older form, as TFDS wrote it until 2022, declare the same', async () => {
    const older = (node: Json): Json => {
      const type = node.pythonClassName;
      if (node.featuresDict) {
        const children = Object.entries(node.featuresDict.features).map(([key, child]) => [key, older(child)]);
        return { type, content: Object.fromEntries(children) };
      }
      if (node.sequence) return { type, content: { feature: older(node.sequence.feature), length: null } };
      if (node.text) return { type, content: {} };
      if (node.image)
        return { type, content: JSON.stringify(node.image), proto_cls: 'tensorflow_datasets.ImageFeature' };
      const { shape, dtype } = node.tensor;
      return { type, content: { shape: (shape.dimensions ?? []).map(Number), dtype, encoding: 'none' } };
    };
    const below = copied((folder) => {
      const file = path.join(folder, 'features.json');
      writeFileSync(file, JSON.stringify(older(JSON.parse(readFileSync(file, 'utf8')))));
    });
    const { episode, found } = await bench.open(`${below}::train_000001`);
    expect([...episode.problems, ...found.problems]).toEqual([]);
    const now = (await bench.open(`${SAMPLE}::train_000001`)).episode;
    expect([episode.streams, episode.series, episode.properties]).toEqual([now.streams, now.series, now.properties]);
  });

  it('that declare what the records lack, or otherwise, are told feature by feature', async () => {
    const below = featured((features) => {
      const steps = stepsOf(features);
      steps.depth = steps.observation.featuresDict.features.image;
      steps.action.tensor.shape.dimensions = ['6'];
      steps.reward = steps.is_first;
      steps.observation.featuresDict.features.state.tensor.shape.dimensions = ['4'];
      delete steps.discount;
    });
    const { episode, found, values } = await bench.open(`${below}::train_000000`);
    expect(new Set(episode.problems.map(({ code, stream }) => `${code} ${stream}`))).toEqual(
      new Set([
        'wrong-kind reward',
        'missing-feature depth',
        'shape-mismatch action',
        'count-mismatch observation/state',
      ]),
    );
    expect(found.problems.map(({ code }) => code)).toEqual(['undeclared-feature']);
    expect(values.get('observation/state')).toHaveLength(40);
    expect(episode.streams.filter(({ fault }) => fault === null)).toHaveLength(2);
  });
});

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
