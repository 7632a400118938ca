import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** robomimic: one HDF5 file with many demonstrations, `data/demo_<N>`. */
export const source: Source = {
  id: 'robomimic',
  name: 'robomimic',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  recordings: async (...given) => (await import('./demos.ts')).listDemos(...given),
  open: async (...given) => (await import('./open.ts')).openRobomimic(...given),
  check: async (...given) => (await import('./check.ts')).checkRobomimic(...given),
  writeSample: async (...given) => (await import('./sample.ts')).writeRobomimicSample(...given),
};
