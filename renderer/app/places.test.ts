import { describe, expect, it } from 'vitest';
import { createPlaceMemory } from './places.ts';

function keeper() {
  const kept = new Map<string, number>();
  const calls: string[] = [];
  return {
    kept,
    calls,
    ask: async (episode: string) => {
      calls.push(`ask ${episode}`);
      return kept.get(episode) ?? null;
    },
    keep: async (episode: string, tick: number) => {
      calls.push(`keep ${episode} ${tick}`);
      kept.set(episode, tick);
    },
  };
}

describe('createPlaceMemory', () => {
  it('finds the last tick of each episode again in another window', async () => {
    const workstation = keeper();
    const places = createPlaceMemory(workstation);
    places.set('a', 3);
    places.set('b', 0);
    places.set('a', 7);
    const other = createPlaceMemory(workstation);
    expect([await other.get('a'), await other.get('b'), await other.get('c')]).toEqual([7, 0, undefined]);
  });

  it('says each place once, and does not ask for what it said', async () => {
    const workstation = keeper();
    const places = createPlaceMemory(workstation);
    for (const tick of [3, 3, 3, 4]) places.set('a', tick);
    expect(await places.get('a')).toBe(4);
    expect(workstation.calls).toEqual(['keep a 3', 'keep a 4']);
  });

  it('lives without the workstation: this window still knows its own places', async () => {
    const places = createPlaceMemory({
      ask: () => Promise.reject(new Error('gone')),
      keep: () => Promise.reject(new Error('gone')),
    });
    places.set('a', 0);
    expect([await places.get('a'), await places.get('b')]).toEqual([0, undefined]);
  });
});
