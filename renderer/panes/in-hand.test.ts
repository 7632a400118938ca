import { expect, it } from 'vitest';
import { type InHand, phaseAt, ringOf } from './in-hand.ts';

const inHand: InHand = {
  ...{ word: 'Left OptiTrack loss', streams: ['gel'], tracks: ['sensor_left'], series: [], sides: ['left'] },
  ...{ ticks: [100, 130], around: [70, 145] },
};

it('is near around the event and now within it, both ends counted', () => {
  expect([69, 70, 99, 100, 130, 131, 145, 146].map((tick) => phaseAt(inHand, tick))).toEqual([
    null,
    'near',
    'near',
    'now',
    'now',
    'near',
    'near',
    null,
  ]);
});

it('rings what shows one of its streams, bodies or series, and nothing else', () => {
  const ring = (subject: Parameters<typeof ringOf>[1], phase: 'near' | 'now' | null = 'now') =>
    ringOf({ inHand, phase }, subject);
  expect(ring({ streams: ['gel'] })).toBe('now');
  expect(ring({ tracks: ['motherboard', 'sensor_left'] }, 'near')).toBe('near');
  expect(ring({ streams: ['camera'], series: ['joints'] })).toBeNull();
  expect(ring(undefined)).toBeNull();
  expect(ring({ streams: ['gel'] }, null)).toBeNull();
  expect(ringOf({ inHand: null, phase: 'now' }, { streams: ['gel'] })).toBeNull();
});
