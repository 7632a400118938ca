import { setTimeout as wait } from 'node:timers/promises';
import type { Hdf5Reader } from '../sources/source.ts';

/** A window that asked for something this recently is being looked at: what the list reads steps back. */
const BUSY_MS = 400;
/** … but not for ever: the list must fill while a person watches something. */
const LONGEST_MS = { file: 1500, sample: 250, part: 1500 };
type Waits = typeof LONGEST_MS;
const LOOK_AGAIN_MS = 20;

/** Who is waited for: while a person is, and for a moment after, what is read for the list steps back. */
export class PersonFirst {
  private lastWantedAt = Number.NEGATIVE_INFINITY;
  private opening = 0;

  /** `longestMs`: how long the list waits at most before a file, a sample of one, and a part of one in hand. */
  constructor(private readonly longestMs: Waits = LONGEST_MS) {}

  /** A person is waiting for pixels, or for the page, now. */
  noteWanted(): void {
    this.lastWantedAt = performance.now();
  }

  /** A person waits until this is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.opening++;
    try {
      return await work();
    } finally {
      this.opening--;
      this.noteWanted();
    }
  }

  /** Before something is begun for the list: resolves in a pause of the person's, or after the longest wait there is for it. */
  async pause(before: 'file' | 'sample'): Promise<void> {
    const isWaiting = () => this.opening > 0 || performance.now() - this.lastWantedAt < BUSY_MS;
    await until(() => !isWaiting(), this.longestMs[before]);
  }

  /** The same reader for the list: what it was at when a person opens something goes on afterwards. */
  quiet(hdf5: Hdf5Reader): Hdf5Reader {
    const opened = () => until(() => this.opening === 0, this.longestMs.part);
    return {
      inspect: (...asked) => opened().then(() => hdf5.inspect(...asked)),
      numbers: (...asked) => opened().then(() => hdf5.numbers(...asked)),
      strings: (...asked) => opened().then(() => hdf5.strings(...asked)),
    };
  }
}

async function until(isFree: () => boolean, longestMs: number): Promise<void> {
  const giveUpAt = performance.now() + longestMs;
  while (!isFree() && performance.now() < giveUpAt) await wait(LOOK_AGAIN_MS);
}
