import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeTickRequest } from '../../shared/api/tick.ts';
import type { Stream } from '../../shared/episode/episode.ts';
import type { Player } from '../playback/player.ts';
import { createThumbnails, previewStreamOf, toRgba } from './thumbnails.ts';

const stream = (id: string, more: Partial<Stream>): Stream =>
  ({ id, kind: 'color', position: null, fault: null, ...more }) as Stream;

describe('the picture under the pointer', () => {
  it('comes from the middle camera, else the first that works, never from depth or touch', () => {
    const depth = stream('depth', { kind: 'depth', position: 'middle' });
    const left = stream('left', { position: 'left' });
    const middle = stream('middle', { position: 'middle' });
    expect(previewStreamOf({ streams: [depth, left, middle] })?.id).toBe('middle');
    expect(previewStreamOf({ streams: [depth, left, { ...middle, fault: 'Missing.' }] })?.id).toBe('left');
    expect(previewStreamOf({ streams: [depth] })).toBeUndefined();
  });

  it('has its channels in the right order', () => {
    const pixels = Uint8Array.from([10, 20, 30, 40, 50, 60]);
    const size = { width: 2, height: 1 };
    expect([...toRgba(pixels, { ...size, channels: 3, order: 'bgr' })]).toEqual([30, 20, 10, 255, 60, 50, 40, 255]);
    expect([...toRgba(pixels, { ...size, channels: 3, order: 'rgb' })]).toEqual([10, 20, 30, 255, 40, 50, 60, 255]);
    expect([...toRgba(pixels, { ...size, channels: 1, order: null })]).toEqual([10, 10, 10, 255, 20, 20, 20, 255]);
  });

  it('is asked for under a name of its own, or what was seen in another recording or window would count as newer', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address.slice(address.indexOf('?') + 1));
      return new Response(null, { status: 204 });
    });
    const player = { episode: { id: 'lab/e.h5' }, state: () => ({ playing: false }) } as Player;
    const canvas = { toggleAttribute: () => true } as unknown as HTMLCanvasElement;
    for (const ticks of [[1, 2, 3], [4]]) {
      const thumbnails = createThumbnails(player, stream('middle', { width: 640, height: 480 }), canvas, 176);
      for (const tick of ticks) {
        thumbnails.want(tick);
        await vi.waitUntil(() => decodeTickRequest(asked.at(-1) ?? '')?.tick === tick);
      }
      thumbnails.dispose();
    }
    const newest = new Map<string, number>();
    for (const request of asked.map(decodeTickRequest)) {
      expect(request?.sequence).toBeGreaterThan(newest.get(request?.view ?? '') ?? 0);
      newest.set(request?.view ?? '', request?.sequence ?? 0);
    }
  });

  afterEach(() => void vi.unstubAllGlobals());
});
