import path from 'node:path';
import type { WorkstationEvent } from '../../shared/api/contract.ts';
import type { Library, LibraryEntry, LibraryPage, Root } from '../../shared/api/library.ts';
import type { DatasetSettings } from '../../shared/api/settings.ts';
import type { Problem } from '../../shared/episode/episode.ts';
import { INNER } from '../../shared/episode/name-within.ts';
import { entryWithoutJudgements, problemsWithoutJudgements } from '../../shared/review/blind.ts';
import { Fault } from '../fault.ts';
import type { Source, StatedFacts } from '../sources/source.ts';
import { EntryCache } from './entry-cache.ts';
import { fileFactsOf } from './file-facts.ts';
import type { Grants } from './grants.ts';
import { isUnderPrefix, isWithin, rootIdOf, splitEpisodeId, toSlashes } from './paths.ts';
import type { RecordingReader } from './recording-reader.ts';
import { RootLibrary } from './root-library.ts';
import { placeRoots, placeStorage, type Recognize, type Storage } from './root-place.ts';
import type { ScanEnd, ScanFollower } from './scan-progress.ts';
import type { Checked } from './source-reading.ts';
import { statedFor } from './stated.ts';

export interface RootsOptions {
  userDataDir: string;
  version: string;
  sources: readonly Source[];
  grants: Grants;
  reader: RecordingReader;
  emit(event: WorkstationEvent): void;
  onScanning(root: string, isScanning: boolean): void;
  onNotice(sentence: string): void;
  /** The settings of a root as last read, and reading them. */
  settingsOf(root: string): DatasetSettings | undefined;
  loadSettings(root: string): Promise<unknown>;
  /** A dataset was opened through this grant: for the recent list. */
  onOpened(grant: string, shownPath: string): Promise<void>;
}

export interface OpenRoot {
  id: string;
  path: string;
  storage: Storage;
  /** What was granted of it, as paths below; "" is all. Grows while the root is open. */
  prefixes: string[];
  /** What the person opened last: the part that is listed. */
  shownPrefix: string;
  focus: string | null;
  format: Source;
  library: RootLibrary;
}

/** Entries in one portion of a list. */
const PAGE_ENTRIES = 150;

