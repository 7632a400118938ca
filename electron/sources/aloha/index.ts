import type { Source } from '../source.ts';
import { checkAloha } from './check.ts';
import { openAloha } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';
import { writeAlohaSample } from './sample.ts';

/** ALOHA / ACT: one HDF5 file an episode, `episode_<i>.hdf5`, frames within. */
export const source: Source = {
  id: 'aloha',
  name: 'ALOHA / ACT',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: openAloha,
  check: checkAloha,
  writeSample: writeAlohaSample,
};
