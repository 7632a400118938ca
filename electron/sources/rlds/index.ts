import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** RLDS as TFDS stores it: anchored at `dataset_info.json`, one recording a record of its TFRecord shards. */
export const source: Source = {
  id: 'rlds',
  name: 'RLDS / TFDS',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  recordings: async (...given) => (await import('./list.ts')).listEpisodes(...given),
  open: async (...given) => (await import('./open.ts')).openRlds(...given),
  check: async (...given) => (await import('./check.ts')).checkRlds(...given),
  writeSample: async (...given) => (await import('./sample.ts')).writeRldsSample(...given),
};
