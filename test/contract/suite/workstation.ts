import { describe, expect, it } from 'vitest';
import type { ContractStage } from './stage.ts';

/** What the workstation says of itself, and calls that are none. */
export function describeWorkstation(stage: ContractStage): void {
  describe('the workstation', () => {
    it('says what it is', async () => {
      const about = await stage.door.client.workstation.about();
      expect(about).toMatchObject({ version: '0.0.0-test', node: process.versions.node });
      expect(about.processMemoryBytes).toBeGreaterThan(1e6);
    });

    it('examines itself', async () => {
      const checks = await stage.door.client.workstation.doctor();
      const names = checks.map((check) => check.name);
      expect(names).toEqual(
        expect.arrayContaining(['Regrasp', 'Node', 'Video encoder', 'User folder', 'Dataset lab', 'Memory']),
      );
      expect(checks.find((check) => /blosc/i.test(check.name))).toMatchObject({ state: 'good' });
    });

    it('refuses calls that are none', async () => {
      expect((await stage.door.fetch('/api/rpc/roots/everything', { method: 'POST', body: '{}' })).status).toBe(404);
      const malformed = await stage.door.fetch('/api/rpc/library/get', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"json":{"root":5}}',
      });
      expect(malformed.status).toBe(400);
      const broken = await stage.door.fetch('/api/rpc/library/get', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"json":',
      });
      expect(broken.status).toBe(400);
    });
  });
}
