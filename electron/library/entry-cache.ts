import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { LibraryEntry } from '../../shared/api/library.ts';
import { writeWholeBy } from '../settings/atomic-write.ts';
import type { FileFacts } from '../sources/source.ts';
import type { Mark } from './companions.ts';
import { isUnderPrefix } from './paths.ts';

/** Raised whenever entries are made in another way: those before are looked into anew. */
const FORM = 5;
/** Entries a line, so that no line takes long to read or write. */
const ENTRIES_A_LINE = 100;
/** Characters made and written before other work has its turn: a millisecond or two. */
const PORTION_LENGTH = 128 * 1024;

/** What was found in one file: nothing (`source` null), its one recording, or several. */
export interface KnownFile {
  sizeBytes: number;
  modifiedMs: number;
  /** What was stated of its folder, as JSON: entries were made with that. */
  stated: string;
  source: string | null;
  entries: LibraryEntry[];
  /** Paths of entries of which samples are still to be decoded. */
  untried: string[];
  /** How what its recordings lean on was found, beside the file. */
  marks: Mark[];
}

const envelope = (version: string) => z.object({ form: z.literal(FORM), version: z.literal(version) });

const lineSchema = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  stated: z.string(),
  source: z.string().nullable(),
  untried: z.array(z.string()),
  marks: z.array(z.custom<Mark>((given) => typeof (given as Partial<Mark> | null)?.path === 'string')),
  // Written by this very version and this form: looking at each field of thousands would be most of the time.
  entries: z.array(
    z.custom<LibraryEntry>((given) => {
      const entry = given as Partial<LibraryEntry> | null;
      return typeof entry?.path === 'string' && Array.isArray(entry.problems);
    }),
  ),
});

/**
 * What earlier looks at files found, so that a second opening is instant. Only a cache: whatever is wrong with it, it is
 * dropped. Entries of another version of Regrasp are not believed.
 */
export class EntryCache {
  private files = new Map<string, KnownFile>();

  constructor(
    private readonly file: string,
    private readonly version: string,
  ) {}

  async load(): Promise<void> {
    this.files = new Map();
    try {
      let isFirst = true;
      let rest = '';
      // A piece of the file holds about a hundred entries: reading them takes a millisecond or two.
      for await (const piece of createReadStream(this.file, 'utf8')) {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() as string;
        for (const line of lines) {
          if (isFirst) envelope(this.version).parse(JSON.parse(line));
          else this.accept(line);
          isFirst = false;
        }
      }
    } catch {
      this.files = new Map();
    }
  }

  /** What was found in a file, if it still has the size and time it had then, and the same was stated of it. */
  find(below: string, facts: FileFacts, stated: string): KnownFile | undefined {
    const known = this.files.get(below);
    const isSame =
      known?.sizeBytes === facts.sizeBytes && known.modifiedMs === facts.modifiedMs && known.stated === stated;
    return isSame ? known : undefined;
  }

  /** Keeps what is known now and forgets what is gone; files outside `prefixes` were not looked at and stay. */
  async save(current: ReadonlyMap<string, KnownFile>, prefixes: readonly string[]): Promise<void> {
    for (const below of this.files.keys()) {
      if (!current.has(below) && isUnderPrefix(below, prefixes)) this.files.delete(below);
    }
    for (const [below, file] of current) this.files.set(below, file);
    const portions = portionsOf([...this.files], this.version);
    await writeWholeBy(this.file, (temporary) => writePortions(temporary, portions)).catch(() => undefined);
  }

  private accept(line: string): void {
    const { path, ...found } = lineSchema.parse(JSON.parse(line));
    const known = this.files.get(path);
    if (known) {
      known.entries.push(...found.entries);
      known.untried.push(...found.untried);
    } else this.files.set(path, found);
  }
}

/** The text of a cache, in pieces that take no long to make. */
export function* portionsOf(files: readonly (readonly [string, KnownFile])[], version: string): Generator<string> {
  let portion = `${JSON.stringify({ form: FORM, version })}\n`;
  for (const [below, { entries, untried, marks, ...facts }] of files) {
    for (let from = 0; from === 0 || from < entries.length; from += ENTRIES_A_LINE) {
      const part = entries.slice(from, from + ENTRIES_A_LINE);
      const paths = new Set(part.map(({ path }) => path));
      const line = {
        ...{ path: below, ...facts, untried: untried.filter((path) => paths.has(path)) },
        ...{ marks: from === 0 ? marks : [], entries: part },
      };
      portion += `${JSON.stringify(line)}\n`;
      if (portion.length < PORTION_LENGTH) continue;
      yield portion;
      portion = '';
    }
  }
  yield portion;
}

/** What people see may be in it: for this person alone. */
async function writePortions(file: string, portions: Iterable<string>): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    for (const portion of portions) {
      await handle.writeFile(portion);
      await setImmediate();
    }
  } finally {
    await handle.close();
  }
}
