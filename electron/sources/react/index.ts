import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** React / TWM: one HDF5 file an episode, `data/<task>/<date>/episode_NNN.h5` below the root. */
export const source: Source = {
  id: 'react',
  name: 'React / TWM',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: async (...given) => (await import('./open.ts')).openReact(...given),
  calibrations: async (...given) => (await import('./calibration.ts')).findCalibrations(...given),
};
