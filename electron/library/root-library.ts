import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { LibraryEntry } from '../../shared/api/library.ts';
import type { Episode, Problem } from '../../shared/episode/episode.ts';
import { sentenceOf } from '../fault.ts';
import {
  type FileFacts,
  type ListedRecording,
  type OpenFile,
  type Source,
  SourceFault,
  type StatedFacts,
} from '../sources/source.ts';
import { canBeTried, failedEntry, inspectedEntry, listedEntry, pendingEntry, withProblems } from './entries.ts';
import type { EntryCache, KnownFile } from './entry-cache.ts';
import { EntryNews } from './entry-news.ts';
import { FolderWatch } from './folder-watch.ts';
import { linkEntry } from './links.ts';
import { isUnderPrefix, splitInner, toSlashes } from './paths.ts';
import type { RecordingReader } from './recording-reader.ts';
import { SampleTrials } from './sample-trials.ts';
import { type ScanEnd, type ScanFollower, ScanProgress } from './scan-progress.ts';
import type { Checked } from './source-reading.ts';
import { type FoundRecording, walkRecordings } from './walk.ts';

export interface RootLibraryOptions {
  rootId: string;
  rootPath: string;
  /** The root's own format: where it places what stands for no recording of its own. */
  format: Source;
  sources: readonly Source[];
  reader: RecordingReader;
  cache: EntryCache;
  /** Prefixes that were granted: nothing else is walked. */
  prefixes(): readonly string[];
  /** What a person stated of the recordings of a file (path below the root). */
  statedOf(below: string): StatedFacts;
  onEntries(entries: LibraryEntry[], removed: string[]): void;
  onScanning(scanning: boolean): void;
  onNotice(sentence: string): void;
}

/** A file that may hold recordings, and the entries that stand for it. */
interface Anchor extends FoundRecording {
  /** As JSON. */
  stated: string;
  /** Recognised as; null: as nothing; undefined: not looked into yet. */
  format: string | null | undefined;
  /** Paths of its entries, in order. */
  paths: string[];
}

/** A recording that is being written changes all the time: look into it again once it has rested this long. */
const REST_MS = 2000;
const RESCAN_DELAY_MS = 400;
/** Entries made before other work has its turn. */
const MADE_AT_ONCE = 250;

/**
 * The list of one root: found by name at once, looked into in the background one at a time, kept current. A file may
 * turn out to hold several recordings, or none. One bad file never stops the rest.
 */
export class RootLibrary {
  private readonly entries = new Map<string, LibraryEntry>();
  private readonly anchors = new Map<string, Anchor>();
  /** Paths of files to look into, and of recordings in a file to describe. */
  private readonly waiting = new Set<string>();
  /** Of those, what a person had left alone. */
  private readonly left = new Set<string>();
  private readonly told = new Set<string>();
  private readonly progress = new ScanProgress();
  private readonly news: EntryNews;
  private readonly trials: SampleTrials;
  private readonly watch: FolderWatch;
  private rescanTimer: NodeJS.Timeout | undefined;
  private work: Promise<void> | undefined;
  private loaded: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private lastWalkMs = 0;
  private closed = false;
  private removals = 0;

