import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** Artifacts of a policy rollout: `trajectory.npz`, and beside it a video, timings and a summary. */
export const source: Source = {
  id: 'rollout',
  name: 'Rollout artifacts',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: async (...given) => (await import('./open.ts')).openRollout(...given),
  check: async (...given) => (await import('./check.ts')).checkRollout(...given),
  writeSample: async (...given) => (await import('./sample.ts')).writeRolloutSample(...given),
};
