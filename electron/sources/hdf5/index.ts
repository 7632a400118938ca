import type { Source } from '../source.ts';
import { mightBe, placeOf, rootOf } from './place.ts';

/** HDF5 files of which nothing tells what recorded them: damaged ones, and those of a layout that no format here has. */
export const source: Source = {
  id: 'hdf5',
  name: 'HDF5 file',
  takesUnknown: true,
  mightBe,
  recognizes: async () => false,
  rootOf,
  placeOf,
  open: async (...given) => (await import('./open.ts')).openUnknown(...given),
};
