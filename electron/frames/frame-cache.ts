import type { FrameLeases } from './frame-leases.ts';
import type { DecodedFrame } from './frame-source.ts';

/**
 * Decoded frames by key, the least recently used dropped first, counted in bytes. One for all episodes. The bytes are
 * lent, not given: a receiver neither writes to them nor transfers their buffer. A buffer that was transferred all the
 * same is noticed, and the frame counts as not there.
 */
export class FrameCache {
  readonly #frames = new Map<string, { frame: DecodedFrame; bytes: number }>();
  #bytes = 0;
  #limit: number;

  constructor(
    limitBytes: number,
    private readonly leases: FrameLeases,
  ) {
    this.#limit = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get limitBytes(): number {
    return this.#limit;
  }

  setLimit(bytes: number): void {
    this.#limit = Math.max(0, bytes);
    this.#shrink();
  }

  get(key: string): DecodedFrame | undefined {
    const entry = this.#frames.get(key);
    if (!entry) return undefined;
    if (entry.frame.bytes.byteLength !== entry.bytes) {
      this.#drop(key);
      return undefined;
    }
    this.#frames.delete(key);
    this.#frames.set(key, entry);
    return entry.frame;
  }

  has(key: string): boolean {
    const entry = this.#frames.get(key);
    return entry !== undefined && entry.frame.bytes.byteLength === entry.bytes;
  }

  set(key: string, frame: DecodedFrame): void {
    this.#drop(key);
    const bytes = frame.bytes.byteLength;
    if (bytes > this.#limit) return;
    this.#frames.set(key, { frame, bytes });
    this.leases.hold(frame);
    this.#bytes += bytes;
    this.#shrink();
  }

  /** Drops every frame whose key begins so. */
  forget(prefix: string): void {
    for (const key of [...this.#frames.keys()]) if (key.startsWith(prefix)) this.#drop(key);
  }

  #shrink(): void {
    for (const oldest of this.#frames.keys()) {
      if (this.#bytes <= this.#limit) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const entry = this.#frames.get(key);
    if (!entry) return;
    this.#frames.delete(key);
    this.#bytes -= entry.bytes;
    this.leases.letGo(entry.frame);
  }
}
