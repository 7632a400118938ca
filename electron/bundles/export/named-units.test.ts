import { expect, it } from 'vitest';
import type { MadeUnit } from './make-unit.ts';
import { namedUnits } from './named-units.ts';

const unitsOf = (...paths: string[]) =>
  namedUnits(paths.map((path) => ({ unit: { path, kind: 'rollout' } }) as MadeUnit)).map(({ folder }) => folder);

it('units have folders by the names of their recordings, those of several in one file too', () => {
  expect(
    unitsOf('data/insert/2026-05-11/episode_007.h5', 'meta/info.json::episode_000001', 'can/demo_v141.hdf5::demo_2'),
  ).toEqual([
    'rollouts/0001-insert_2026-05-11_episode_007',
    'rollouts/0002-meta_info_episode_000001',
    'rollouts/0003-can_demo_v141_demo_2',
  ]);
});

it('names of any letters and any length make folders that every disk takes', () => {
  const [long = '', strange = ''] = unitsOf(`${'a'.repeat(300)}.h5`, "lab/it's ünï.h5");
  expect(long).toBe(`rollouts/0001-${'a'.repeat(80)}`);
  expect(strange).toBe('rollouts/0002-lab_it_s_n');
});
