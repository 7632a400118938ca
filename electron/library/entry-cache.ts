import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { type LibraryEntry, libraryEntrySchema } from '../../shared/api/library.ts';
import { writeAtomically } from '../settings/atomic-write.ts';
import type { FileFacts } from '../sources/source.ts';
import { isUnderPrefix } from './paths.ts';

/** Thousands of entries are checked in portions: the thread that serves ticks is not held up. */
const CHECKED_AT_ONCE = 250;

/** Raised whenever entries are made in another way: those before are looked into anew. */
const FORM = 2;

const envelope = (version: string) =>
  z.object({
    form: z.literal(FORM),
    version: z.literal(version),
    entries: z.array(z.unknown()),
    tried: z.array(z.string()),
  });

/**
 * What earlier inspections found, so that a second opening is instant. Only a cache: whatever is wrong with it, it is
 * dropped. Entries of another version of Regrasp are not believed.
 */
export class EntryCache {
  private entries = new Map<string, LibraryEntry>();
  private tried = new Set<string>();

  constructor(
    private readonly file: string,
    private readonly version: string,
  ) {}

  async load(): Promise<void> {
    this.forget();
    try {
      const { entries, tried } = envelope(this.version).parse(JSON.parse(await readFile(this.file, 'utf8')));
      for (let from = 0; from < entries.length; from += CHECKED_AT_ONCE) {
        for (const raw of entries.slice(from, from + CHECKED_AT_ONCE)) {
          const entry = libraryEntrySchema.parse(raw);
          this.entries.set(entry.path, entry);
        }
        await setImmediate();
      }
      this.tried = new Set(tried);
    } catch {
      this.forget();
    }
  }

  private forget(): void {
    this.entries = new Map();
    this.tried = new Set();
  }

  /** Whether samples of the entry that `find` answers were decoded already. */
  wasTried(below: string): boolean {
    return this.tried.has(below);
  }

  /** The entry as it was inspected, if the file still has the size and time it had then. */
  find(below: string, facts: FileFacts): LibraryEntry | undefined {
    const entry = this.entries.get(below);
    return entry && entry.sizeBytes === facts.sizeBytes && entry.modifiedMs === facts.modifiedMs ? entry : undefined;
  }

  /**
   * Keeps what was inspected and forgets what is gone; entries outside `prefixes` were not looked at and stay.
   * `untried` are the paths of which no samples were decoded yet.
   */
  async save(
    current: ReadonlyMap<string, LibraryEntry>,
    prefixes: readonly string[],
    untried: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    for (const below of this.entries.keys()) {
      if (!current.has(below) && isUnderPrefix(below, prefixes)) this.entries.delete(below);
    }
    for (const [below, entry] of current) {
      if (entry.status === 'pending') continue;
      this.entries.set(below, entry);
      if (untried.has(below)) this.tried.delete(below);
      else this.tried.add(below);
    }
    const tried = [...this.tried].filter((below) => this.entries.has(below));
    const content = JSON.stringify({
      ...{ form: FORM, version: this.version },
      ...{ entries: [...this.entries.values()], tried },
    });
    await writeAtomically(this.file, content).catch(() => undefined);
  }
}
