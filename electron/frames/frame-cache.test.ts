import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameCache } from './frame-cache.ts';
import { FrameLeases } from './frame-leases.ts';
import type { DecodedFrame } from './frame-source.ts';

function frame(bytes: number): DecodedFrame {
  return { width: bytes, height: 1, channels: 1, format: 'u8', bytes: new Uint8Array(bytes), decodeMs: 0 };
}

function cacheOf(limitBytes: number): FrameCache {
  return new FrameCache(limitBytes, new FrameLeases(() => {}));
}

describe('the frame cache', () => {
  it('drops what was used longest ago once its bytes are spent', () => {
    const cache = cacheOf(100);
    cache.set('a', frame(40));
    cache.set('b', frame(40));
    cache.get('a');
    cache.set('c', frame(40));
    expect([cache.has('a'), cache.has('b'), cache.has('c'), cache.bytes]).toEqual([true, false, true, 80]);
  });

  it('shrinks at once when its limit does', () => {
    const cache = cacheOf(100);
    for (const key of ['a', 'b', 'c']) cache.set(key, frame(30));
    cache.setLimit(60);
    expect([cache.has('a'), cache.has('b'), cache.has('c'), cache.bytes]).toEqual([false, true, true, 60]);
  });

  it('forgets an episode and nothing else', () => {
    const cache = cacheOf(100);
    cache.set('one\nx', frame(10));
    cache.set('onetwo\nx', frame(10));
    cache.forget('one\n');
    expect([cache.has('one\nx'), cache.has('onetwo\nx'), cache.bytes]).toEqual([false, true, 10]);
  });

  it('does not hand out a buffer that was transferred away', () => {
    const cache = cacheOf(100);
    const lent = frame(10);
    cache.set('a', lent);
    structuredClone(lent.bytes, { transfer: [lent.bytes.buffer as ArrayBuffer] });
    expect([cache.has('a'), cache.get('a'), cache.bytes]).toEqual([false, undefined, 0]);
  });

  it('never exceeds its limit and counts every byte it holds', () => {
    const step = fc.record({ key: fc.constantFrom(...'abcdefgh'), bytes: fc.nat(60), limit: fc.option(fc.nat(150)) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const cache = cacheOf(100);
        for (const { key, bytes, limit } of steps) {
          if (limit !== null) cache.setLimit(limit);
          cache.set(key, frame(bytes));
          const held = [...'abcdefgh'].map((each) => cache.get(each)?.bytes.byteLength ?? 0);
          expect(cache.bytes).toBe(held.reduce((sum, one) => sum + one, 0));
          expect(cache.bytes).toBeLessThanOrEqual(cache.limitBytes);
        }
      }),
    );
  });
});
