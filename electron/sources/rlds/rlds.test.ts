import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampleTools } from '../../../test/support/sample-tools.ts';
import { openFileOf } from '../../../test/support/source-ports.ts';
import {
  bench,
  copied,
  edit,
  list,
  listFault,
  openTfdsBench,
  problemsOf,
  replaceFirst,
  SAMPLE,
  SECONDS,
  SHARD,
} from '../../../test/support/tfds-copies.ts';
import { crc32c, masked } from './crc32c.ts';
import { source } from './index.ts';

beforeAll(openTfdsBench, 120_000);
afterAll(() => bench.close());

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
