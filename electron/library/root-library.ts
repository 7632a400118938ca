import path from 'node:path';
import type { LibraryEntry } from '../../shared/api/library.ts';
import type { Problem } from '../../shared/episode/episode.ts';
import { sentenceOf } from '../fault.ts';
import type { FileFacts, OpenFile, Source } from '../sources/source.ts';
import { failedEntry, inspectedEntry, pendingEntry, withProblems } from './entries.ts';
import type { EntryCache } from './entry-cache.ts';
import { FolderWatch } from './folder-watch.ts';
import { linkEntry } from './links.ts';
import { isUnderPrefix, toSlashes } from './paths.ts';
import type { RecordingReader } from './recording-reader.ts';
import { walkRecordings } from './walk.ts';

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
  onEntries(entries: LibraryEntry[], removed: string[]): void;
  onScanning(scanning: boolean): void;
  onNotice(sentence: string): void;
}

interface Found {
  facts: FileFacts;
  source: Source;
}

const BATCH_MS = 120;
/** A recording that is being written changes all the time: look into it again once it has rested this long. */
const REST_MS = 2000;
const RESCAN_DELAY_MS = 400;
/** What decoding found is kept now and then: trying thousands of recordings takes long. */
const SAVE_TRIED_MS = 30_000;

/** Without ticks and streams nothing was opened that could be decoded. */
const canBeTried = ({ ticks, streams }: LibraryEntry) => ticks !== null && (streams ?? 0) > 0;

/**
 * The list of one root: found by name at once, looked into in the background one at a time, kept current. One bad file
 * never stops the rest.
 */
export class RootLibrary {
  private readonly entries = new Map<string, LibraryEntry>();
  private readonly waiting = new Map<string, Found>();
  private readonly changed = new Map<string, LibraryEntry>();
  private readonly removed = new Set<string>();
  private readonly told = new Set<string>();
  private readonly watch: FolderWatch;
  private flushTimer: NodeJS.Timeout | undefined;
  private rescanTimer: NodeJS.Timeout | undefined;
  private work: Promise<void> | undefined;
  /** Looked into, but no samples decoded yet. */
  private readonly untried = new Map<string, Found>();
  private readonly putOff = new Map<string, Found>();
  private trying: Promise<void> | undefined;
  private again = false;
  private lastWalkMs = 0;
  private closed = false;

  constructor(private readonly options: RootLibraryOptions) {
    this.watch = new FolderWatch(() => this.rescanSoon());
  }

  list(): LibraryEntry[] {
    return [...this.entries.values()];
  }

  get(below: string): LibraryEntry | undefined {
    return this.entries.get(below);
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
    this.work = this.run();
    this.options.onScanning(true);
    void this.work.finally(() => {
      this.work = undefined;
      this.flush();
      if (this.closed) return;
      this.options.onScanning(false);
      this.trySamples();
    });
  }

  async settled(): Promise<void> {
    while (this.work) await this.work.catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.watch.close();
    clearTimeout(this.rescanTimer);
    clearTimeout(this.flushTimer);
    this.waiting.clear();
    await this.settled();
    await this.trying;
  }

  /**
   * Waits until samples of every listed recording were decoded, at most for so long. Answers how many recordings are
   * still to be tried.
   */
  async tried(withinMs: number): Promise<number> {
    await this.settled();
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([this.trying, tooLong]);
    clearTimeout(timer);
    return this.untried.size;
  }

  /** A sample was met that is damaged: the list says so, too. */
  noteProblem(below: string, problem: Problem): void {
    const entry = this.entries.get(below);
    if (!entry || entry.status === 'pending' || entry.problems.some(({ code }) => code === problem.code)) return;
    this.put(withProblems(entry, [problem]));
  }

  /** In the background, when all is listed: one recording after the other, giving way to every new scan. */
  private trySamples(): void {
    if (this.untried.size === 0) return;
    this.trying ??= this.tryAll().finally(() => {
      this.trying = undefined;
    });
  }

  private async tryAll(): Promise<void> {
    const putOff: [string, Found][] = [];
    let savedAt = Date.now();
    while (this.untried.size > 0 && !this.closed) {
      await this.settled();
      const [below, found] = this.untried.entries().next().value ?? [];
      if (below === undefined || found === undefined || this.closed) break;
      const entry = this.entries.get(below);
      const problems = entry && (await this.tryOne(below, found));
      if (this.untried.get(below) === found) this.untried.delete(below);
      if (entry && problems === undefined) putOff.push([below, found]);
      else if (problems && this.entries.get(below) === entry) this.put(withProblems(entry as LibraryEntry, problems));
      if (Date.now() - savedAt > SAVE_TRIED_MS) {
        await this.save();
        savedAt = Date.now();
      }
    }
    // What could not be found out now is tried at the next opening.
    for (const [below, found] of putOff) if (!this.untried.has(below)) this.putOff.set(below, found);
    this.flush();
    await this.save();
  }

