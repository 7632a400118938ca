import { expect, test } from 'vitest';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import type { StageContext, StageEpisode } from '../stage.ts';
import { forEachEpisode } from './for-each-episode.ts';
import { PictureThreadEnded } from './picture-thread.ts';

test('a recording that a thread ended over is tried once more, one that fails is not', async () => {
  const failed: string[] = [];
  const context = {
    episodes: ['once', 'always', 'broken'].map((path) => ({ path, fault: null })) as StageEpisode[],
    signal: new AbortController().signal,
    open: async () => ({}) as OpenWorkstationEpisode,
    progress: () => undefined,
    fail: (item: string, message: string) => void failed.push(`${item}: ${message}`),
  } as unknown as StageContext<object>;
  const tries: string[] = [];
  const counts = await forEachEpisode(context, 1, async ({ path }) => {
    tries.push(path);
    if (path === 'broken') throw new Error('It is broken.');
    if (path === 'always' || tries.length === 1) throw new PictureThreadEnded('The thread that draws pictures ended.');
    return 'made';
  });
  expect(tries).toEqual(['once', 'once', 'always', 'always', 'broken']);
  expect(counts).toEqual({ made: 1, fresh: 0, failed: 2 });
  expect(failed).toEqual(['always: The thread that draws pictures ended.', 'broken: It is broken.']);
});
