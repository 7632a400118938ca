export interface LatestSaver<Value> {
  save(value: Value): void;
  /** Sends what waits without waiting: for the end of the page. */
  flush(): void;
}

/**
 * Saves a value that changes often, of which only the last counts: at once, and while one save is on its way the newest
 * value waits for its end. `send` never rejects; two that were begun one after the other arrive in that order.
 */
export function createLatestSaver<Value>(send: (value: Value) => Promise<unknown>): LatestSaver<Value> {
  let waiting: { value: Value } | undefined;
  let onTheWay = 0;

  async function begin(value: Value): Promise<void> {
    onTheWay++;
    await send(value);
    onTheWay--;
    if (onTheWay === 0) flush();
  }

  function flush(): void {
    const next = waiting;
    waiting = undefined;
    if (next) void begin(next.value);
  }

  return {
    save(value) {
      if (onTheWay > 0) waiting = { value };
      else void begin(value);
    },
    flush,
  };
}
