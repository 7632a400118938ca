import type { Source } from '../source.ts';
import { checkMcap } from './check.ts';
import { openMcapEpisode } from './open.ts';
import { mightBe, placeOf, recognizes, rootOf } from './place.ts';
import { writeMcapSample } from './sample.ts';

/** MCAP files of ROS 2 and Foxglove messages. */
export const source: Source = {
  id: 'mcap',
  name: 'MCAP',
  mightBe,
  recognizes,
  rootOf,
  placeOf,
  open: openMcapEpisode,
  check: checkMcap,
  writeSample: writeMcapSample,
};
