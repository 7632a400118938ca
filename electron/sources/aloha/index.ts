import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** ALOHA / ACT: one HDF5 file an episode, `episode_<i>.hdf5`, frames within. */
export const source: Source = {
  id: 'aloha',
  name: 'ALOHA / ACT',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: async (...given) => (await import('./open.ts')).openAloha(...given),
  check: async (...given) => (await import('./check.ts')).checkAloha(...given),
  writeSample: async (...given) => (await import('./sample.ts')).writeAlohaSample(...given),
};
