import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileOf } from '../../../test/support/source-ports.ts';
import { bench, copied, edit, listFault, openTfdsBench, SAMPLE } from '../../../test/support/tfds-copies.ts';
import { source } from './index.ts';

beforeAll(openTfdsBench, 120_000);
afterAll(() => bench.close());

describe('features.json and dataset_info.json', () => {
  /** A feature as TFDS writes it today: of its kinds one is there. */
  interface Feature {
    pythonClassName: string;
    featuresDict?: { features: Record<string, Feature> };
    sequence?: { feature: Feature };
    text?: object;
    image?: object;
    tensor?: { shape: { dimensions?: string[] }; dtype: string };
  }
  const below = (feature: Feature | undefined, name: string): Feature => {
    const children = (feature?.sequence?.feature ?? feature)?.featuresDict?.features;
    const child = children?.[name];
    if (!child) throw new Error(`The sample declares no ${name}.`);
    return child;
  };
  const stepsOf = (features: Feature) => below(features, 'steps').sequence?.feature.featuresDict?.features ?? {};
  const reshape = ({ tensor }: Feature, dimensions: string[]) => {
    if (tensor) tensor.shape.dimensions = dimensions;
  };
  const featured = (change: (features: Feature) => void) =>
    copied((folder) => edit(path.join(folder, 'features.json'), change));

  it('that are missing, broken or of something else are one sentence', async () => {
    expect(await listFault(copied((folder) => rmSync(path.join(folder, 'features.json'))))).toMatch(/^missing-file: /);
    expect(await listFault(copied((folder) => writeFileSync(path.join(folder, 'features.json'), '{')))).toMatch(
      /^not-json: features.json/,
    );
    expect(await listFault(copied((folder) => writeFileSync(path.join(folder, 'dataset_info.json'), '{')))).toMatch(
      /^not-json: dataset_info.json/,
    );
    expect(await listFault(featured(({ featuresDict }) => delete featuresDict?.features.steps))).toMatch(
      /^no-steps: .*it is of another kind than RLDS/,
    );
    for (const lengths of [['-1'], ['9007199254740993'], ['1e99'], [], ['three']]) {
      const anchor = copied((folder) =>
        edit<{ splits: object[] }>(path.join(folder, 'dataset_info.json'), (info) => {
          info.splits = [{ name: 'train', shardLengths: lengths }];
        }),
      );
      expect(await listFault(anchor)).toMatch(/^bad-info: /);
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
    const older = (node: Feature): object => {
      const type = node.pythonClassName;
      if (node.featuresDict) {
        const children = Object.entries(node.featuresDict.features).map(([key, child]) => [key, older(child)]);
        return { type, content: Object.fromEntries(children) };
      }
      if (node.sequence) return { type, content: { feature: older(node.sequence.feature), length: null } };
      if (node.text) return { type, content: {} };
      if (node.image)
        return { type, content: JSON.stringify(node.image), proto_cls: 'tensorflow_datasets.ImageFeature' };
      if (!node.tensor) throw new Error('The sample holds a feature of another kind.');
      const { shape, dtype } = node.tensor;
      return { type, content: { shape: (shape.dimensions ?? []).map(Number), dtype, encoding: 'none' } };
    };
    const anchor = copied((folder) => {
      const file = path.join(folder, 'features.json');
      writeFileSync(file, JSON.stringify(older(JSON.parse(readFileSync(file, 'utf8')))));
    });
    const { episode, found } = await bench.open(`${anchor}::train_000001`);
    expect([...episode.problems, ...found.problems]).toEqual([]);
    const now = (await bench.open(`${SAMPLE}::train_000001`)).episode;
    expect([episode.streams, episode.series, episode.properties]).toEqual([now.streams, now.series, now.properties]);
  });

  it('that declare what the records lack, or otherwise, are told feature by feature', async () => {
    const anchor = featured((features) => {
      const steps = below(features, 'steps');
      const observation = below(steps, 'observation');
      reshape(below(steps, 'action'), ['6']);
      reshape(below(observation, 'state'), ['4']);
      const declared = stepsOf(features);
      Object.assign(declared, { depth: below(observation, 'image'), reward: below(steps, 'is_first') });
      delete declared.discount;
    });
    const { episode, found, values } = await bench.open(`${anchor}::train_000000`);
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
