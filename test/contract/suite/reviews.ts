import { randomUUID } from 'node:crypto';
import { safe } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** What people say of a recording. */
export function describeReviews(stage: ContractStage): void {
  describe('reviews', () => {
    it('keeps a gesture on disk, takes it back and does it again', async () => {
      const { client } = stage.door;
      const episode = stage.good();
      const patch = [{ map: 'outcome' as const, id: 'episode', value: { value: 'success' } }];
      await client.review.gesture({ episode, name: 'Set outcome to success', patch });
      const after = await client.review.get({ episode });
      const record = { map: 'outcome', id: 'episode', value: { value: 'success' } };
      expect(after.undo).toEqual({ count: 1, name: 'Set outcome to success' });
      // Of a journal that is there, each step is told as a change of what was told before.
      expect((await client.review.undo({ episode })).change?.records).toEqual([{ ...record, value: null, said: null }]);
      const redone = await client.review.redo({ episode });
      expect(redone.change).toMatchObject({ since: redone.version.step - 1, records: [record] });
      expect(await client.review.get({ episode })).toMatchObject({ own: { outcome: { value: 'success' } } });
      const { counts, last } = await client.review.overview({ root: stage.root });
      expect([counts.reviewed, last[0]?.outcome]).toEqual([1, { value: 'success' }]);
      await expectFault(client.review.overview({ root: 'nowhere' }), 'NOT_FOUND');
    });

    it('keeps a gesture that is sent twice once, and refuses for good only what can never be kept', async () => {
      const { client } = stage.door;
      const id = randomUUID();
      const gesture = {
        ...{ episode: stage.good(), id, name: 'Set outcome to suboptimal success' },
        patch: [{ map: 'outcome' as const, id: 'episode', value: { value: 'success_suboptimal' } }],
      };
      const first = await client.review.gesture(gesture);
      expect(await client.review.gesture(gesture)).toMatchObject({ version: first.version, change: { records: [] } });
      await expectFault(client.review.gesture({ ...gesture, id: randomUUID() }), 'REFUSED');
      const outcome = async () => (await client.review.get({ episode: stage.good() })).own.outcome;
      await client.review.undo({ episode: stage.good() });
      expect(await outcome()).toEqual({ value: 'success' });
      // Taken back is not unsaid: the same gesture coming late does not do it again.
      await client.review.gesture(gesture);
      expect(await outcome()).toEqual({ value: 'success' });
      const badId = await safe(client.review.gesture({ ...gesture, id: '__proto__' }));
      expect(badId.error).toMatchObject({ code: 'BAD_REQUEST' });
      // Out of reach is no refusal: a window keeps such a gesture.
      await expectFault(
        client.review.gesture({ ...gesture, episode: `${stage.root}/${stage.fixture.linked}` }),
        'UNUSABLE',
      );
    });

    it('says the same of several recordings of the list, opened or not, in one step', async () => {
      const { client } = stage.door;
      const { root } = stage;
      const strangers = [`${root}/../up`, `${root}/nowhere.h5`, 'other/episode'];
      const found = await client.review.recordings({ root, episodes: [stage.good(), ...strangers] });
      expect(found.map(({ recording }) => recording === null)).toEqual([false, true, true, true]);
      for (const { fault } of found.slice(1)) expect(fault).toMatch(/\w+/);
      const { fingerprint } = await client.review.get({ episode: stage.good() });
      expect(found[0]).toEqual({ episode: stage.good(), recording: fingerprint, fault: null });
      const patch = [{ map: 'properties' as const, id: 'site', value: 'B' }];
      const part = { recording: fingerprint, episode: stage.good(), patch };
      const group = randomUUID();
      // Another's word for what a file holds is not taken.
      const foreign = { ...part, recording: 'e'.repeat(64) };
      const parts = [part, foreign].map((each) => ({ ...each, id: randomUUID() }));
      const end = await client.review.together({ root, group, name: 'Set site to B', parts });
      expect(end).toMatchObject({ kept: 1, faults: [{ recording: foreign.recording }] });
      const site = async () => (await client.review.get({ episode: stage.good() })).own.properties;
      expect(await site()).toEqual({ site: 'B' });
      expect(await client.review.undoTogether({ root, group })).toEqual({ kept: 1, faults: [] });
      expect(await site()).toEqual({});
    });

    it('refuses a gesture that is none', async () => {
      const patch = [{ map: 'outcome' as const, id: 'episode', value: { value: 'splendid' } }];
      const { error } = await safe(stage.door.client.review.gesture({ episode: stage.good(), name: 'x', patch }));
      expect(error).toBeTruthy();
      const nothing = await safe(stage.door.client.review.gesture({ episode: stage.good(), name: 'x', patch: [] }));
      expect(nothing.error).toMatchObject({ code: 'BAD_REQUEST' });
    });
  });
}
