import type { LibraryEntry } from '../../shared/api/library.ts';

const BATCH_MS = 120;
/** Entries told at once: checking and writing them out for a window takes a few milliseconds. */
const TOLD_AT_ONCE = 100;

/** What changed in a list, told in portions: at once what is few, and thousands without holding the thread up. */
export class EntryNews {
  private readonly changed = new Map<string, LibraryEntry>();
  private readonly removed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly tell: (entries: LibraryEntry[], removed: string[]) => void) {}

  put(entry: LibraryEntry): void {
    this.changed.set(entry.path, entry);
    this.removed.delete(entry.path);
    this.soon(BATCH_MS);
  }

  drop(path: string): void {
    this.changed.delete(path);
    this.removed.add(path);
    this.soon(BATCH_MS);
  }

  /** Tells now, as far as one portion goes; the rest follows. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.closed || (this.changed.size === 0 && this.removed.size === 0)) return;
    const entries: LibraryEntry[] = [];
    for (const [path, entry] of this.changed) {
      if (entries.length >= TOLD_AT_ONCE) break;
      entries.push(entry);
      this.changed.delete(path);
    }
    const removed = [...this.removed];
    this.removed.clear();
    this.tell(entries, removed);
    if (this.changed.size > 0) this.soon(0);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private soon(delayMs: number): void {
    if (!this.closed) this.timer ??= setTimeout(() => this.flush(), delayMs);
  }
}
