/**
 * Where one was in each episode: the last tick, kept by the workstation, so that it is found again at whatever address the
 * window is served. What this window knows itself it does not ask for.
 */
export interface PlaceMemory {
  /** Undefined where none is known or none can be had. */
  get(episode: string): Promise<number | undefined>;
  /** Only what differs from what was last said is sent on. */
  set(episode: string, tick: number): void;
}

export interface PlaceKeeper {
  ask(episode: string): Promise<number | null>;
  keep(episode: string, tick: number): Promise<unknown>;
}

/** Failures of the keeper lose the memory of other windows and nothing else. */
export function createPlaceMemory(keeper: PlaceKeeper): PlaceMemory {
  const known = new Map<string, number>();
  return {
    async get(episode) {
      return known.get(episode) ?? (await keeper.ask(episode).catch(() => null)) ?? undefined;
    },
    set(episode, tick) {
      if (known.get(episode) === tick) return;
      known.set(episode, tick);
      keeper.keep(episode, tick).catch(() => undefined);
    },
  };
}
