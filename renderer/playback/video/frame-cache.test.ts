import { describe, expect, it } from 'vitest';
import { FrameCache } from './frame-cache.ts';
import { Picture } from './picture.ts';

function picture(bytes = 10) {
  const image = {
    closed: 0,
    close() {
      this.closed += 1;
    },
  };
  return { image, made: new Picture(image as unknown as ImageBitmap, 4, 3, bytes) };
}

describe('decoded frames', () => {
  it('are closed once, when cache and readers have let go', () => {
    const cache = new FrameCache(100);
    const { image, made } = picture();
    cache.add(5, made);
    const held = cache.get(5);
    cache.clear();
    expect([image.closed, held?.isOpen]).toEqual([0, true]);
    held?.letGo();
    expect([image.closed, held?.isOpen]).toEqual([1, false]);
    expect(() => held?.hold()).toThrow();
  });

  it('leave when the budget is full, the farthest first', () => {
    const cache = new FrameCache(50);
    cache.moveTo(4, 0);
    const all = Array.from({ length: 9 }, () => picture());
    for (const [frame, { made }] of all.entries()) cache.add(frame, made);
    expect(all.map((_, frame) => cache.has(frame))).toEqual([false, false, true, true, true, true, true, false, false]);
    expect(cache.bytes()).toBe(50);
    expect(all.map(({ image }) => image.closed)).toEqual([1, 1, 0, 0, 0, 0, 0, 1, 1]);
  });

  it('count as twice as far behind the way one goes', () => {
    const cache = new FrameCache(50);
    cache.moveTo(4, -1);
    for (let frame = 0; frame < 9; frame += 1) cache.add(frame, picture().made);
    expect([0, 1, 2, 3, 4, 5, 6].map((frame) => cache.has(frame))).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('replace one of the same index without losing count', () => {
    const cache = new FrameCache(100);
    const first = picture();
    cache.add(1, first.made);
    cache.add(1, picture(30).made);
    expect([cache.bytes(), first.image.closed]).toEqual([30, 1]);
  });
});
