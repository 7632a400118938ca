import { describe, expect, it } from 'vitest';
import { createPlaceMemory } from './places.ts';

function memory(initial?: string) {
  let text: string | null = initial ?? null;
  return {
    getItem: () => text,
    setItem: (_key: string, value: string) => {
      text = value;
    },
  };
}

describe('createPlaceMemory', () => {
  it('remembers the last tick of each episode', () => {
    const places = createPlaceMemory(memory());
    places.set('a', 3);
    places.set('b', 5);
    places.set('a', 7);
    expect(places.get('a')).toBe(7);
    expect(places.get('b')).toBe(5);
    expect(places.get('c')).toBeUndefined();
  });

  it('forgets the episodes left longest ago', () => {
    const places = createPlaceMemory(memory());
    for (let index = 0; index < 502; index++) places.set(`e${index}`, index);
    expect(places.get('e1')).toBeUndefined();
    expect(places.get('e2')).toBe(2);
    expect(places.get('e501')).toBe(501);
  });

  it('lives with unreadable memory and with none at all', () => {
    expect(createPlaceMemory(memory('{')).get('a')).toBeUndefined();
    expect(createPlaceMemory(memory('[["a",-1],["b","x"],7]')).get('a')).toBeUndefined();
    const closed = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('denied');
      },
    };
    const places = createPlaceMemory(closed);
    places.set('a', 1);
    expect(places.get('a')).toBeUndefined();
  });
});
