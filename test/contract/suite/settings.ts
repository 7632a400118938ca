import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** Settings of a person and of a dataset. */
export function describeSettings(stage: ContractStage): void {
  describe('settings', () => {
    it('changes a person’s settings and refuses invalid ones', async () => {
      const { client } = stage.door;
      expect((await client.settings.patchUser({ theme: 'dark' })).theme).toBe('dark');
      expect((await client.settings.user()).theme).toBe('dark');
      await expectFault(client.settings.patchUser({ cacheBytes: 1 }), 'REFUSED');
      await expectFault(client.settings.patchUser({ recent: [] }), 'REFUSED');
      expect((await client.settings.user()).recent[0]?.path).toBe(stage.fixture.dataset);
    });

    it('keeps a dataset’s settings beside it', async () => {
      const { client } = stage.door;
      await client.settings.patchDataset({
        root: stage.root,
        patch: { layouts: { default: { panes: [1] } }, holdPeriods: 4 },
      });
      const file = path.join(stage.fixture.dataset, '.regrasp', 'settings.json');
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ layouts: { default: { panes: [1] } } });
      expect((await client.settings.dataset({ root: stage.root })).holdPeriods).toBe(4);
      await client.settings.patchDataset({ root: stage.root, patch: { holdPeriods: null } });
      await expectFault(client.settings.patchDataset({ root: stage.root, patch: { orders: { a: 'grb' } } }), 'REFUSED');
      await expectFault(client.settings.dataset({ root: 'ffffffffffffffff' }), 'NOT_FOUND');
    });

    it('keeps how failures are marked in a project, part by part', async () => {
      const { client } = stage.door;
      const { root } = stage;
      expect(await client.settings.dataset({ root })).toMatchObject({
        failureWindowSeconds: { before: 8, after: 5.2 },
        reactionTimeMs: 0,
        blindUntilSubmitted: false,
      });
      const patch = { failureWindowSeconds: { before: 3 }, reactionTimeMs: 250 };
      const changed = await client.settings.patchDataset({ root, patch });
      expect(changed).toMatchObject({ failureWindowSeconds: { before: 3, after: 5.2 }, reactionTimeMs: 250 });
      await expectFault(client.settings.patchDataset({ root, patch: { reactionTimeMs: -1 } }), 'REFUSED');
      await client.settings.patchDataset({ root, patch: { failureWindowSeconds: null, reactionTimeMs: null } });
    });

    it('names failures by the codes that stand and the lab’s own', async () => {
      const { client } = stage.door;
      const { root } = stage;
      const file = path.join(stage.fixture.dataset, '.regrasp', 'taxonomy.json');
      const standing = await client.taxonomy.get({ root });
      expect(standing.problems).toEqual([]);
      const own = { code: 'LAB_SPILL', category: 'manipulation', title: 'Spilled', definition: 'Out of the cup.' };
      writeFileSync(file, JSON.stringify({ version: 1, codes: [own, { ...own, category: 'kitchen' }] }));
      const { taxonomy, problems } = await client.taxonomy.get({ root });
      expect(taxonomy.codes).toEqual([...standing.taxonomy.codes, own]);
      expect(problems).toEqual([expect.stringContaining('taxonomy.json')]);
      rmSync(file);
      await expectFault(client.taxonomy.get({ root: 'ffffffffffffffff' }), 'NOT_FOUND');
    });
  });
}
