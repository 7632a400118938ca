import type { Stream } from '../../../shared/episode/episode.ts';
import { CLOCK } from './clock.ts';
import type { Feature } from './info.ts';

/** A camera before its samples were looked at: size by the declaration, no sample yet. */
export function blankStream({ key, size, isDepthMap }: Feature, encoding: Stream['encoding']): Stream {
  const name = key.slice(key.lastIndexOf('.') + 1);
  const width = size?.width ?? 0;
  const height = size?.height ?? 0;
  const isTactile = /tactile|gelsight|digit\b/i.test(name);
  return {
    id: key,
    name,
    kind: isTactile ? 'tactile' : isDepthMap && encoding !== 'video' ? 'depth' : 'color',
    position: positionOf(name),
    shape: [0, height, width, 3],
    width,
    height,
    channels: 3,
    dtype: 'uint8',
    encoding,
    video: null,
    order: 'rgb',
    count: 0,
    clock: CLOCK,
    rule: 'latest',
    chunk: null,
    filter: '',
    filters: [],
    serial: null,
    fault: null,
  };
}

function positionOf(name: string): Stream['position'] {
  if (/(^|[^a-z])left([^a-z]|$)/i.test(name)) return 'left';
  if (/(^|[^a-z])right([^a-z]|$)/i.test(name)) return 'right';
  return /(^|[^a-z])(middle|center|centre)([^a-z]|$)/i.test(name) ? 'middle' : null;
}
