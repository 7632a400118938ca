import { describe, expect, it } from 'vitest';
import { TickCache } from './tick-cache.ts';
import type { ReceivedTick } from './tick-client.ts';

function entry(tick: number, form: 'stored' | 'scaled' = 'stored') {
  const received = { header: {}, buffer: new ArrayBuffer(100), bodyOffset: 0, transportMs: 1 } as ReceivedTick;
  return { tick, form, received };
}

describe('the tick cache', () => {
  it('drops what was not used for longest and gives its buffer back', () => {
    const released: ReceivedTick[] = [];
    const cache = new TickCache(300, (received) => released.push(received));
    const entries = [1, 2, 3].map((tick) => entry(tick));
    for (const one of entries) cache.add(one);
    cache.get(1, 'stored');
    cache.add(entry(4));
    expect(cache.has(2, 'stored')).toBe(false);
    expect(cache.has(1, 'stored')).toBe(true);
    expect(released).toEqual([entries[1]?.received]);
    expect(cache.bytes()).toBe(300);
  });

  it('keeps the pixels on screen valid until others are shown', () => {
    const released: ReceivedTick[] = [];
    const cache = new TickCache(300, (received) => released.push(received));
    const shown = entry(1);
    cache.add(shown);
    cache.hold(shown);
    cache.clear();
    expect(released).toEqual([]);
    const next = entry(2);
    cache.add(next);
    cache.hold(next);
    expect(released).toEqual([shown.received]);
    cache.hold(next);
    expect(released.length).toBe(1);
  });

  it('keeps what was read ahead until it is shown, and drops what has been before, however little finds room', () => {
    const cache = new TickCache(600, () => {});
    const show = (tick: number) => {
      const shown = cache.get(tick, 'stored');
      if (shown) cache.hold(shown);
      return shown?.tick;
    };
    for (const tick of [0, 1, 2, 3, 4]) cache.add(entry(tick));
    const seen = Array.from({ length: 40 }, (_, tick) => {
      const shown = show(tick);
      cache.add(entry(tick + 5));
      return shown;
    });
    expect(seen).toEqual(Array.from({ length: 40 }, (_, tick) => tick));
    expect(cache.count()).toBe(6);
    // Somewhere else: what was read ahead here and never shown makes room.
    for (let tick = 500; tick < 520; tick += 1) {
      cache.add(entry(tick));
      expect(show(tick)).toBe(tick);
    }
    expect([41, 42, 43].some((tick) => cache.has(tick, 'stored'))).toBe(false);
  });

  it('tells stored from scaled, and clears one form alone', () => {
    const cache = new TickCache(1000, () => {});
    cache.add(entry(1));
    cache.add(entry(1, 'scaled'));
    cache.clear('scaled');
    expect([cache.has(1, 'stored'), cache.has(1, 'scaled'), cache.bytes()]).toEqual([true, false, 100]);
  });
});
