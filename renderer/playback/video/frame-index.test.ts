import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameIndex } from './frame-index.ts';
import type { PacketList } from './packet-list.ts';

function listed(seconds: readonly number[], isKey: (position: number) => boolean): PacketList {
  return { seconds: Float64Array.from(seconds), keys: Uint8Array.from(seconds, (_, at) => (isKey(at) ? 1 : 0)) };
}

/** I P B B, I P B B in decoding order: shown as I B B P, I B B P. */
const TIMES = [0, 3, 1, 2, 4, 7, 5, 6];
const WITH_B_FRAMES = listed(TIMES, (position) => position % 4 === 0);

describe('the index of presented frames', () => {
  it('counts by time what is decoded in another order', () => {
    const index = new FrameIndex(WITH_B_FRAMES);
    expect(index.frameCount).toBe(8);
    expect([0, 1, 2, 3, 4].map((frame) => index.positionOf(frame))).toEqual([0, 2, 3, 1, 4]);
    expect(index.frameAt(1)).toBe(3);
    expect([3, 4, 6].map((frame) => index.startFor(frame))).toEqual([0, 4, 4]);
  });

  it('leaves out what an edit list cuts off, and still begins decoding there', () => {
    const index = new FrameIndex({ ...WITH_B_FRAMES, seconds: Float64Array.from(TIMES, (seconds) => seconds - 2) });
    expect(index.frameCount).toBe(6);
    expect(index.frameAt(0)).toBe(-1);
    expect(index.positionOf(0)).toBe(3);
    expect(index.startFor(0)).toBe(0);
  });

  it('begins a group earlier for a frame that is decoded after a key and shown before it', () => {
    // The second group is open: its key is shown at 4, but a frame of time 3 follows it.
    const seconds = [0, 2, 1, 4, 3, 5];
    const index = new FrameIndex(listed(seconds, (at) => at === 0 || at === 3));
    expect(index.startFor(3)).toBe(0);
    expect(index.startFor(4)).toBe(3);
  });

  it('forgets a key that is none, and says when no key comes before a frame', () => {
    const index = new FrameIndex(WITH_B_FRAMES);
    index.forgetStart(4);
    expect(index.startFor(6)).toBe(0);
    index.forgetStart(0);
    expect(index.startFor(0)).toBe(-1);
  });

  it('is one to one for any times', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 40 }), { minLength: 1 }), (times) => {
        const index = new FrameIndex(listed(times, (at) => at % 3 === 0));
        const shown = Array.from({ length: index.frameCount }, (_, frame) => index.positionOf(frame));
        expect(shown.map((position) => index.frameAt(position))).toEqual(shown.map((_, frame) => frame));
        expect(shown.map((position) => times[position])).toEqual(
          times.filter((time) => time >= 0).sort((a, b) => a - b),
        );
        for (const [frame, position] of shown.entries()) expect(index.startFor(frame)).toBeLessThanOrEqual(position);
      }),
    );
  });
});
