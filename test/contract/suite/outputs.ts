import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { STAGE_JOB } from '../../../shared/api/jobs.ts';
import { type OutputRequest, outputAddress } from '../../../shared/api/outputs.ts';
import { expectFault } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** What stages made of a date's recordings: told, and served by the recording's id. */
export function describeOutputs(stage: ContractStage): void {
  describe('outputs', () => {
    const DATE = '2026-05-10';
    const list = async () => (await stage.door.client.outputs.list({ root: stage.root, date: DATE })).recordings;
    const mine = async () => (await list()).find(({ episode }) => episode === stage.good());
    const gif = () => path.join(stage.fixture.dataset, 'figures/episode_previews/push', DATE, 'episode_000.gif');
    const ask = async (more: Partial<OutputRequest> = {}, init: RequestInit = {}) => {
      const tag = more.tag ?? (await mine())?.gallery.tag ?? 'none';
      return stage.door.fetch(outputAddress({ episode: stage.good(), kind: 'gallery', ...more, tag }), init);
    };

    it('are missing, and say so, before they are made', async () => {
      expect(await mine()).toMatchObject({
        name: 'episode_000',
        fault: null,
        preview: { state: 'missing', tag: null },
        gallery: { state: 'missing', reason: null, tag: null, sizeBytes: null },
        // It was opened before, so it is known which recording this is.
        review: { own: { flags: {} } },
      });
      expect((await ask()).status).toBe(404);
      expect((await stage.door.fetch('/api/output')).status).toBe(400);
      await expectFault(stage.door.client.outputs.list({ root: 'nowhere' }), 'NOT_FOUND');
    });

    it('are fresh once made, served whole and in parts, and never by a path', async () => {
      const options = { stage: 'gallery', root: stage.root, only: stage.good(), options: { frames: 2 } };
      const { id } = await stage.door.client.jobs.start({ kind: STAGE_JOB, options });
      const job = () => stage.door.client.jobs.list().then((jobs) => jobs.find((each) => each.id === id));
      await vi.waitFor(async () => expect((await job())?.state).toMatch(/^(done|failed)$/), { timeout: 110_000 });
      const truth = readFileSync(gif());
      expect((await mine())?.gallery).toMatchObject({ state: 'fresh', sizeBytes: truth.length });
      const whole = await ask();
      expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'image/gif']);
      expect(Buffer.from(await whole.arrayBuffer()).equals(truth)).toBe(true);
      const part = await ask({}, { headers: { range: 'bytes=6-9' } });
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 6-9/${truth.length}`]);
      expect(Buffer.from(await part.arrayBuffer()).equals(truth.subarray(6, 10))).toBe(true);
      expect((await ask({ tag: 'another' })).status).toBe(404);
      expect((await ask({ kind: '../secret' as 'gallery' })).status).toBe(400);
      expect((await ask({ episode: `${stage.root}/../outside.h5` })).status).toBe(403);
      expect((await ask({ episode: `${stage.root}/${stage.fixture.otherDate}` })).status).toBe(403);
    });

    it('tell what people flagged and which outputs follow from choices of before', async () => {
      const { client } = stage.door;
      const value = { kind: 'occlusion', ticks: [2, 2] };
      const patch = [{ map: 'flags' as const, id: 'flag-1', value }];
      await client.review.gesture({ episode: stage.good(), name: 'Flag an occlusion', patch });
      expect((await mine())?.review?.own.flags).toEqual({ 'flag-1': value });
      expect(await client.outputs.get({ episode: stage.good() })).toMatchObject({ gallery: { state: 'fresh' } });
      const orders = { 'gelsight/left/frames': 'bgr' };
      await client.settings.patchDataset({ root: stage.root, patch: { orders } });
      const { gallery, fingerprint } = await client.outputs.get({ episode: stage.good() });
      expect(gallery).toMatchObject({ state: 'stale', reason: expect.stringMatching(/other choices/) });
      expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
      await client.settings.patchDataset({ root: stage.root, patch: { orders: { 'gelsight/left/frames': null } } });
    });

    it('lead nowhere outside of the dataset, and are what they are called', async () => {
      const kept = readFileSync(gif());
      writeFileSync(gif(), 'no picture');
      expect((await mine())?.gallery.state).toBe('foreign');
      expect((await ask()).status).toBe(422);
      const folder = path.dirname(gif());
      const outside = path.join(stage.fixture.base, 'elsewhere');
      mkdirSync(outside);
      writeFileSync(path.join(outside, 'episode_000.gif'), kept);
      renameSync(folder, `${folder}-kept`);
      symlinkSync(outside, folder);
      expect((await mine())?.gallery.state).toBe('missing');
      expect((await ask()).status).toBe(403);
      rmSync(folder);
      expect(existsSync(path.join(outside, 'episode_000.gif'))).toBe(true);
      expect((await ask()).status).toBe(404);
    });
  });
}
