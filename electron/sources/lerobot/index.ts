import type { Source } from '../source.ts';
import { checkLerobot } from './check.ts';
import { listEpisodes, openLerobot } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';
import { writeLerobotSample } from './sample.ts';

/** LeRobot datasets v2.0, v2.1 and v3.0: anchored at `meta/info.json`, one recording an episode. */
export const source: Source = {
  id: 'lerobot',
  name: 'LeRobot',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  recordings: listEpisodes,
  open: openLerobot,
  check: checkLerobot,
  writeSample: writeLerobotSample,
};
