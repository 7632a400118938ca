import { describe, expect, it } from 'vitest';
import { SCAN_JOB } from '../../../shared/api/jobs.ts';
import { collect, expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** Long work. */
export function describeJobs(stage: ContractStage): void {
  describe('jobs', () => {
    /** On a busy machine the scan of the dataset lasts, and is a job then. */
    const ours = async () => (await stage.door.client.jobs.list()).filter(({ kind }) => kind !== SCAN_JOB);

    it('refuses unknown kinds, options and jobs', async () => {
      const { client } = stage.door;
      await expectFault(client.jobs.start({ kind: 'brew', options: {} }), 'REFUSED');
      await expectFault(client.jobs.start({ kind: 'sample', options: { seed: 'x' } }), 'REFUSED');
      for (const call of [client.jobs.cancel, client.jobs.resume, client.jobs.dismiss, client.jobs.log]) {
        await expectFault(call({ job: 'none' }) as Promise<unknown>, 'NOT_FOUND');
      }
      expect(await ours()).toEqual([]);
    });

    it('starts one, tells of it, cancels it, logs it and takes it off the list', async () => {
      const { client } = stage.door;
      const told = collect(stage.door);
      const options = { seed: 3, seconds: 20 };
      const job = await client.jobs.start({ kind: 'sample', options });
      // Asked for twice, it is one.
      expect((await client.jobs.start({ kind: 'sample', options })).id).toBe(job.id);
      expect(job).toMatchObject({ kind: 'sample', state: expect.stringMatching(/queued|running/) });
      await client.jobs.cancel({ job: job.id });
      expect((await ours())[0]).toMatchObject({ id: job.id, state: 'cancelled', resumable: true });
      expect((await client.jobs.log({ job: job.id })).text).toContain('cancelled');
      await client.jobs.dismiss({ job: job.id });
      expect(await ours()).toEqual([]);
      const events = await told.stop(
        (event) => event.type === 'job' && event.job.id === job.id && event.job.state === 'cancelled',
      );
      expect(
        events.some((event) => event.type === 'job' && event.job.id === job.id && event.job.state === 'queued'),
      ).toBe(true);
    });
  });
}
