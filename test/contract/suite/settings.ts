import { readFileSync } from 'node:fs';
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
  });
}
