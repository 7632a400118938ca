import type { Source } from '../source.ts';
import { checkRobomimic } from './check.ts';
import { listDemos } from './demos.ts';
import { openRobomimic } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';
import { writeRobomimicSample } from './sample.ts';

/** robomimic: one HDF5 file with many demonstrations, `data/demo_<N>`. */
export const source: Source = {
  id: 'robomimic',
  name: 'robomimic',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  recordings: listDemos,
  open: openRobomimic,
  check: checkRobomimic,
  writeSample: writeRobomimicSample,
};
