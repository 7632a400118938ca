import path from 'node:path';
import type { LibraryEntry } from '../../shared/api/library.ts';
import type { Episode, Problem } from '../../shared/episode/episode.ts';
import { sentenceOf } from '../fault.ts';
import { type FileFacts, type Source, SourceFault, type StatedFacts } from '../sources/source.ts';
import { type Anchor, Anchors } from './anchors.ts';
import { CompanionStates } from './companions.ts';
import { inspectedEntry, withProblems } from './entries.ts';
import type { EntryCache } from './entry-cache.ts';
import { EntryTable } from './entry-table.ts';
import { FolderWatch } from './folder-watch.ts';
import { Inspection } from './inspection.ts';
import { linkEntry } from './links.ts';
import { toSlashes } from './paths.ts';
import type { RecordingReader } from './recording-reader.ts';
import { SampleTrials } from './sample-trials.ts';
import { type ScanEnd, type ScanFollower, ScanProgress } from './scan-progress.ts';
import type { Checked } from './source-reading.ts';
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
  /** What a person stated of the recordings of a file (path below the root). */
  statedOf(below: string): StatedFacts;
  onEntries(entries: LibraryEntry[], removed: string[]): void;
  onScanning(scanning: boolean): void;
  onNotice(sentence: string): void;
}

/** A recording that is being written changes all the time: look into it again once it has rested this long. */
const REST_MS = 2000;
const RESCAN_DELAY_MS = 400;

/**
 * The list of one root: found by name at once, looked into in the background one at a time, kept current. A file may
 * turn out to hold several recordings, or none. One bad file never stops the rest.
 */
export class RootLibrary {
  private readonly entries: EntryTable;
  private readonly anchors: Anchors;
  private readonly inspection: Inspection;
  private readonly told = new Set<string>();
  private readonly progress = new ScanProgress();
  private readonly trials: SampleTrials;
  private readonly watch: FolderWatch;
  private rescanTimer: NodeJS.Timeout | undefined;
  private work: Promise<void> | undefined;
  private loaded: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private lastWalkMs = 0;
  private closed = false;

  constructor(private readonly options: RootLibraryOptions) {
    const { rootId, reader } = options;
    this.watch = new FolderWatch(() => this.rescanSoon());
    this.entries = new EntryTable((entries, removed) =>
      options.onEntries(
        entries,
        removed.map((below) => `${rootId}/${below}`),
      ),
    );
    this.trials = new SampleTrials({
      reader,
      settled: () => this.settled(),
      onProblems: (below, problems) => this.entries.change(below, (entry) => withProblems(entry, problems)),
      save: () => this.save(),
    });
    const { entries, trials, progress } = this;
    this.anchors = new Anchors({ ...options, entries, trials });
    this.inspection = new Inspection({ ...options, anchors: this.anchors, entries, trials, progress });
  }

  list(): LibraryEntry[] {
    return this.entries.list();
  }

  /** See EntryTable.page. */
  page(from: number, count: number): { entries: LibraryEntry[]; version: number; left: boolean } {
    return this.entries.page(from, count);
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
    const { file, inner, anchor } = this.anchors.ofEntry(below);
    if (!anchor?.format) throw new SourceFault('unknown', `${below} was not looked into.`);
    return this.options.reader.check(anchor.format, this.anchors.fileOf(file, inner, anchor));
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
      this.entries.flush();
      if (this.closed) return;
      this.options.onScanning(false);
      this.trials.start();
    });
  }

  /** A person asks: what was left alone is looked into, too. */
  rescan(): void {
    this.stopped = false;
    this.anchors.takeUp();
    this.scan();
  }

  /** Looks into no more after the file in hand: the rest stays pending until `rescan`. */
  stop(): void {
    this.stopped = this.scanning;
  }

  /** Tells of the scan that runs, or has one that was stopped go on; resolves when it has ended. */
  follow(follower: ScanFollower): Promise<ScanEnd> {
    if (!this.scanning && !this.anchors.areLeft) return Promise.resolve({ done: 0, failed: 0 });
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
    this.entries.close();
    this.anchors.waiting.clear();
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
      this.entries.change(below, (known) => withProblems(known, [problem]));
    }
  }

  /** A recording was opened: what was found of it now counts, though only a file beside it may have changed. */
  noteOpened(below: string, episode: Episode): void {
    this.entries.change(below, (entry) => {
      const fresh = inspectedEntry(entry, episode);
      // What decoding found stays.
      const damage = entry.problems.filter(({ code }) => code === 'corrupt-chunk');
      const next = withProblems(fresh, damage);
      return JSON.stringify(next) === JSON.stringify(entry) ? entry : next;
    });
  }

  private save(): Promise<void> {
    return this.anchors.save(this.options.prefixes());
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
    const companions = new CompanionStates(rootPath);
    for (const top of tops) {
      const steps = walkRecordings(top, sources, (folder, error) => this.tellOnce(sentenceOf(error, folder)));
      for await (const { folder, recordings, links } of steps) {
        if (this.closed) return;
        folders.add(folder);
        for (const { facts } of recordings) seen.add(toSlashes(path.relative(rootPath, facts.path)));
        await this.anchors.take(recordings, companions, () => !this.closed);
        for (const link of links) {
          const entry = linkEntry({ id: rootId, path: rootPath, prefixes, format }, link);
          seen.add(entry.path);
          if (JSON.stringify(this.entries.get(entry.path)) !== JSON.stringify(entry)) this.entries.put(entry);
        }
      }
    }
    this.anchors.dropUnseen(seen, prefixes);
    this.watch.setFolders(
      [...folders].filter((folder) => !folders.has(path.dirname(folder))),
      folders,
    );
    this.lastWalkMs = Date.now() - startedAt;
    this.entries.flush();
  }

  /** The list is made again and again; what was said once is not said at every turn. */
  private tellOnce(sentence: string): void {
    if (this.told.has(sentence)) return;
    this.told.add(sentence);
    this.options.onNotice(sentence);
  }

  private async inspectAll(): Promise<void> {
    const { waiting } = this.anchors;
    let inspected = 0;
    this.progress.looked(0, waiting.size);
    while (waiting.size > 0 && !this.closed && !this.stopped) {
      const next = waiting.values().next().value as string;
      waiting.delete(next);
      const anchor = this.anchors.get(next);
      if (anchor) {
        if (this.isStillWritten(next, anchor)) continue;
        await this.inspection.look(next, anchor);
      } else await this.inspection.describe(next);
      inspected++;
      this.progress.looked(anchor ? this.describedOf(anchor) : 1, waiting.size);
      if (this.again) await this.walkAgain();
    }
    if (this.stopped) this.anchors.leaveAlone();
    if (inspected > 0) await this.save();
  }

  /** A file that turned out to hold several counts as those, each when it is described. */
  private describedOf({ paths }: Anchor): number {
    return paths.reduce((count, path) => count + (this.entries.get(path)?.status === 'pending' ? 0 : 1), 0);
  }

  private isStillWritten(below: string, { touchedMs }: Anchor): boolean {
    const restsInMs = touchedMs + REST_MS - Date.now();
    const isShown = (this.entries.get(below)?.ticks ?? null) !== null;
    if (!isShown || restsInMs <= 0 || restsInMs > REST_MS) return false;
    this.rescanSoon(restsInMs);
    return true;
  }

  private async walkAgain(): Promise<void> {
    this.again = false;
    await this.walk();
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
}
