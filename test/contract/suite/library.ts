import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { TICK_SECONDS, TICKS } from '../fixture.ts';
import { expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** What was opened, and what is found in it. */
export function describeLibrary(stage: ContractStage): void {
  describe('roots and the library', () => {
    it('lists what was opened, until it is closed', async () => {
      const { client } = stage.door;
      expect(await client.roots.list()).toEqual([
        expect.objectContaining({ id: stage.root, path: stage.fixture.dataset }),
      ]);
      await expectFault(client.roots.open({ grant: 'made-up' }), 'REFUSED');
      await expectFault(client.library.get({ root: 'ffffffffffffffff' }), 'NOT_FOUND');
      await expectFault(client.library.rescan({ root: 'ffffffffffffffff' }), 'NOT_FOUND');
      await expectFault(client.roots.close({ root: 'ffffffffffffffff' }), 'NOT_FOUND');
    });

    it('finds recordings, tells the broken from the good, and follows no link', async () => {
      await vi.waitFor(async () => expect(Object.values(await stage.listed())).not.toContain('pending'), {
        timeout: 20_000,
      });
      expect(await stage.listed()).toEqual({
        [stage.fixture.good]: expect.stringMatching(/good|warning/),
        [stage.fixture.otherDate]: expect.stringMatching(/good|warning/),
        [stage.fixture.notHdf5]: 'error',
        [stage.fixture.linked]: 'error',
      });
      const { entries } = await stage.door.client.library.get({ root: stage.root });
      const broken = entries.find((entry) => entry.path === stage.fixture.notHdf5);
      expect(broken?.problems[0]?.message).toMatch(/episode_001/);
      const linked = entries.find((entry) => entry.path === stage.fixture.linked);
      expect(linked?.problems[0]?.message).toMatch(/is a link to .*outside\.h5, which was not opened/);
      const whole = entries.find((entry) => entry.path === stage.fixture.good);
      expect(whole).toMatchObject({ ticks: TICKS, task: 'push', date: '2026-05-10' });
      expect(whole?.durationNs).toBeCloseTo((TICK_SECONDS.at(-1) ?? 0) * 1e9, -4);
    });

    it('refuses to grant what is not there or is no recording', async () => {
      await expect(stage.door.grant(path.join(stage.fixture.base, 'nowhere'))).rejects.toThrow();
      await expect(stage.door.grant(path.join(stage.fixture.base, 'secret.txt'))).rejects.toThrow();
    });
  });
}
