import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** Oopsie Data: one HDF5 file an episode with its videos beside it, and what annotators said inside. */
export const source: Source = {
  id: 'oopsie',
  name: 'Oopsie Data',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: async (...given) => (await import('./open.ts')).openOopsie(...given),
  check: async (...given) => (await import('./check.ts')).checkOopsie(...given),
  writeSample: async (...given) => (await import('./sample.ts')).writeOopsieSample(...given),
};
