import type { Source } from '../source.ts';
import { checkOopsie } from './check.ts';
import { openOopsie } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';
import { writeOopsieSample } from './sample.ts';

/** Oopsie Data: one HDF5 file an episode with its videos beside it, and what annotators said inside. */
export const source: Source = {
  id: 'oopsie',
  name: 'Oopsie Data',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: openOopsie,
  check: checkOopsie,
  writeSample: writeOopsieSample,
};
