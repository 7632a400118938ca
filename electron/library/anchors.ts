import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { LibraryEntry } from '../../shared/api/library.ts';
import type { FileFacts, OpenFile, StatedFacts } from '../sources/source.ts';
import type { CompanionStates, Mark } from './companions.ts';
import { pendingEntry } from './entries.ts';
import type { EntryCache, KnownFile } from './entry-cache.ts';
import type { EntryTable } from './entry-table.ts';
import { isUnderPrefix, splitInner, toSlashes } from './paths.ts';
import type { SampleTrials, Trial } from './sample-trials.ts';
import type { FoundRecording } from './walk.ts';

/** A file that may hold recordings, and the entries that stand for it. */
export interface Anchor extends FoundRecording {
  /** As JSON. */
  stated: string;
  /** Recognised as; null: as nothing; undefined: not looked into yet. */
  format: string | null | undefined;
  /** Paths of its entries, in order. */
  paths: string[];
  /** How what its recordings lean on was found, beside the file. */
  marks: Mark[];
  /** When it, or what it leans on, was last seen to change. */
  touchedMs: number;
}

export interface AnchorsOptions {
  rootId: string;
  rootPath: string;
  cache: EntryCache;
  entries: EntryTable;
  trials: SampleTrials;
  /** What a person stated of the recordings of a file (path below the root). */
  statedOf(below: string): StatedFacts;
}

/** Entries made before other work has its turn. */
export const MADE_AT_ONCE = 250;
/** Files whose companions are looked at together. */
const LOOKED_AT_ONCE = 32;
/** Of one file, over all its recordings. */
const MOST_MARKS = 256;

/** The files of a root that may hold recordings, by path below the root, and which of them are still to be looked into. */
export class Anchors {
  private readonly anchors = new Map<string, Anchor>();
  /** Paths of files to look into, and of recordings in a file to describe. */
  readonly waiting = new Set<string>();
  /** Of those, what a person had left alone. */
  private readonly left = new Set<string>();

  constructor(private readonly options: AnchorsOptions) {}

  get(below: string): Anchor | undefined {
    return this.anchors.get(below);
  }

  /** The file that an entry stands for, and which of its recordings: "" is its only one. */
  ofEntry(below: string): { file: string; inner: string; anchor: Anchor | undefined } {
    const split = this.anchors.has(below) ? undefined : splitInner(below);
    const file = split?.anchor ?? below;
    return { file, inner: split?.inner ?? '', anchor: this.anchors.get(file) };
  }

  get areLeft(): boolean {
    return this.left.size > 0;
  }

  /** What was left alone waits again. */
  takeUp(): void {
    for (const below of this.left) this.waiting.add(below);
    this.left.clear();
  }

  /** What waits is left alone until it is taken up. */
  leaveAlone(): void {
    for (const below of this.waiting) this.left.add(below);
    this.waiting.clear();
  }

  /** Files as they are found on a walk: what is new or changed waits to be looked into, unless it is known from before. */
  async take(found: readonly FoundRecording[], states: CompanionStates, isWanted: () => boolean): Promise<void> {
    for (let from = 0; from < found.length; from += LOOKED_AT_ONCE) {
      const portion = found.slice(from, from + LOOKED_AT_ONCE).map((recording) => this.meet(recording));
      // Most recordings are one file: nothing is waited for then.
      if (portion.some(({ marks }) => marks.length > 0)) {
        await Promise.all(
          portion.map(async (met) => {
            if (met.marks.length > 0) met.changedMs = await states.changedSince(met.marks);
          }),
        );
      }
      for (const met of portion) await this.takeOne(met);
      if (!isWanted()) return;
      if (Math.floor(from / MADE_AT_ONCE) !== Math.floor((from + LOOKED_AT_ONCE) / MADE_AT_ONCE)) await setImmediate();
    }
  }

  /** These stand for the file from now on; those that did and are none of them go. */
  async setEntries(below: string, anchor: Anchor, entries: readonly LibraryEntry[]): Promise<void> {
    const paths = new Set(entries.map((entry) => entry.path));
    for (const gone of anchor.paths) if (!paths.has(gone)) this.dropEntry(gone);
    anchor.paths = [...paths];
    for (const [at, entry] of entries.entries()) {
      if (this.anchors.get(below) !== anchor) return;
      this.options.entries.put(entry);
      if (entry.status === 'pending' && entry.path !== below) this.waiting.add(entry.path);
      if (at % MADE_AT_ONCE === MADE_AT_ONCE - 1) await setImmediate();
    }
  }

  /** What another recording of the file leans on. */
  addMarks(anchor: Anchor, marks: readonly Mark[]): void {
    const known = new Set(anchor.marks.map((mark) => JSON.stringify([mark.path, mark.names])));
    const fresh = marks.filter((mark) => !known.has(JSON.stringify([mark.path, mark.names])));
    anchor.marks = [...anchor.marks, ...fresh].slice(0, MOST_MARKS);
  }

