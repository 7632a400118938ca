import { describe, expect, it } from 'vitest';
import { collect, expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** Long work. */
export function describeJobs(stage: ContractStage): void {
  describe('jobs', () => {
    it('refuses unknown kinds, options and jobs', async () => {
      const { client } = stage.door;
      await expectFault(client.jobs.start({ kind: 'brew', options: {} }), 'REFUSED');
      await expectFault(client.jobs.start({ kind: 'sample', options: { seed: 'x' } }), 'REFUSED');
      for (const call of [client.jobs.cancel, client.jobs.resume, client.jobs.dismiss, client.jobs.log]) {
        await expectFault(call({ job: 'none' }) as Promise<unknown>, 'NOT_FOUND');
      }
      expect(await client.jobs.list()).toEqual([]);
    });

    it('starts one, tells of it, cancels it, logs it and takes it off the list', async () => {
      const { client } = stage.door;
      const told = collect(stage.door);
      const job = await client.jobs.start({ kind: 'sample', options: { seed: 3, seconds: 20 } });
      expect(job).toMatchObject({ kind: 'sample', state: expect.stringMatching(/queued|running/) });
      await client.jobs.cancel({ job: job.id });
      expect((await client.jobs.list())[0]).toMatchObject({ id: job.id, state: 'cancelled', resumable: true });
      expect((await client.jobs.log({ job: job.id })).text).toContain('cancelled');
      await client.jobs.dismiss({ job: job.id });
      expect(await client.jobs.list()).toEqual([]);
      const events = await told.stop((event) => event.type === 'job' && event.job.state === 'cancelled');
      expect(events.some((event) => event.type === 'job' && event.job.state === 'queued')).toBe(true);
    });
  });
}
