/** From one who gives to one who takes, a single thing at a time: the giver waits until it is taken. */
export class Handoff<T extends object> {
  private waiting: T | undefined;
  private ended = false;
  private failure: { error: unknown } | undefined;
  private wakeGiver: (() => void) | undefined;
  private wakeTaker: (() => void) | undefined;

  /** Resolves when the taker wants the next; at once when it wants nothing any more. */
  async give(thing: T): Promise<void> {
    if (this.ended) return;
    this.waiting = thing;
    this.wakeTaker?.();
    await new Promise<void>((resolve) => {
      this.wakeGiver = resolve;
    });
  }

  /** Undefined after the end. Rejects with what the giver failed with, once what it gave before is taken. */
  async take(): Promise<T | undefined> {
    this.wakeGiver?.();
    while (this.waiting === undefined && !this.ended && !this.failure) {
      await new Promise<void>((resolve) => {
        this.wakeTaker = resolve;
      });
    }
    const thing = this.waiting;
    this.waiting = undefined;
    if (thing === undefined && this.failure) throw this.failure.error;
    return thing;
  }

  end(): void {
    this.ended = true;
    this.wakeTaker?.();
  }

  fail(error: unknown): void {
    this.failure = { error };
    this.wakeTaker?.();
  }

  /** The taker goes away: nothing more is kept, and nobody waits. */
  stop(): void {
    this.ended = true;
    this.waiting = undefined;
    this.wakeGiver?.();
  }
}
