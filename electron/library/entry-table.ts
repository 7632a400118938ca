import type { LibraryEntry } from '../../shared/api/library.ts';
import { EntryNews } from './entry-news.ts';

/** The entries of one root, in the order in which they were found; every change is told in portions. */
export class EntryTable {
  private readonly entries = new Map<string, LibraryEntry>();
  private readonly news: EntryNews;
  private removals = 0;

  /** `tell`: what is new or otherwise now, and the paths of what is gone. */
  constructor(tell: (entries: LibraryEntry[], removed: string[]) => void) {
    this.news = new EntryNews(tell);
  }

  list(): LibraryEntry[] {
    return [...this.entries.values()];
  }

  /** Entries from a place in the list on; `version` changes when places shift. */
  page(from: number, count: number): { entries: LibraryEntry[]; version: number; left: boolean } {
    const entries: LibraryEntry[] = [];
    let at = 0;
    for (const entry of this.entries.values()) {
      if (at++ < from) continue;
      if (entries.length === count) break;
      entries.push(entry);
    }
    return { entries, version: this.removals, left: from + entries.length < this.entries.size };
  }

  get(path: string): LibraryEntry | undefined {
    return this.entries.get(path);
  }

  paths(): string[] {
    return [...this.entries.keys()];
  }

  put(entry: LibraryEntry): void {
    this.entries.set(entry.path, entry);
    this.news.put(entry);
  }

  /** What `make` answers takes the entry's place, where there is one and that is another. */
  change(path: string, make: (entry: LibraryEntry) => LibraryEntry): void {
    const entry = this.entries.get(path);
    const next = entry && make(entry);
    if (next && next !== entry) this.put(next);
  }

  /** False where there was none. */
  drop(path: string): boolean {
    if (!this.entries.delete(path)) return false;
    this.removals++;
    this.news.drop(path);
    return true;
  }

  flush(): void {
    this.news.flush();
  }

  close(): void {
    this.news.close();
  }
}
