import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** DROID raw: a folder of `trajectory.h5`, `metadata_<uuid>.json` and `recordings/MP4/<serial>.mp4`. */
export const source: Source = {
  id: 'droid',
  name: 'DROID raw',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: async (...given) => (await import('./open.ts')).openDroid(...given),
  check: async (...given) => (await import('./check.ts')).checkDroid(...given),
  writeSample: async (...given) => (await import('./sample.ts')).writeDroidSample(...given),
};