  /** Drops what a walk under these prefixes did not meet. */
  dropUnseen(seen: ReadonlySet<string>, prefixes: readonly string[]): void {
    for (const below of [...this.anchors.keys()]) {
      if (!seen.has(below) && isUnderPrefix(below, prefixes)) this.dropFile(below);
    }
    for (const below of this.options.entries.paths()) {
      const isOfFile = this.ofEntry(below).anchor !== undefined;
      if (!isOfFile && !seen.has(below) && isUnderPrefix(below, prefixes)) this.dropEntry(below);
    }
  }

  fileOf(below: string, inner: string, { facts, stated }: Anchor): OpenFile {
    const { rootId, rootPath } = this.options;
    return { ...facts, root: rootPath, rootId, pathBelowRoot: below, inner, stated: JSON.parse(stated) as StatedFacts };
  }

  trialOf(below: string, anchor: Anchor): Trial {
    const file = toSlashes(path.relative(this.options.rootPath, anchor.facts.path));
    const inner = below === file ? '' : (splitInner(below)?.inner ?? '');
    return { source: anchor.format ?? anchor.source.id, file: this.fileOf(file, inner, anchor) };
  }

  /** Keeps what was found for the next opening. */
  async save(prefixes: readonly string[]): Promise<void> {
    const { cache, entries: table, trials } = this.options;
    const files = new Map<string, KnownFile>();
    let made = 0;
    for (const [below, { facts, stated, format, paths, marks }] of this.anchors) {
      if (format === undefined) continue;
      const entries = paths.flatMap((entry) => table.get(entry) ?? []);
      const untried = paths.filter((entry) => trials.isUntried(entry));
      const { sizeBytes, modifiedMs } = facts;
      files.set(below, { sizeBytes, modifiedMs, stated, source: format, entries, untried, marks });
      made += entries.length;
      if (made >= MADE_AT_ONCE) {
        made = 0;
        await setImmediate();
      }
    }
    await cache.save(files, prefixes);
  }

  private meet(found: FoundRecording): Met {
    const below = toSlashes(path.relative(this.options.rootPath, found.facts.path));
    const stated = JSON.stringify(this.options.statedOf(below));
    const known = this.anchors.get(below);
    const cached = isSameFile(known, found.facts, stated)
      ? undefined
      : this.options.cache.find(below, found.facts, stated);
    return { below, found, stated, known, cached, marks: (cached ?? known)?.marks ?? [], changedMs: undefined };
  }

  private async takeOne({ below, found, stated, known, cached, changedMs }: Met): Promise<void> {
    const { rootId, entries, trials } = this.options;
    const isSame = isSameFile(known, found.facts, stated) && changedMs === undefined;
    if (known && isSame) {
      if (known.format === undefined && !this.left.has(below)) this.waiting.add(below);
      return;
    }
    const touchedMs = Math.max(found.facts.modifiedMs, changedMs ?? 0);
    const anchor: Anchor = { ...found, stated, format: undefined, paths: known?.paths ?? [], marks: [], touchedMs };
    this.anchors.set(below, anchor);
    for (const entry of anchor.paths) trials.drop(entry);
    if (cached && changedMs === undefined) {
      anchor.format = cached.source;
      anchor.marks = cached.marks;
      await this.setEntries(below, anchor, cached.entries);
      for (const entry of cached.untried) trials.add(entry, this.trialOf(entry, anchor));
      return;
    }
    this.left.delete(below);
    this.waiting.add(below);
    const fresh = pendingEntry(rootId, below, found.facts, found.source);
    // Figures of what grows stay in sight until the new ones are known.
    const before = known && anchor.paths.length !== 1 ? undefined : entries.get(below);
    if (anchor.paths.length > 0 && !before) return;
    const { durationNs, ticks, streams } = before ?? fresh;
    await this.setEntries(below, anchor, [{ ...fresh, durationNs, ticks, streams }]);
  }

  private dropFile(below: string): void {
    for (const entry of this.anchors.get(below)?.paths ?? []) this.dropEntry(entry);
    this.anchors.delete(below);
    this.waiting.delete(below);
    this.left.delete(below);
  }

  private dropEntry(below: string): void {
    if (!this.options.entries.drop(below)) return;
    this.waiting.delete(below);
    this.left.delete(below);
    this.options.trials.drop(below);
  }
}

/** A file met on a walk, with what is known of it. */
interface Met {
  below: string;
  found: FoundRecording;
  stated: string;
  known: Anchor | undefined;
  /** From an earlier opening, where this one does not know the file as it is. */
  cached: KnownFile | undefined;
  marks: readonly Mark[];
  /** When what it leans on changed, if it did. */
  changedMs: number | undefined;
}

function isSameFile(known: Anchor | undefined, { sizeBytes, modifiedMs }: FileFacts, stated: string): boolean {
  return known?.facts.sizeBytes === sizeBytes && known.facts.modifiedMs === modifiedMs && known.stated === stated;
}
