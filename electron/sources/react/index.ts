import type { Source } from '../source.ts';
import { findCalibrations } from './calibration.ts';
import { openReact } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** React / TWM: one HDF5 file an episode, `data/<task>/<date>/episode_NNN.h5` below the root. */
export const source: Source = {
  id: 'react',
  name: 'React / TWM',
  takesUnknown: true,
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: openReact,
  calibrations: findCalibrations,
};
