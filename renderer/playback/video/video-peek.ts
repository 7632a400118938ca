import type { Picture } from './picture.ts';
import type { StreamFrames } from './stream-frames.ts';

const IDLE_MS = 5000;

export interface PeekWish {
  stream: string;
  revision: string;
  frame: number;
  isWanted(): boolean;
}

/**
 * Frames of one video at a time beside what panes show, by a decoder of its own: neither a pane that plays nor one that was
 * never opened is touched by it. The decoder ends when nobody has asked for a while.
 */
export class VideoPeek {
  private key = '';
  private opening: Promise<StreamFrames> | undefined;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;
  private sequence = 0;
  private waiting = 0;
  private isDisposed = false;

  constructor(private readonly open: (stream: string, revision: string) => Promise<StreamFrames>) {}

  /** Held for the caller. Undefined when given up meanwhile; rejects with VideoFault. */
  async get({ stream, revision, frame, isWanted }: PeekWish): Promise<Picture | undefined> {
    const key = `${stream}\n${revision}`;
    if (key !== this.key || !this.opening) {
      this.letGo();
      this.key = key;
      const opening = this.open(stream, revision);
      this.opening = opening;
      // What could not be opened is tried again with the next wish: a copy may be there by then.
      opening.catch(() => {
        if (this.opening === opening) this.opening = undefined;
      });
    }
    const frames = await this.opening;
    if (this.isDisposed || this.key !== key || !isWanted()) return undefined;
    clearTimeout(this.idleTimer);
    this.sequence += 1;
    this.waiting += 1;
    try {
      return await frames.get({ frame, direction: 0, sequence: this.sequence, isWanted, isAside: true });
    } finally {
      this.waiting -= 1;
      // However long it took: only a decoder that nobody waits for is idle.
      if (this.waiting === 0 && !this.isDisposed) {
        clearTimeout(this.idleTimer);
        this.idleTimer = setTimeout(() => frames.sleep(), IDLE_MS);
      }
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.letGo();
  }

  private letGo(): void {
    clearTimeout(this.idleTimer);
    void this.opening?.then(
      (frames) => frames.close(),
      () => undefined,
    );
    this.opening = undefined;
  }
}
