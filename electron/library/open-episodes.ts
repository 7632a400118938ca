import { createHash } from 'node:crypto';
import type { WorkstationEvent } from '../../shared/api/contract.ts';
import type { DatasetSettings } from '../../shared/api/settings.ts';
import type { Stream } from '../../shared/episode/episode.ts';
import { calibrationKey } from '../../shared/geometry/calibration.ts';
import { Fault, sentenceOf } from '../fault.ts';
import type { OpenFile, Source } from '../sources/source.ts';
import type { OpenWorkstationEpisode } from '../workstation-types.ts';
import { fileFactsOf, revisionOf, sourceFor } from './file-facts.ts';
import { resolveRecording, splitEpisodeId } from './paths.ts';
import type { RecordingReader } from './recording-reader.ts';
import type { Roots } from './roots.ts';
import { statedFor } from './stated.ts';

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
/** Files of a recording that are watched for change: one that lies in thousands is not stopped by their number. */
const WATCHED_FILES = 256;

/** The table of opened episodes: opened once, dropped when longest unused, opened anew when a file of theirs changed. */
export class OpenEpisodes {
  /** In order of use, longest unused first. */
  private readonly table = new Map<string, Promise<OpenEpisode>>();
  private readonly ready = new Map<string, OpenEpisode>();
  /** Files of which a recording is being opened. */
  private readonly inHand = new Set<string>();
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
    const place = await resolveRecording(root.path, below, root.prefixes);
    const known = this.table.get(id);
    if (known) {
      this.table.delete(id);
      this.table.set(id, known);
      return known;
    }
    this.inHand.add(place.real);
    const opening = this.options.reader.forPerson(() => this.read(id, place));
    this.table.set(id, opening);
    void opening.catch(() => undefined).finally(() => this.inHand.delete(place.real));
    opening.catch(() => {
      if (this.table.get(id) === opening) this.table.delete(id);
    });
    const episode = await opening;
    if (this.table.get(id) === opening) this.ready.set(id, episode);
    await this.trim();
    return episode;
  }

  /** Whether a file belongs to an episode that is open or being opened. */
  isOpen(realPath: string): boolean {
    return this.inHand.has(realPath) || [...this.ready.values()].some((episode) => filesOf(episode).includes(realPath));
  }

  /** Lets go of everything kept of a recording: its file is about to be replaced by us. */
  async release(id: string): Promise<void> {
    await this.drop(id);
  }

  async closeRoot(root: string): Promise<void> {
    for (const id of [...this.table.keys()]) if (id.startsWith(`${root}/`)) await this.drop(id);
  }

  async close(): Promise<void> {
    clearInterval(this.watch);
    for (const id of [...this.table.keys()]) await this.drop(id);
  }

  /** Opens anew what was read with other facts than those stated now. */
  async restate(root: string): Promise<void> {
    for (const [id, episode] of [...this.ready]) {
      if (episode.root !== root) continue;
      const { pathBelowRoot, stated } = episode.file;
      const now = statedFor(this.options.settingsOf(root)?.stated, pathBelowRoot);
      if (JSON.stringify(now) === JSON.stringify(stated)) continue;
      await this.drop(id);
      const message = `${episode.opened.episode.path} was read again with what was stated of its folder.`;
      this.options.emit({ type: 'episode-changed', episode: id, revision: 'stated', message });
    }
  }

  /** Looks whether files under open episodes changed; called by itself every two seconds. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      for (const [id, episode] of [...this.ready]) {
        const { revision, isWhole, isThere } = await stateOf(filesOf(episode), episode.file);
        if (revision === episode.revision || this.ready.get(id) !== episode) continue;
        // Between two looks a file may be away for a moment: programs replace files by renaming.
        if (!isWhole && !this.missing.delete(id)) {
          this.missing.add(id);
          continue;
        }
        await this.drop(id);
        const { path } = episode.opened.episode;
        const message = isThere ? `${path} changed on disk, so it was read again.` : `${path} is not there any more.`;
        this.options.emit({ type: 'episode-changed', episode: id, revision: isThere ? revision : 'gone', message });
      }
    } finally {
      this.looking = false;
    }
  }

  private async read(id: string, place: { real: string; anchor: string; inner: string }): Promise<OpenEpisode> {
    const { roots, sources, settingsOf, reader } = this.options;
    const { root: rootId, below } = splitEpisodeId(id);
    const root = roots.get(rootId);
    const facts = await fileFactsOf(place.real);
    if (!facts || !sourceFor(sources, facts)) {
      throw new Fault('NOT_FOUND', `${below} is no recording that Regrasp knows.`);
    }
    await this.options.loadSettings(rootId);
    const { anchor: pathBelowRoot, inner } = place;
    const stated = statedFor(settingsOf(rootId)?.stated, pathBelowRoot);
    const file: OpenFile = { ...facts, root: root.path, rootId, pathBelowRoot, inner, stated };
    const before = (await revisionOf(place.real)) ?? '';
    const listed = root.library.formatOf(pathBelowRoot, facts);
    const { source: format, opened } = await reader.open(listed, file).catch((error: unknown) => {
      throw new Fault('UNUSABLE', `${below} could not be opened: ${sentenceOf(error, below)}`);
    });
    const source = sources.find((candidate) => candidate.id === format);
    if (!source) throw new Error(`There is no format "${format}".`);
    const { revision, anchor } = await stateOf(filesOf({ opened, path: place.real }), file);
    const episode: OpenEpisode = {
      id,
      root: rootId,
      storageDir: root.storage.folder,
      source,
      file,
      path: place.real,
      opened,
      // Written to while it was read: the next look finds another revision and reads it again.
      revision: anchor === before ? revision : `${revision}-${before}`,
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
    root.library.noteOpened(below, opened.episode);
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
    if (!episode) return;
    this.options.reader.release(episode.opened);
    await this.options.forget(episode);
  }
}

/** Real paths of all that a recording was read from, its own file first. */
function filesOf({ opened, path }: Pick<OpenEpisode, 'opened' | 'path'>): readonly string[] {
  return [path, ...(opened.files ?? []).filter((file) => file !== path)];
}

/**
 * What all files of a recording and the facts stated of it amount to: any change changes `revision`. `anchor` is the first
 * file's own revision; `isWhole`: all files are there; `isThere`: at least the first.
 */
async function stateOf(files: readonly string[], { stated }: OpenFile) {
  const revisions = await Promise.all(files.slice(0, WATCHED_FILES).map(revisionOf));
  const facts = Object.keys(stated).length === 0 ? [] : [JSON.stringify(stated)];
  const parts = [...revisions.map((revision) => revision ?? 'gone'), ...facts];
  const digest = () => createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22);
  return {
    revision: parts.length === 1 ? (parts[0] as string) : digest(),
    anchor: revisions[0] ?? '',
    isWhole: revisions.every((revision) => revision !== undefined),
    isThere: revisions[0] !== undefined,
  };
}
