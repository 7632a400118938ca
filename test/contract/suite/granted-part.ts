import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** Less than all of a dataset is granted. */
export function describeGrantedPart(stage: ContractStage): void {
  describe('a part that was granted', () => {
    it('is all that is listed and opened', async () => {
      await stage.door.client.roots.close({ root: stage.root });
      expect(await stage.door.client.roots.list()).toEqual([]);
      await expectFault(stage.door.client.episodes.open({ episode: stage.good() }), 'NOT_FOUND');
      const part = path.join(stage.fixture.dataset, path.dirname(stage.fixture.otherDate));
      const opened = await stage.door.client.roots.open({ grant: await stage.door.grant(part) });
      expect(opened).toMatchObject({ id: stage.root, prefix: 'data/push/2026-05-11' });
      await vi.waitFor(async () => expect(Object.keys(await stage.listed())).toContain(stage.fixture.otherDate), {
        timeout: 10_000,
      });
      expect(Object.keys(await stage.listed())).not.toContain(stage.fixture.good);
      await expectFault(stage.door.client.episodes.open({ episode: stage.good() }), 'REFUSED');
      expect((await stage.door.fetch(stage.tickPath())).status).toBe(403);
      await stage.door.client.episodes.open({ episode: `${stage.root}/${stage.fixture.otherDate}` });
    });

    it('may be one file, which is shown first', async () => {
      await stage.door.client.roots.close({ root: stage.root });
      const file = path.join(stage.fixture.dataset, stage.fixture.good);
      const opened = await stage.door.client.roots.open({ grant: await stage.door.grant(file) });
      expect(opened).toMatchObject({ id: stage.root, focus: stage.good() });
      await expectFault(
        stage.door.client.episodes.open({ episode: `${stage.root}/${stage.fixture.otherDate}` }),
        'REFUSED',
      );
      expect(await stage.door.client.review.get({ episode: stage.good() })).toMatchObject({
        own: { outcome: { value: 'success' } },
      });
    });
  });
}
