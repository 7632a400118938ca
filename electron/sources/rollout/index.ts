import type { Source } from '../source.ts';
import { checkRollout } from './check.ts';
import { openRollout } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';
import { writeRolloutSample } from './sample.ts';

/** Artifacts of a policy rollout: `trajectory.npz`, and beside it a video, timings and a summary. */
export const source: Source = {
  id: 'rollout',
  name: 'Rollout artifacts',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: openRollout,
  check: checkRollout,
  writeSample: writeRolloutSample,
};
