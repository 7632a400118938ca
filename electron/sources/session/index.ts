import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** Deployment sessions: `session.json` with cameras and joints beside it, each on its own clock, laid over one. */
export const source: Source = {
  id: 'session',
  name: 'Deployment session',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: async (...given) => (await import('./open.ts')).openSession(...given),
  check: async (...given) => (await import('./check.ts')).checkSession(...given),
  writeSample: async (...given) => (await import('./sample.ts')).writeSessionSample(...given),
};
