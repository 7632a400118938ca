import type { Source } from '../source.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';

/** MCAP files of ROS 2 and Foxglove messages. */
export const source: Source = {
  id: 'mcap',
  name: 'MCAP',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: async (...given) => (await import('./open.ts')).openMcapEpisode(...given),
  check: async (file, opened) => (await import('./check.ts')).checkMcap(file, opened),
  writeSample: async (...given) => (await import('./sample.ts')).writeMcapSample(...given),
};
