import type { Source } from '../source.ts';
import { checkRlds } from './check.ts';
import { listEpisodes } from './list.ts';
import { openRlds } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';
import { writeRldsSample } from './sample.ts';

/** RLDS as TFDS stores it: anchored at `dataset_info.json`, one recording a record of its TFRecord shards. */
export const source: Source = {
  id: 'rlds',
  name: 'RLDS / TFDS',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  recordings: listEpisodes,
  open: openRlds,
  check: checkRlds,
  writeSample: writeRldsSample,
};
