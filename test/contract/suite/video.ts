import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createVideoProbe } from '../../../electron/media/probe.ts';
import { source } from '../../../electron/sources/rollout/index.ts';
import { PROXY_JOB, type VideoForm, videoAddress } from '../../../shared/api/video.ts';
import { createSampleTools } from '../../support/sample-tools.ts';
import type { ContractStage } from './stage.ts';

/** Files behind video streams: ranges of them, and copies of those that no window plays. */
export function describeVideo(stage: ContractStage): void {
  describe('video', () => {
    let folder: string;
    let root: string;

    beforeAll(async () => {
      folder = path.join(stage.fixture.base, 'rollouts');
      await source.writeSample?.(folder, await createSampleTools({ seconds: 2 }));
      root = (await stage.door.client.roots.open({ grant: await stage.door.grant(folder) })).id;
    }, 120_000);

    async function opened(name: string) {
      const below = `pick_place/2026-03-31/${name}`;
      const id = `${root}/${below}/trajectory.npz`;
      const { episode, revision } = await stage.door.client.episodes.open({ episode: id });
      const stream = episode.streams.find(({ encoding }) => encoding === 'video');
      if (!stream) throw new Error(`${name} has no video`);
      const file = path.join(folder, below, 'video.mp4');
      const ask = (init: RequestInit = {}, form: VideoForm = 'recorded', more = {}) =>
        stage.door.fetch(videoAddress({ episode: id, stream: stream.id, revision, form, ...more }), init);
      return { id, stream, file, ask };
    }
    const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

    it('answers the file whole, in parts, and what it would be', async () => {
      const { file, ask } = await opened('rollout_000');
      const truth = readFileSync(file);
      const whole = await ask();
      expect(whole.status).toBe(200);
      expect(whole.headers.get('accept-ranges')).toBe('bytes');
      expect((await bytesOf(whole)).equals(truth)).toBe(true);
      const parts: [string, Buffer, string][] = [
        ['bytes=0-0', truth.subarray(0, 1), `bytes 0-0/${truth.length}`],
        ['bytes=100-1099', truth.subarray(100, 1100), `bytes 100-1099/${truth.length}`],
        [
          `bytes=${truth.length - 5}-`,
          truth.subarray(-5),
          `bytes ${truth.length - 5}-${truth.length - 1}/${truth.length}`,
        ],
        ['bytes=-7', truth.subarray(-7), `bytes ${truth.length - 7}-${truth.length - 1}/${truth.length}`],
        [`bytes=10-${truth.length * 2}`, truth.subarray(10), `bytes 10-${truth.length - 1}/${truth.length}`],
      ];
      for (const [range, expected, said] of parts) {
        const part = await ask({ headers: { range } });
        expect(part.status, range).toBe(206);
        expect(part.headers.get('content-range')).toBe(said);
        expect((await bytesOf(part)).equals(expected)).toBe(true);
      }
      const beyond = await ask({ headers: { range: `bytes=${truth.length}-` } });
      expect(beyond.status).toBe(416);
      expect(beyond.headers.get('content-range')).toBe(`bytes */${truth.length}`);
      const head = await ask({ method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(truth.length)]);
      const other = await ask({ headers: { range: 'bytes=0-9', 'if-range': '"another"' } });
      expect(other.status).toBe(200);
      await other.body?.cancel();
    });

    it('answers nothing but the video of a stream of the recording that was opened', async () => {
      const { ask } = await opened('rollout_000');
      expect((await ask({}, 'recorded', { revision: 'old' })).status).toBe(404);
      expect((await ask({}, 'recorded', { stream: '../../secret' })).status).toBe(404);
      expect((await ask({}, 'recorded', { episode: `${root}/../outside.h5` })).status).not.toBe(200);
      expect((await ask({}, 'recorded', { episode: stage.good(), stream: 'realsense/cam0/color' })).status).toBe(404);
      expect((await stage.door.fetch('/api/video')).status).toBe(400);
      expect((await ask({}, 'proxy')).status).toBe(204);
    });

    it('makes a copy of what no window plays, once, with every frame', async () => {
      const { id, stream, ask } = await opened('rollout_001');
      expect(stream.video).toMatchObject({ codec: 'mpeg4', codecString: null });
      expect((await ask({}, 'proxy')).status).toBe(204);
      const start = () =>
        stage.door.client.jobs.start({ kind: PROXY_JOB, options: { episode: id, stream: stream.id } });
      const [job, again] = [await start(), await start()];
      expect(again.id).toBe(job.id);
      await vi.waitFor(
        async () => {
          const now = (await stage.door.client.jobs.list()).find((each) => each.id === job.id);
          expect(now).toMatchObject({ state: 'done', unit: 'frames', done: stream.count, total: stream.count });
        },
        { timeout: 60_000, interval: 100 },
      );
      const copy = path.join(stage.fixture.base, 'copy.mp4');
      writeFileSync(copy, await bytesOf(await ask({}, 'proxy')));
      const facts = await createVideoProbe().probe(copy);
      expect(facts).toMatchObject({
        codec: 'h264',
        frameCount: stream.count,
        width: stream.width,
        height: stream.height,
      });
      const missing = { kind: PROXY_JOB, options: { episode: id, stream: 'nobody' } };
      const refused = await stage.door.client.jobs.start(missing);
      await vi.waitFor(async () => {
        const now = (await stage.door.client.jobs.list()).find((each) => each.id === refused.id);
        expect(now).toMatchObject({ state: 'failed', message: expect.stringMatching(/no video stream "nobody"/) });
      });
    }, 120_000);

    it('mixes no two states of a file', async () => {
      const { file, ask } = await opened('rollout_000');
      await (await ask({ headers: { range: 'bytes=0-9' } })).body?.cancel();
      writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(8)]));
      expect((await ask({ headers: { range: 'bytes=0-9' } })).status).toBe(404);
    });
  });
}
