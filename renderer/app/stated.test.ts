import { expect, it } from 'vitest';
import type { Episode } from '../../shared/episode/episode.ts';
import { factsInUse, foldersOf, parseRate, statedFor } from './stated.ts';

it('are asked for by folder, the nearest first, for all recordings of a file alike', () => {
  expect(foldersOf('a/b/file.hdf5::demo_1')).toEqual(['a/b', 'a', '']);
  expect(foldersOf('file.npz')).toEqual(['']);
  const stated = { '': { rateHz: 30 }, a: { rateHz: 50 } };
  expect(statedFor(stated, 'a/b/file.npz')).toEqual({ folder: 'a', facts: { rateHz: 50 } });
  expect(statedFor(stated, 'c/file.npz')?.folder).toBe('');
  expect(statedFor({}, 'c/file.npz')).toBeUndefined();
});

it('say what stands in for them, and who said so', () => {
  const episode = {
    ...{ asks: ['rate', 'quaternion-order'], clocks: [], masterClock: 'steps' },
    assumed: { rateHz: 50, quaternionOrder: 'wxyz' },
  };
  const texts = (stated?: { rateHz?: number }) =>
    factsInUse(episode as unknown as Episode, stated).map(({ text }) => text);
  expect(texts()).toEqual(['50 Hz assumed', 'w x y z assumed']);
  expect(texts({ rateHz: 29.97 })).toEqual(['29.97 Hz stated', 'w x y z assumed']);
  const clocks = [{ id: 'steps', medianPeriodNs: 50e6 }];
  const known = { asks: ['rate'], assumed: { rateHz: null }, clocks, masterClock: 'steps' } as unknown as Episode;
  expect(factsInUse(known, undefined)[0]?.text).toBe('20 Hz by the file');
});

it('are rates that a recorder can have', () => {
  expect([
    parseRate('50'),
    parseRate(' 29,97 '),
    parseRate('0'),
    parseRate('x'),
    parseRate(''),
    parseRate('1e9'),
  ]).toEqual([50, 29.97, ...Array(4).fill(undefined)]);
});
