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

  it('tells stored from scaled, and clears one form alone', () => {
    const cache = new TickCache(1000, () => {});
    cache.add(entry(1));
    cache.add(entry(1, 'scaled'));
    cache.clear('scaled');
    expect([cache.has(1, 'stored'), cache.has(1, 'scaled'), cache.bytes()]).toEqual([true, false, 100]);
  });
});