  private async tryOne(below: string, { facts, source }: Found): Promise<Problem[] | undefined> {
    try {
      const file = this.fileOf(below, facts);
      return await this.options.reader.trySamplesQuietly(source, file, () => !this.closed);
    } catch {
      return undefined;
    }
  }

  private save(): Promise<void> {
    const untried = new Map([...this.putOff, ...this.untried]);
    return this.options.cache.save(this.entries, this.options.prefixes(), untried);
  }

  private async run(): Promise<void> {
    await this.options.cache.load();
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
        for (const { facts, source } of recordings) {
          const below = toSlashes(path.relative(rootPath, facts.path));
          seen.add(below);
          this.take(below, { facts, source });
        }
        for (const link of links) {
          const entry = linkEntry({ id: rootId, path: rootPath, prefixes, format }, link);
          seen.add(entry.path);
          if (JSON.stringify(this.entries.get(entry.path)) !== JSON.stringify(entry)) this.put(entry);
        }
      }
    }
    for (const below of this.entries.keys()) {
      if (!seen.has(below) && isUnderPrefix(below, prefixes)) this.drop(below);
    }
    this.watch.setFolders(
      [...folders].filter((folder) => !folders.has(path.dirname(folder))),
      folders,
    );
    this.lastWalkMs = Date.now() - startedAt;
    this.flush();
  }

  /** The list is made again and again; what was said once is not said at every turn. */
  private tellOnce(sentence: string): void {
    if (this.told.has(sentence)) return;
    this.told.add(sentence);
    this.options.onNotice(sentence);
  }

  private take(below: string, found: Found): void {
    const known = this.entries.get(below);
    const { sizeBytes, modifiedMs } = found.facts;
    if (known && known.sizeBytes === sizeBytes && known.modifiedMs === modifiedMs) {
      if (known.status !== 'pending') return;
      this.waiting.set(below, found);
      return;
    }
    const cached = this.options.cache.find(below, found.facts);
    const fresh = pendingEntry(this.options.rootId, below, found.facts, found.source);
    // Figures of a recording that grows stay in sight until the new ones are known.
    const { durationNs, ticks, streams } = known ?? fresh;
    this.put(cached ?? { ...fresh, durationNs, ticks, streams });
    this.untried.delete(below);
    this.putOff.delete(below);
    if (!cached) this.waiting.set(below, found);
    else if (canBeTried(cached) && !this.options.cache.wasTried(below)) this.untried.set(below, found);
  }

  private async inspectAll(): Promise<void> {
    let inspected = 0;
    while (this.waiting.size > 0 && !this.closed) {
      const [below, found] = this.waiting.entries().next().value as [string, Found];
      this.waiting.delete(below);
      const entry = this.entries.get(below);
      if (!entry) continue;
      const restsInMs = found.facts.modifiedMs + REST_MS - Date.now();
      if (entry.ticks !== null && restsInMs > 0 && restsInMs <= REST_MS) {
        this.rescanSoon(restsInMs);
        continue;
      }
      const next = await this.inspect(entry, below, found);
      inspected++;
      if (this.entries.get(below) === entry) {
        this.put(next);
        if (canBeTried(next)) this.untried.set(below, found);
      }
      if (this.again) await this.walkAgain();
    }
    if (inspected > 0) await this.save();
  }

  private async walkAgain(): Promise<void> {
    this.again = false;
    await this.walk();
  }

  private async inspect(entry: LibraryEntry, below: string, { facts, source }: Found): Promise<LibraryEntry> {
    try {
      return inspectedEntry(entry, await this.options.reader.inspectQuietly(source, this.fileOf(below, facts)));
    } catch (error) {
      return failedEntry(entry, `${below} could not be looked into: ${sentenceOf(error, below)}`);
    }
  }

  private fileOf(below: string, facts: FileFacts): OpenFile {
    const { rootId, rootPath } = this.options;
    return { ...facts, root: rootPath, rootId, pathBelowRoot: below, inner: '', stated: {} };
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
    this.changed.set(entry.path, entry);
    this.removed.delete(entry.path);
    this.flushTimer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  private drop(below: string): void {
    this.entries.delete(below);
    this.waiting.delete(below);
    this.untried.delete(below);
    this.putOff.delete(below);
    this.changed.delete(below);
    this.removed.add(below);
    this.flushTimer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  private flush(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    if (this.closed || (this.changed.size === 0 && this.removed.size === 0)) return;
    const { rootId } = this.options;
    this.options.onEntries(
      [...this.changed.values()],
      [...this.removed].map((below) => `${rootId}/${below}`),
    );
    this.changed.clear();
    this.removed.clear();
  }
}
