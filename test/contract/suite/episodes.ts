import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatQuery } from '../../../shared/api/query.ts';
import { type Fixture, STREAM_SEEDS } from '../fixture.ts';
import { expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** One recording: what it holds, and every way around what was granted. */
export function describeEpisodes(stage: ContractStage): void {
  describe('episodes', () => {
    it('opens one with its model, fingerprint and revision', async () => {
      const opened = await stage.door.client.episodes.open({ episode: stage.good() });
      expect(opened.episode.streams.map((stream) => stream.id)).toEqual(
        expect.arrayContaining(Object.keys(STREAM_SEEDS)),
      );
      expect(opened.fingerprint).toMatch(/^[0-9a-f]{64}$/);
      expect(opened.revision).not.toBe('');
      const other = await stage.door.client.episodes.open({ episode: `${stage.root}/${stage.fixture.notHdf5}` });
      expect(other.episode.problems[0]?.severity).toBe('error');
    });

    it.each([
      ['a link that leaves', (f: Fixture) => f.linked],
      ['a way up', () => 'data/../../outside.h5'],
      ['a way up and back', () => 'data/push/2026-05-10/../2026-05-10/episode_000.h5'],
      ['an absolute path', (f: Fixture) => path.join(f.base, 'outside.h5')],
      ['a NUL', (f: Fixture) => `${f.good}\0`],
      ['an empty part', () => 'data//push/2026-05-10/episode_000.h5'],
      ['nothing', () => ''],
    ])('refuses %s', async (_what, below) => {
      const episode = `${stage.root}/${below(stage.fixture)}`;
      await expectFault(stage.door.client.episodes.open({ episode }), 'REFUSED');
      await expectFault(stage.door.client.review.get({ episode }), 'REFUSED');
      expect((await stage.door.fetch(stage.tickPath({ episode }))).status).toBe(403);
      const query = formatQuery(Object.entries({ episode, kind: 'clock', id: 'timestamps' }));
      expect((await stage.door.fetch(`/api/arrays?${query}`)).status).toBe(403);
    });

    it.each([['%2e%2e/outside.h5'], ['data/push/2026-05-10/%2e%2e/x.h5'], ['.regrasp/settings.json']])(
      'does not find %s',
      async (below) => {
        await expectFault(stage.door.client.episodes.open({ episode: `${stage.root}/${below}` }), 'NOT_FOUND');
      },
    );

    it('knows no other root', async () => {
      await expectFault(
        stage.door.client.episodes.open({ episode: `0123456789abcdef/${stage.fixture.good}` }),
        'NOT_FOUND',
      );
      await expectFault(stage.door.client.episodes.open({ episode: stage.fixture.good }), 'REFUSED');
    });

    it('answers calibrations, Python and seen ticks', async () => {
      const { client } = stage.door;
      expect(await client.episodes.calibrations({ episode: stage.good() })).toEqual([]);
      const range = { episode: stage.good(), from: 1, to: 3 };
      const { code } = await client.episodes.python({ ...range, streams: ['realsense/cam0/color'] });
      expect(code).toContain('realsense/cam0/color');
      await expectFault(client.episodes.python({ ...range, streams: ['../other'] }), 'NOT_FOUND');
      await client.episodes.seen({ episode: stage.good(), add: [[0, 1]] });
      const seen = await client.episodes.seen({ episode: stage.good(), add: [[2, 4]] });
      expect(seen.ranges).toEqual([[0, 4]]);
      // Ticks painted of a file that was replaced since are not ticks of this one.
      const late = await client.episodes.seen({ episode: stage.good(), add: [[5, 6]], revision: 'of another file' });
      expect(late.ranges).toEqual([[0, 4]]);
      const { revision } = await client.episodes.open({ episode: stage.good() });
      const again = await client.episodes.seen({ episode: stage.good(), add: [[5, 6]], revision });
      expect(again.ranges).toEqual([[0, 6]]);
    });
  });
}
