import { describe, expect, it } from 'vitest';
import type { Stream } from '../../shared/episode/episode.ts';
import { previewStreamOf, toRgba } from './thumbnails.ts';

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
});
