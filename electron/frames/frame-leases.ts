import type { DecodedFrame } from './frame-source.ts';

/**
 * Who still uses a frame's buffer: the cache, and answers on their way out. Once nobody does, the buffer is written
 * again; fresh memory for every frame costs the system more than decoding it. A user that never lets go costs that
 * speed and nothing else: nothing is kept alive by being counted here.
 */
export class FrameLeases {
  readonly #users = new WeakMap<DecodedFrame, number>();

  constructor(private readonly recycle: (bytes: Uint8Array) => void) {}

  hold(frame: DecodedFrame): void {
    this.#users.set(frame, (this.#users.get(frame) ?? 0) + 1);
  }

  /** Each hold is let go once. */
  letGo(frame: DecodedFrame): void {
    const users = (this.#users.get(frame) ?? 0) - 1;
    if (users > 0) this.#users.set(frame, users);
    else if (users === 0) {
      this.#users.delete(frame);
      this.recycle(frame.bytes);
    }
  }
}
