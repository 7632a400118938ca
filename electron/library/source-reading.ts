import path from 'node:path';
import type { Episode, Problem } from '../../shared/episode/episode.ts';
import {
  type CheckFindings,
  type FileFacts,
  type ListedRecording,
  type OpenedEpisode,
  type OpenFile,
  type Source,
  SourceFault,
  type SourcePorts,
} from '../sources/source.ts';
import { type Mark, witnessed } from './companions.ts';
import { Neighbours } from './neighbours.ts';
import { isInnerName } from './paths.ts';

/** What a look at a file found: one recording, or several of which some may have to be opened to be described. */
export interface Looked {
  /** Id of the format. */
  source: string;
  /** The only recording of the file, described; null where it holds several. */
  episode: Episode | null;
  /** Null where the file is one recording. */
  recordings: ListedRecording[] | null;
  /** How everything beside the file was found that was looked at. */
  marks: Mark[];
}

export interface Described {
  episode: Episode;
  marks: Mark[];
}

export interface Checked {
  episode: Episode;
  findings: CheckFindings;
}

export interface Opened {
  source: string;
  opened: OpenedEpisode;
}

/** What the library asks of formats. Done in this thread (SourceReading) or in one of its own (ReadingThread). */
export interface Reading {
  /** The format that takes this file by content; else the one for unknown files, by name; undefined: none. */
  recognize(file: FileFacts, root: string): Promise<string | undefined>;
  /** The recordings of a file that can hold several; null where a file of the format is one. */
  recordings(source: string, file: OpenFile): Promise<ListedRecording[] | null>;
  /** Recognises and describes. Undefined: no recording of any format. */
  look(file: OpenFile): Promise<Looked | undefined>;
  /** The model alone, for the list. */
  describe(source: string, file: OpenFile): Promise<Described>;
  /** Recognised first where the format is not known yet. To be let go of by `release`. */
  open(source: string | undefined, file: OpenFile): Promise<Opened>;
  check(source: string, file: OpenFile): Promise<Checked>;
  release(opened: OpenedEpisode): void;
  close(): Promise<void>;
}

/** Asks the formats themselves, with ports made for each call. */
export class SourceReading implements Reading {
  constructor(
    private readonly sources: readonly Source[],
    private readonly portsIn: (root: string) => SourcePorts,
    private readonly neighbours = new Neighbours(),
  ) {}

  async recognize(file: FileFacts, root: string): Promise<string | undefined> {
    return (await this.formatOf(file, this.ports(root)))?.id;
  }

  async recordings(source: string, file: OpenFile): Promise<ListedRecording[] | null> {
    return this.list(this.named(source), file, this.ports(file.root));
  }

  async look(file: OpenFile): Promise<Looked | undefined> {
    const plain = this.ports(file.root);
    const { ports, marks } = witnessed(plain, file.root, file.path);
    const source = await this.formatOf(file, ports, plain);
    if (!source) return undefined;
    const recordings = await this.list(source, file, ports);
    const opened = recordings ? null : await source.open(file, ports);
    return { source: source.id, episode: opened?.episode ?? null, recordings, marks: await marks() };
  }

  async describe(source: string, file: OpenFile): Promise<Described> {
    const { ports, marks } = witnessed(this.ports(file.root), file.root, file.path);
    const { episode } = await this.named(source).open(file, ports);
    return { episode, marks: await marks() };
  }

  async open(id: string | undefined, file: OpenFile): Promise<Opened> {
    const ports = this.ports(file.root);
    const source = id === undefined ? await this.formatOf(file, ports) : this.named(id);
    if (!source) throw new SourceFault('unknown', `${file.name} is no recording that Regrasp knows.`);
    if (file.inner === '' && source.recordings) {
      const listed = (await this.list(source, file, ports)) ?? [];
      const how = listed[0] ? `name one of them, as ${file.name}::${listed[0].inner}` : 'none of them can be opened';
      throw new SourceFault('several', `${file.name} holds ${listed.length} recordings: ${how}.`);
    }
    return { source: source.id, opened: await source.open(file, ports) };
  }

  async check(id: string, file: OpenFile): Promise<Checked> {
    const source = this.named(id);
    const ports = this.ports(file.root);
    const opened = await source.open(file, ports);
    const findings = (await source.check?.(file, opened, ports)) ?? { problems: [] };
    // Two cameras, or opening and checking, may meet the same fault of the same file.
    const told = new Set<string>();
    const once = (problems: readonly Problem[]) =>
      problems.filter(({ message }) => !told.has(message) && told.add(message));
    const episode = { ...opened.episode, problems: once(opened.episode.problems) };
    return { episode, findings: { ...findings, problems: once(findings.problems) } };
  }

  release(): void {}

  async close(): Promise<void> {}

  /**
   * By content, in order of the formats. Where one takes files that nobody knows, such a file is what its neighbours are,
   * else what lies in such a place, else that.
   */
  private async formatOf(file: FileFacts, ports: SourcePorts, plain = ports): Promise<Source | undefined> {
    const possible = this.sources.filter((source) => source.mightBe(file));
    for (const source of possible) if (await source.recognizes(file, ports)) return source;
    const unknown = possible.find(({ takesUnknown }) => takesUnknown);
    if (!unknown) return undefined;
    // What lies beside it is no part of it: asked past the ports that note what a recording leans on.
    const near = await this.neighbours.formatOf(file, possible, plain);
    const folder = path.dirname(file.path);
    return near ?? possible.find(({ rootOf }) => rootOf(file.path, false) !== folder) ?? unknown;
  }

  private async list(source: Source, file: OpenFile, ports: SourcePorts): Promise<ListedRecording[] | null> {
    if (!source.recordings) return null;
    const listed = await source.recordings(file, ports);
    const bad = listed.find(({ inner }) => !isInnerName(inner));
    if (bad) {
      throw new SourceFault(
        'bad-name',
        `${file.name} names a recording "${bad.inner}", which can be part of no address.`,
      );
    }
    return listed;
  }

  private named(id: string): Source {
    const source = this.sources.find((candidate) => candidate.id === id);
    if (!source) throw new Error(`There is no format "${id}".`);
    return source;
  }

  /** A file's tree is asked for by every format that might know it: it is read once a call. */
  private ports(root: string): SourcePorts {
    const ports = this.portsIn(root);
    const trees = new Map<string, ReturnType<SourcePorts['hdf5']['inspect']>>();
    const inspect: typeof ports.hdf5.inspect = (path, scope) => {
      const key = JSON.stringify([path, scope]);
      const known = trees.get(key) ?? ports.hdf5.inspect(path, scope);
      trees.set(key, known);
      return known;
    };
    const { hdf5 } = ports;
    return {
      ...ports,
      hdf5: {
        inspect,
        numbers: (path, dataset) => hdf5.numbers(path, dataset),
        strings: (path, dataset) => hdf5.strings(path, dataset),
      },
    };
  }
}
