import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** LeRobot datasets v2.0, v2.1 and v3.0: anchored at `meta/info.json`, one recording an episode. */
export const source: Source = {
  id: 'lerobot',
  name: 'LeRobot',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  recordings: async (...given) => (await import('./open.ts')).listEpisodes(...given),
  open: async (...given) => (await import('./open.ts')).openLerobot(...given),
  check: async (...given) => (await import('./check.ts')).checkLerobot(...given),
  writeSample: async (...given) => (await import('./sample.ts')).writeLerobotSample(...given),
};
