import type { Source } from '../source.ts';
import { checkDroid } from './check.ts';
import { openDroid } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';
import { writeDroidSample } from './sample.ts';

/** DROID raw: a folder of `trajectory.h5`, `metadata_<uuid>.json` and `recordings/MP4/<serial>.mp4`. */
export const source: Source = {
  id: 'droid',
  name: 'DROID raw',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: openDroid,
  check: checkDroid,
  writeSample: writeDroidSample,
};
