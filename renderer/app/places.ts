/**
 * Where one was in each episode: the last tick, kept in this browser. Pure but for the storage handed in; unreadable or
 * full storage loses the memory and nothing else.
 */
const KEY = 'regrasp.places';
const MOST = 500;

export interface PlaceMemory {
  get(episode: string): number | undefined;
  set(episode: string, tick: number): void;
}

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** The most recently left episodes are kept, at most 500. */
export function createPlaceMemory(store: Store): PlaceMemory {
  const read = (): [string, number][] => {
    try {
      const value: unknown = JSON.parse(store.getItem(KEY) ?? '[]');
      if (!Array.isArray(value)) return [];
      return value.filter(
        (pair): pair is [string, number] =>
          Array.isArray(pair) && typeof pair[0] === 'string' && Number.isSafeInteger(pair[1]) && pair[1] >= 0,
      );
    } catch {
      return [];
    }
  };
  return {
    get: (episode) => read().find(([id]) => id === episode)?.[1],
    set(episode, tick) {
      try {
        const others = read().filter(([id]) => id !== episode);
        store.setItem(KEY, JSON.stringify([[episode, tick], ...others].slice(0, MOST)));
      } catch {
        // No room or no permission: the place is forgotten.
      }
    },
  };
}
