import { describe, expect, it } from 'vitest';
import { depthPixels, framePixels, HEIGHT, STREAM_SEEDS, TICK_SECONDS, TICKS, WIDTH } from '../fixture.ts';
import { bytesOf } from '../helpers.ts';
import type { ContractStage } from './stage.ts';

/** A moment of every stream, byte for byte. */
export function describeTicks(stage: ContractStage): void {
  describe('ticks', () => {
    const all = Object.keys(STREAM_SEEDS).map((stream) => ({ stream }));

    it.each([[0], [3], [TICKS - 1]])('carries the stored bytes of tick %i of every stream', async (at) => {
      const { header, body } = await stage.tick({ tick: at, streams: [...all, { stream: 'realsense/cam1/depth' }] });
      expect(header).toMatchObject({ episode: stage.good(), tick: at, view: 'suite', sequence: stage.sequence });
      expect(header.timeNs).toBeCloseTo((TICK_SECONDS[at] as number) * 1e9, -4);
      expect(header.samples).toHaveLength(6);
      for (const sample of header.samples) {
        expect(sample, sample.stream).toMatchObject({ state: 'shown', index: at, width: WIDTH, height: HEIGHT });
        const seed = STREAM_SEEDS[sample.stream];
        const stored = seed === undefined ? bytesOf(depthPixels(at)) : framePixels(seed, at);
        expect(sample.offset % 8).toBe(0);
        expect(sample.bytes).toBe(stored.length);
        expect(Buffer.compare(body.subarray(sample.offset, sample.offset + sample.bytes), stored), sample.stream).toBe(
          0,
        );
      }
    });

    it('names the channel order in use, and follows the person’s choice', async () => {
      const orderNow = async () => (await stage.tick()).header.samples[0]?.order;
      expect(await orderNow()).toBe('bgr');
      await stage.door.client.settings.patchDataset({
        root: stage.root,
        patch: { orders: { 'realsense/cam0/color': 'rgb' } },
      });
      expect(await orderNow()).toBe('rgb');
      await stage.door.client.settings.patchDataset({
        root: stage.root,
        patch: { orders: { 'realsense/cam0/color': null } },
      });
      expect(await orderNow()).toBe('bgr');
    });

    it('pairs tactile streams by the offset a person set', async () => {
      const streams = [{ stream: 'gelsight/left/frames' }, { stream: 'realsense/cam0/color' }];
      const patch = (ticks: number | null) => ({
        root: stage.root,
        patch: { tactileOffsets: { [stage.fixture.good]: ticks } },
      });
      await stage.door.client.settings.patchDataset(patch(2));
      expect((await stage.tick({ tick: 3, streams })).header.samples.map((sample) => sample.index)).toEqual([5, 3]);
      await stage.door.client.settings.patchDataset(patch(null));
      expect((await stage.tick({ tick: 3, streams })).header.samples.map((sample) => sample.index)).toEqual([3, 3]);
    });

    it('averages down to the size that was asked for', async () => {
      const streams = [{ stream: 'realsense/cam0/color', maxWidth: WIDTH / 2, maxHeight: HEIGHT / 2 }];
      const { header, body } = await stage.tick({ streams });
      const [sample] = header.samples;
      expect(sample).toMatchObject({
        width: WIDTH / 2,
        height: HEIGHT / 2,
        storedWidth: WIDTH,
        storedHeight: HEIGHT,
      });
      const stored = framePixels(1, 0);
      const corner = [0, 3, WIDTH * 3, WIDTH * 3 + 3].reduce((sum, at) => sum + (stored[at] as number), 0) / 4;
      expect(Math.abs((body[sample?.offset ?? 0] as number) - corner)).toBeLessThanOrEqual(1);
    });

    it('is superseded by a newer request of its view, and of no other', async () => {
      const old = stage.tickPath();
      await stage.tick();
      const late = await stage.door.fetch(old);
      expect(late.status).toBe(204);
      expect((await late.arrayBuffer()).byteLength).toBe(0);
      expect((await stage.door.fetch(stage.tickPath({ view: 'another', sequence: 1 }))).status).toBe(200);
    });

    it('ends with the newest of many that were sent at once', async () => {
      const responses = await Promise.all(
        Array.from({ length: 12 }, (_, at) => stage.door.fetch(stage.tickPath({ tick: at % TICKS, streams: all }))),
      );
      expect(responses.at(-1)?.status).toBe(200);
      for (const response of responses) {
        expect([200, 204]).toContain(response.status);
        await response.arrayBuffer();
      }
    });

    it('says what is wrong with a stream and shows the others', async () => {
      const { header } = await stage.tick({
        streams: [{ stream: 'realsense/cam9/color' }, { stream: 'realsense/cam0/color' }],
      });
      expect(header.samples[0]).toMatchObject({ state: 'fault', message: expect.stringContaining('cam9') });
      expect(header.samples[1]?.state).toBe('shown');
    });

    it('does not go into a cache, and says how long it is', async () => {
      const response = await stage.door.fetch(stage.tickPath());
      expect(response.headers.get('cache-control')).toBe('no-store');
      const bytes = (await response.arrayBuffer()).byteLength;
      expect(Number(response.headers.get('content-length'))).toBe(bytes);
    });

    it.each([
      [''],
      ['?episode=x'],
      ['?tick=-1'],
      ['?%E0%A4%A'],
      ['?episode=a&view=v&tick=1e9&sequence=0&direction=0&stream=s'],
    ])('answers 400 to %j', async (query) => {
      expect((await stage.door.fetch(`/api/tick${query}`)).status).toBe(400);
    });

    it('answers a tick beyond the end without failing', async () => {
      const response = await stage.door.fetch(stage.tickPath({ tick: 10_000 }));
      expect(response.status).toBeLessThan(500);
      await response.arrayBuffer();
    });
  });
}
