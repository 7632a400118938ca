import type { Source } from '../source.ts';
import { checkSession } from './check.ts';
import { openSession } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';
import { writeSessionSample } from './sample.ts';

/** Deployment sessions: `session.json` with cameras and joints beside it, each on its own clock, laid over one. */
export const source: Source = {
  id: 'session',
  name: 'Deployment session',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: openSession,
  check: checkSession,
  writeSample: writeSessionSample,
};