  constructor(private readonly options: RootLibraryOptions) {
    this.watch = new FolderWatch(() => this.rescanSoon());
    this.news = new EntryNews((entries, removed) =>
      options.onEntries(
        entries,
        removed.map((below) => `${options.rootId}/${below}`),
      ),
    );
    this.trials = new SampleTrials({
      reader: options.reader,
      settled: () => this.settled(),
      onProblems: (below, problems) => this.change(below, (entry) => withProblems(entry, problems)),
      save: () => this.save(),
    });
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

  get(below: string): LibraryEntry | undefined {
    return this.entries.get(below);
  }

  /** The format a file was recognised as, if it is still the same file. */
  formatOf(below: string, { sizeBytes, modifiedMs }: FileFacts): string | undefined {
    const anchor = this.anchors.get(below);
    const isSame = anchor?.facts.sizeBytes === sizeBytes && anchor.facts.modifiedMs === modifiedMs;
    return isSame ? (anchor.format ?? undefined) : undefined;
  }

  /** Everything that is wrong with a listed recording, by its format's own rules. Rejects when it cannot be opened. */
  check(below: string): Promise<Checked> {
    const itself = this.anchors.get(below);
    const { anchor: file, inner } = itself
      ? { anchor: below, inner: '' }
      : (splitInner(below) ?? { anchor: below, inner: '' });
    const anchor = this.anchors.get(file);
    if (!anchor?.format) throw new SourceFault('unknown', `${below} was not looked into.`);
    return this.options.reader.check(anchor.format, this.fileOf(file, inner, anchor));
  }

  get scanning(): boolean {
    return this.work !== undefined;
  }

  /** Walks and inspects; while that runs, another call makes it walk once more. */
  scan(): void {
    if (this.closed) return;
    if (this.work) {
      this.again = true;
      return;
    }
    this.stopped = false;
    this.progress.begin();
    this.work = this.run();
    this.options.onScanning(true);
    void this.work.finally(() => {
      this.work = undefined;
      this.progress.end();
      this.news.flush();
      if (this.closed) return;
      this.options.onScanning(false);
      this.trials.start();
    });
  }

  /** A person asks: what was left alone is looked into, too. */
  rescan(): void {
    this.stopped = false;
    for (const below of this.left) this.waiting.add(below);
    this.left.clear();
    this.scan();
  }

  /** Looks into no more after the file in hand: the rest stays pending until `rescan`. */
  stop(): void {
    this.stopped = this.scanning;
  }

  /** Tells of the scan that runs, or has one that was stopped go on; resolves when it has ended. */
  follow(follower: ScanFollower): Promise<ScanEnd> {
    if (!this.scanning && this.left.size === 0) return Promise.resolve({ done: 0, failed: 0 });
    if (!this.scanning || this.stopped) this.rescan();
    return this.progress.follow(follower);
  }

  async settled(): Promise<void> {
    while (this.work) await this.work.catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.watch.close();
    clearTimeout(this.rescanTimer);
    this.news.close();
    this.waiting.clear();
    await this.settled();
    await this.trials.close();
  }

  /**
   * Waits until samples of every listed recording were decoded, at most for so long. Answers how many recordings are
   * still to be tried.
   */
  async tried(withinMs: number): Promise<number> {
    await this.settled();
    await this.trials.done(withinMs);
    return this.trials.left;
  }

  /** A sample was met that is damaged: the list says so, too. */
  noteProblem(below: string, problem: Problem): void {
    const entry = this.entries.get(below);
    if (entry?.status !== 'pending' && !entry?.problems.some(({ code }) => code === problem.code)) {
      this.change(below, (known) => withProblems(known, [problem]));
    }
  }

  /** A recording was opened: what was found of it now counts, though only a file beside it may have changed. */
  noteOpened(below: string, episode: Episode): void {
    this.change(below, (entry) => {
      const fresh = inspectedEntry(entry, episode);
      // What decoding found stays.
      const damage = entry.problems.filter(({ code }) => code === 'corrupt-chunk');
      const next = withProblems(fresh, damage);
      return JSON.stringify(next) === JSON.stringify(entry) ? entry : next;
    });
  }

  private change(below: string, make: (entry: LibraryEntry) => LibraryEntry): void {
    const entry = this.entries.get(below);
    const next = entry && make(entry);
    if (next && next !== entry) this.put(next);
  }

  private async save(): Promise<void> {
    const files = new Map<string, KnownFile>();
    let made = 0;
    for (const [below, { facts, stated, format, paths }] of this.anchors) {
      if (format === undefined) continue;
      const entries = paths.flatMap((path) => this.entries.get(path) ?? []);
      const untried = paths.filter((path) => this.trials.isUntried(path));
      const { sizeBytes, modifiedMs } = facts;
      files.set(below, { sizeBytes, modifiedMs, stated, source: format, entries, untried });
      made += entries.length;
      if (made >= MADE_AT_ONCE) {
        made = 0;
        await setImmediate();
      }
    }
    await this.options.cache.save(files, this.options.prefixes());
  }

  private async run(): Promise<void> {
    this.loaded ??= this.options.cache.load();
    await this.loaded;
    do {
      this.again = false;
      await this.walk();
      await this.inspectAll();
    } while (this.again && !this.closed);
  }

  private async walk(): Promise<void> {
    const { rootId, rootPath, sources, format } = this.options;
    const startedAt = Date.now();
    const prefixes = [...this.options.prefixes()];
    const tops = prefixes.map((prefix) => path.join(rootPath, ...prefix.split('/')));
    const seen = new Set<string>();
    const folders = new Set<string>();
    for (const top of tops) {
      const steps = walkRecordings(top, sources, (folder, error) => this.tellOnce(sentenceOf(error, folder)));
      for await (const { folder, recordings, links } of steps) {
        if (this.closed) return;
        folders.add(folder);
        for (const [at, recording] of recordings.entries()) {
          const below = toSlashes(path.relative(rootPath, recording.facts.path));
          seen.add(below);
          await this.take(below, recording);
          if (at % MADE_AT_ONCE === MADE_AT_ONCE - 1) await setImmediate();
        }
        for (const link of links) {
          const entry = linkEntry({ id: rootId, path: rootPath, prefixes, format }, link);
          seen.add(entry.path);
          if (JSON.stringify(this.entries.get(entry.path)) !== JSON.stringify(entry)) this.put(entry);
        }
      }
    }
    for (const below of [...this.anchors.keys()]) {
      if (!seen.has(below) && isUnderPrefix(below, prefixes)) this.dropAnchor(below);
    }
    for (const below of [...this.entries.keys()]) {
      const isOfFile = this.anchors.has(below) || this.anchors.has(splitInner(below)?.anchor ?? '');
      if (!isOfFile && !seen.has(below) && isUnderPrefix(below, prefixes)) this.drop(below);
    }
    this.watch.setFolders(
      [...folders].filter((folder) => !folders.has(path.dirname(folder))),
      folders,
    );
    this.lastWalkMs = Date.now() - startedAt;
    this.news.flush();
  }

  /** The list is made again and again; what was said once is not said at every turn. */
  private tellOnce(sentence: string): void {
    if (this.told.has(sentence)) return;
    this.told.add(sentence);
    this.options.onNotice(sentence);
  }

  private async take(below: string, found: FoundRecording): Promise<void> {
    const stated = JSON.stringify(this.options.statedOf(below));
    const known = this.anchors.get(below);
    const { sizeBytes, modifiedMs } = found.facts;
    const isSame =
      known?.facts.sizeBytes === sizeBytes && known.facts.modifiedMs === modifiedMs && known.stated === stated;
    if (known && isSame) {
      if (known.format === undefined && !this.left.has(below)) this.waiting.add(below);
      return;
    }
    const anchor: Anchor = { ...found, stated, format: undefined, paths: known?.paths ?? [] };
    this.anchors.set(below, anchor);
    for (const entry of anchor.paths) this.trials.drop(entry);
    const cached = this.options.cache.find(below, found.facts, stated);
    if (cached) {
      anchor.format = cached.source;
      await this.setEntries(below, anchor, cached.entries);
      for (const entry of cached.untried) this.trials.add(entry, this.trialOf(entry, anchor));
      return;
    }
    this.left.delete(below);
    this.waiting.add(below);
    const fresh = pendingEntry(this.options.rootId, below, found.facts, found.source);
    // Figures of what grows stay in sight until the new ones are known.
    const before = known && anchor.paths.length !== 1 ? undefined : this.entries.get(below);
    if (anchor.paths.length > 0 && !before) return;
    const { durationNs, ticks, streams } = before ?? fresh;
    await this.setEntries(below, anchor, [{ ...fresh, durationNs, ticks, streams }]);
  }

  /** These stand for the file from now on; those that did and are none of them go. */
  private async setEntries(below: string, anchor: Anchor, entries: readonly LibraryEntry[]): Promise<void> {
    const paths = new Set(entries.map((entry) => entry.path));
    for (const gone of anchor.paths) if (!paths.has(gone)) this.drop(gone);
    anchor.paths = [...paths];
    for (const [at, entry] of entries.entries()) {
      if (this.anchors.get(below) !== anchor) return;
      this.put(entry);
      if (entry.status === 'pending' && entry.path !== below) this.waiting.add(entry.path);
      if (at % MADE_AT_ONCE === MADE_AT_ONCE - 1) await setImmediate();
    }
  }

  private async inspectAll(): Promise<void> {
    let inspected = 0;
    this.progress.looked(0, this.waiting.size);
    while (this.waiting.size > 0 && !this.closed && !this.stopped) {
      const next = this.waiting.values().next().value as string;
      this.waiting.delete(next);
      const anchor = this.anchors.get(next);
      if (anchor) {
        if (this.isStillWritten(next, anchor)) continue;
        await this.look(next, anchor);
      } else await this.describe(next);
      inspected++;
      this.progress.looked(anchor ? this.describedOf(anchor) : 1, this.waiting.size);
      if (this.again) await this.walkAgain();
    }
    if (this.stopped) {
      for (const below of this.waiting) this.left.add(below);
      this.waiting.clear();
    }
    if (inspected > 0) await this.save();
  }

  /** A file that turned out to hold several counts as those, each when it is described. */
  private describedOf({ paths }: Anchor): number {
    return paths.reduce((count, path) => count + (this.entries.get(path)?.status === 'pending' ? 0 : 1), 0);
  }

  private isStillWritten(below: string, { facts }: Anchor): boolean {
    const restsInMs = facts.modifiedMs + REST_MS - Date.now();
    const isShown = (this.entries.get(below)?.ticks ?? null) !== null;
    if (!isShown || restsInMs <= 0 || restsInMs > REST_MS) return false;
    this.rescanSoon(restsInMs);
    return true;
  }

  private async walkAgain(): Promise<void> {
    this.again = false;
    await this.walk();
  }

  /** Finds out what a file is and what it holds. */
  private async look(below: string, anchor: Anchor): Promise<void> {
    const pending = pendingEntry(this.options.rootId, below, anchor.facts, anchor.source);
    try {
      const looked = await this.options.reader.lookQuietly(this.fileOf(below, '', anchor));
      if (this.anchors.get(below) !== anchor) return;
      anchor.format = looked?.source ?? null;
      if (!looked) await this.setEntries(below, anchor, []);
      else if (looked.recordings) await this.setListed(below, anchor, looked.source, looked.recordings);
      else if (looked.episode) {
        await this.setEntries(below, anchor, [inspectedEntry(pending, looked.episode)]);
        if (canBeTried(looked.episode)) this.trials.add(below, this.trialOf(below, anchor));
      }
    } catch (error) {
      if (this.anchors.get(below) !== anchor) return;
      anchor.format = anchor.source.id;
      await this.setEntries(below, anchor, [failedEntry({ ...pending, format: anchor.format }, error)]);
    }
    this.tellFailure(anchor.paths.length === 1 ? anchor.paths[0] : undefined);
  }

  private async setListed(
    below: string,
    anchor: Anchor,
    format: string,
    recordings: readonly ListedRecording[],
  ): Promise<void> {
    const { rootId, sources } = this.options;
    const source = sources.find(({ id }) => id === format) ?? anchor.source;
    const entries: LibraryEntry[] = [];
    for (const listed of recordings) {
      entries.push(listedEntry(rootId, below, anchor.facts, source, listed));
      if (entries.length % MADE_AT_ONCE === 0) await setImmediate();
    }
    if (entries.length === 0) {
      const empty = { ...pendingEntry(rootId, below, anchor.facts, source), format };
      const message = `${anchor.facts.name} lists no recording: look whether it was copied whole.`;
      entries.push(failedEntry(empty, new SourceFault('empty', message)));
    }
    await this.setEntries(below, anchor, entries);
  }

  /** One of several recordings of a file, which its list did not tell enough of. */
  private async describe(below: string): Promise<void> {
    const { anchor: file, inner } = splitInner(below) ?? { anchor: below, inner: '' };
    const anchor = this.anchors.get(file);
    const entry = this.entries.get(below);
    if (!anchor?.format || !entry) return;
    let next: LibraryEntry;
    try {
      const episode = await this.options.reader.describeQuietly(anchor.format, this.fileOf(file, inner, anchor));
      next = inspectedEntry(entry, episode);
      if (canBeTried(episode) && this.entries.get(below) === entry) {
        this.trials.add(below, this.trialOf(below, anchor));
      }
    } catch (error) {
      next = failedEntry(entry, error);
    }
    if (this.entries.get(below) !== entry) return;
    this.put(next);
    this.tellFailure(below);
  }

  private tellFailure(below: string | undefined): void {
    const entry = this.entries.get(below ?? '');
    const fault = entry?.status === 'error' && entry.problems.find(({ severity }) => severity === 'error');
    if (entry && fault) this.progress.failed(entry.path, fault.message);
  }

  private trialOf(below: string, anchor: Anchor): { source: string; file: OpenFile } {
    const file = toSlashes(path.relative(this.options.rootPath, anchor.facts.path));
    const inner = below === file ? '' : (splitInner(below)?.inner ?? '');
    return { source: anchor.format ?? anchor.source.id, file: this.fileOf(file, inner, anchor) };
  }

  private fileOf(below: string, inner: string, { facts, stated }: { facts: FileFacts; stated: string }): OpenFile {
    const { rootId, rootPath } = this.options;
    return { ...facts, root: rootPath, rootId, pathBelowRoot: below, inner, stated: JSON.parse(stated) as StatedFacts };
  }

  private rescanSoon(delayMs = RESCAN_DELAY_MS): void {
    if (this.closed || this.rescanTimer) return;
    this.rescanTimer = setTimeout(
      () => {
        this.rescanTimer = undefined;
        this.scan();
      },
      Math.max(delayMs, 4 * this.lastWalkMs),
    );
    this.rescanTimer.unref();
  }

  private put(entry: LibraryEntry): void {
    this.entries.set(entry.path, entry);
    this.news.put(entry);
  }

  private dropAnchor(below: string): void {
    for (const entry of this.anchors.get(below)?.paths ?? []) this.drop(entry);
    this.anchors.delete(below);
    this.waiting.delete(below);
    this.left.delete(below);
  }

  private drop(below: string): void {
    if (!this.entries.delete(below)) return;
    this.removals++;
    this.waiting.delete(below);
    this.left.delete(below);
    this.trials.drop(below);
    this.news.drop(below);
  }
}
