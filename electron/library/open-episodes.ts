import type { WorkstationEvent } from '../../shared/api/contract.ts';
import type { DatasetSettings } from '../../shared/api/settings.ts';
import type { Stream } from '../../shared/episode/episode.ts';
import { calibrationKey } from '../../shared/geometry/calibration.ts';
import { Fault, sentenceOf } from '../fault.ts';
import type { OpenFile, Source } from '../sources/source.ts';
import type { OpenWorkstationEpisode } from '../workstation-types.ts';
import { fileFactsOf, revisionOf, sourceFor } from './file-facts.ts';
import { resolveBelow, splitEpisodeId } from './paths.ts';
import type { RecordingReader } from './recording-reader.ts';
import type { Roots } from './roots.ts';

export interface OpenEpisodesOptions {
  roots: Roots;
  sources: readonly Source[];
  reader: RecordingReader;
  /** The settings of a root as last read; episodes ask them at every tick. */
  settingsOf(root: string): DatasetSettings | undefined;
  loadSettings(root: string): Promise<unknown>;
  fingerprintOf(episode: OpenEpisode): Promise<string | null>;
  /** Everything that was kept of an episode is to be dropped: caches, workers' open files. */
  forget(episode: OpenEpisode): Promise<void>;
  emit(event: WorkstationEvent): void;
}

export interface OpenEpisode extends OpenWorkstationEpisode {
  id: string;
  root: string;
  storageDir: string;
  source: Source;
  file: OpenFile;
}

/** A window shows one episode and may look at a neighbour; more only cost memory. */
const KEEP = 4;
const LOOK_MS = 2000;

/** The table of opened episodes: opened once, dropped when longest unused, opened anew when their file changed. */
export class OpenEpisodes {
  /** In order of use, longest unused first. */
  private readonly table = new Map<string, Promise<OpenEpisode>>();
  private readonly ready = new Map<string, OpenEpisode>();
  private readonly watch: NodeJS.Timeout;
  private readonly missing = new Set<string>();
  private looking = false;

  constructor(private readonly options: OpenEpisodesOptions) {
    this.watch = setInterval(() => void this.look(), LOOK_MS);
    this.watch.unref();
  }

  /** Rejects with Fault: every use is checked against what is granted now. */
  async open(id: string): Promise<OpenEpisode> {
    const { root: rootId, below } = splitEpisodeId(id);
    const root = this.options.roots.get(rootId);
    const real = await resolveBelow(root.path, below, root.prefixes);
    const known = this.table.get(id);
    if (known) {
      this.table.delete(id);
      this.table.set(id, known);
      return known;
    }
    const opening = this.read(id, real);
    this.table.set(id, opening);
    opening.catch(() => {
      if (this.table.get(id) === opening) this.table.delete(id);
    });
    const episode = await opening;
    if (this.table.get(id) === opening) this.ready.set(id, episode);
    await this.trim();
    return episode;
  }

  isOpen(realPath: string): boolean {
    return [...this.ready.values()].some((episode) => episode.path === realPath);
  }

  async closeRoot(root: string): Promise<void> {
    for (const id of [...this.table.keys()]) if (id.startsWith(`${root}/`)) await this.drop(id);
  }

  async close(): Promise<void> {
    clearInterval(this.watch);
    for (const id of [...this.table.keys()]) await this.drop(id);
  }

  /** Looks whether files under open episodes changed; called by itself every two seconds. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      for (const [id, episode] of [...this.ready]) {
        const revision = await revisionOf(episode.path);
        if (revision === episode.revision || this.ready.get(id) !== episode) continue;
        // Between two looks a file may be away for a moment: programs replace files by renaming.
        if (revision === undefined && !this.missing.delete(id)) {
          this.missing.add(id);
          continue;
        }
        await this.drop(id);
        const message = revision
          ? `${episode.file.pathBelowRoot} changed on disk, so it was read again.`
          : `${episode.file.pathBelowRoot} is not there any more.`;
        this.options.emit({ type: 'episode-changed', episode: id, revision: revision ?? 'gone', message });
      }
    } finally {
      this.looking = false;
    }
  }

  private async read(id: string, real: string): Promise<OpenEpisode> {
    const { roots, sources, settingsOf } = this.options;
    const { root: rootId, below } = splitEpisodeId(id);
    const root = roots.get(rootId);
    const facts = await fileFactsOf(real);
    const source = facts && sourceFor(sources, facts);
    if (!facts || !source) throw new Fault('NOT_FOUND', `${below} is no recording that Regrasp knows.`);
    const revision = (await revisionOf(real)) ?? '';
    const file: OpenFile = { ...facts, root: root.path, rootId, pathBelowRoot: below, inner: '', stated: {} };
    await this.options.loadSettings(rootId);
    const opened = await this.options.reader.open(source, file).catch((error: unknown) => {
      throw new Fault('UNUSABLE', `${below} could not be opened: ${sentenceOf(error, below)}`);
    });
    const episode: OpenEpisode = {
      id,
      root: rootId,
      storageDir: root.storage.folder,
      source,
      file,
      path: real,
      opened,
      revision,
      fingerprint: null,
      calibrations: (folder = root.path) =>
        source.calibrations?.({ ...file, root: folder }, opened.episode) ?? Promise.resolve([]),
      calibrationChoice: () => settingsOf(rootId)?.calibrations[calibrationKey(opened.episode)],
      orderOf: (stream: Stream) =>
        stream.order === null ? null : (settingsOf(rootId)?.orders[stream.id] ?? stream.order),
      tactileOffset: () => settingsOf(rootId)?.tactileOffsets[below] ?? 0,
      holdPeriods: () => settingsOf(rootId)?.holdPeriods ?? 3,
    };
    episode.fingerprint = await this.options.fingerprintOf(episode);
    return episode;
  }

  private async trim(): Promise<void> {
    while (this.table.size > KEEP) {
      const oldest = this.table.keys().next().value as string;
      await this.drop(oldest);
    }
  }

  private async drop(id: string): Promise<void> {
    const opening = this.table.get(id);
    this.table.delete(id);
    this.ready.delete(id);
    this.missing.delete(id);
    const episode = await opening?.catch(() => undefined);
    if (episode) await this.options.forget(episode);
  }
}