/** The opened datasets. Whatever inside a dataset was opened, it is one root with one id. */
export class Roots {
  private readonly open = new Map<string, OpenRoot>();
  private opening: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RootsOptions) {}

  list(): Root[] {
    return [...this.open.values()].map((root) => this.view(root));
  }

  /** Throws Fault NOT_FOUND when no such root is open. */
  get(id: string): OpenRoot {
    const root = this.open.get(id);
    if (!root) throw new Fault('NOT_FOUND', 'That dataset is not open: open it from the File menu.');
    return root;
  }

  /** Opens every dataset a grant stands for, never none: a folder above several opens them all, in order of path. */
  openGrant(grant: string): Promise<[Root, ...Root[]]> {
    const result = this.opening.then(() => this.openInTurn(grant));
    this.opening = result.catch(() => undefined);
    return result;
  }

  async close(id: string): Promise<void> {
    const root = this.get(id);
    this.open.delete(id);
    await root.library.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.open.keys()].map((id) => this.close(id)));
  }

  /** Id of every open root that keeps what is its own in a folder. */
  keptIn(storageDir: string): string[] {
    return [...this.open].filter(([, { storage }]) => storage.folder === storageDir).map(([id]) => id);
  }

  library(id: string): Library {
    const root = this.get(id);
    return { root: this.view(root), entries: this.shown(root, root.library.list()) };
  }

  /** A portion of the list, so that thousands of entries hold nothing up. */
  page(id: string, from: number): LibraryPage {
    const root = this.get(id);
    const { entries, version, left } = root.library.page(from, PAGE_ENTRIES);
    const next = left ? from + entries.length : null;
    return { root: this.view(root), entries: this.shown(root, entries), version, next };
  }

  /** The entry of a recording, wherever in the root it lies; undefined where it is not listed. */
  entry(id: string, below: string): LibraryEntry | undefined {
    const entry = this.get(id).library.get(below);
    return entry && this.isBlind(id) ? entryWithoutJudgements(entry) : entry;
  }

  /** Everything wrong with a listed recording. */
  async check(id: string, below: string): Promise<Checked> {
    const { episode, findings } = await this.get(id).library.check(below);
    if (!this.isBlind(id)) return { episode, findings };
    const { judgements: _, ...rest } = findings;
    const kept = (problems: readonly Problem[]) => problemsWithoutJudgements([...problems], below);
    return {
      episode: { ...episode, problems: kept(episode.problems) },
      findings: { ...rest, problems: kept(findings.problems) },
    };
  }

  /** Tells the whole list anew: whether the project is blind has changed. */
  retell(id: string): void {
    const { entries } = this.library(id);
    this.options.emit({ type: 'entries', root: id, entries, removed: [] });
  }

  rescan(id: string): void {
    this.get(id).library.rescan();
  }

  /** Follows the scan of a root to its end, and has one that was stopped go on. */
  async followScan(id: string, follower: ScanFollower): Promise<ScanEnd> {
    return this.get(id).library.follow(follower);
  }

  /** What was not looked into yet stays pending until a rescan. */
  stopScan(id: string): void {
    this.open.get(id)?.library.stop();
  }

  async settled(id: string): Promise<Library> {
    await this.get(id).library.settled();
    return this.library(id);
  }

  /** A damaged sample was met while an episode is shown: its entry says so from now on. */
  noteDamage(episodeId: string, message: string): void {
    const { root, below } = splitEpisodeId(episodeId);
    this.open.get(root)?.library.noteProblem(below, { severity: 'error', code: 'corrupt-chunk', message });
  }

  /** Waits until samples were decoded, at most for so long; `untried` counts the recordings that are left. */
  async tried(id: string, withinMs: number): Promise<{ library: Library; untried: number }> {
    const untried = await this.get(id).library.tried(withinMs);
    return { library: this.library(id), untried };
  }

  private async openInTurn(grant: string): Promise<[Root, ...Root[]]> {
    const { sources, userDataDir, grants, reader, onOpened } = this.options;
    const { real, isFolder } = await grants.resolve(grant);
    const recognize: Recognize = (file, root) => reader.recognize(file, root);
    const { roots, source } = await placeRoots(real, isFolder, { sources, userDataDir, recognize });
    const opened: Root[] = [];
    for (const rootPath of roots.sort()) opened.push(await this.openOne(rootPath, source, real, isFolder));
    await onOpened(grant, real);
    return opened as [Root, ...Root[]];
  }

  private async openOne(rootPath: string, source: Source, real: string, isFolder: boolean): Promise<Root> {
    const id = rootIdOf(rootPath);
    // What was opened lies in the root, or the root lies in it: then all of it was granted.
    const prefix = isWithin(rootPath, real) ? toSlashes(path.relative(rootPath, real)) : '';
    const root = this.open.get(id) ?? (await this.create(id, rootPath, source));
    const isNew = !this.open.has(id);
    const grows = !isUnderPrefix(prefix, root.prefixes);
    if (grows) root.prefixes = [...root.prefixes.filter((known) => !isUnderPrefix(known, [prefix])), prefix];
    root.shownPrefix = prefix;
    this.open.set(id, root);
    await this.options.loadSettings(id);
    root.focus = isFolder ? null : `${id}/${prefix}${await this.firstInside(root, source, real, prefix)}`;
    if (isNew || grows) root.library.scan();
    else this.options.emit({ type: 'root', root: this.view(root) });
    return this.view(root);
  }

  /** "::" and the first recording of a file that holds several; "" for others, and where they cannot be listed. */
  private async firstInside(root: OpenRoot, source: Source, real: string, below: string): Promise<string> {
    const facts = source.recordings && (await fileFactsOf(real));
    if (!facts) return '';
    const place = { root: root.path, rootId: root.id, pathBelowRoot: below, inner: '' };
    const stated = this.statedOf(root.id, below);
    const listed = await this.options.reader.recordings(source.id, { ...facts, ...place, stated }).catch(() => null);
    return listed?.[0] ? `${INNER}${listed[0].inner}` : '';
  }

  private statedOf(root: string, below: string): StatedFacts {
    return statedFor(this.options.settingsOf(root)?.stated, below);
  }

  private async create(id: string, rootPath: string, format: Source): Promise<OpenRoot> {
    const { userDataDir, version, sources, reader, emit, onNotice } = this.options;
    const storage = await placeStorage(rootPath, id, userDataDir);
    if (storage.reason) onNotice(storage.reason);
    const cache = new EntryCache(path.join(userDataDir, 'cache', `entries-${id}.json`), version);
    const root: OpenRoot = {
      id,
      path: rootPath,
      storage,
      prefixes: [],
      shownPrefix: '',
      focus: null,
      format,
      library: new RootLibrary({
        rootId: id,
        rootPath,
        format,
        sources,
        reader,
        cache,
        prefixes: () => root.prefixes,
        statedOf: (below) => this.statedOf(id, below),
        onEntries: (entries, removed) => {
          const shown = this.shown(root, entries);
          if (shown.length + removed.length > 0) emit({ type: 'entries', root: id, entries: shown, removed });
        },
        onScanning: (isScanning) => {
          this.options.onScanning(id, isScanning);
          if (this.open.has(id)) emit({ type: 'root', root: this.view(root) });
        },
        onNotice,
      }),
    };
    return root;
  }

  /** Of the part that is listed, without what a blind project keeps back. */
  private shown(root: OpenRoot, entries: readonly LibraryEntry[]): LibraryEntry[] {
    const listed = entries.filter((entry) => isUnderPrefix(entry.path, [root.shownPrefix]));
    return this.isBlind(root.id) ? listed.map((entry) => entryWithoutJudgements(entry)) : listed;
  }

  private isBlind(id: string): boolean {
    return this.options.settingsOf(id)?.blindUntilSubmitted ?? false;
  }

  private view(root: OpenRoot): Root {
    return {
      id: root.id,
      name: path.basename(root.path) || root.path,
      path: root.path,
      format: root.format.id,
      storage: root.storage.kind,
      storageReason: root.storage.reason,
      scanning: root.library.scanning,
      focus: root.focus,
      prefix: root.shownPrefix,
    };
  }
}
