import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { WorkstationEvent } from '../../shared/api/contract.ts';
import type { DatasetSettings } from '../../shared/api/settings.ts';
import { Grants } from './grants.ts';
import { OpenEpisodes } from './open-episodes.ts';
import { PersonFirst } from './person-first.ts';
import { RecordingReader } from './recording-reader.ts';
import { Roots } from './roots.ts';
import { bagSource, idlePool, localReading, takeSource } from './testing.ts';

/** A dataset of three takes in a folder of its own, and what a workstation's library made of it. */
export class StagedLibrary {
  userDataDir: string;
  readonly dataset: string;
  /** Told by any library that was started. */
  readonly events: WorkstationEvent[] = [];
  /** Files that were opened, below the dataset; with "::" and its name for a recording of a bag. */
  opens: string[] = [];
  readonly released: string[] = [];
  readonly forgotten: string[] = [];
  readonly decoded: string[] = [];
  datasetSettings: DatasetSettings | undefined;
  private readonly started: { roots: Roots; episodes: OpenEpisodes }[] = [];

  private constructor(readonly base: string) {
    this.userDataDir = path.join(base, 'user');
    this.dataset = path.join(base, 'lab');
  }

  static async create(): Promise<StagedLibrary> {
    const lab = new StagedLibrary(await realpath(await mkdtemp(path.join(os.tmpdir(), 'regrasp roots '))));
    await lab.take('data/push/2026-05-10/episode_1.take', '5');
    await lab.take('data/push/2026-05-10/episode_2.take', '7');
    await lab.take('data/push/2026-05-11/episode_1.take', '3');
    return lab;
  }

  async close(): Promise<void> {
    for (const { roots, episodes } of this.started) {
      await episodes.close();
      await roots.closeAll();
    }
    await rm(this.base, { recursive: true, force: true });
  }

  /** Writes a file of the dataset. */
  async take(below: string, text: string): Promise<string> {
    const file = path.join(this.dataset, below);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  /** A library as a workstation has it, with the two formats for tests, which run in this thread. */
  start() {
    const { userDataDir } = this;
    const onOpen = (file: string) => void this.opens.push(path.relative(this.dataset, file));
    const sources = [bagSource(onOpen), { ...takeSource(onOpen), takesUnknown: true as const }];
    const grants = new Grants(userDataDir, sources, () => undefined);
    const decode = idlePool(this.released, this.decoded);
    const reading = localReading(sources, decode);
    const isOpen = (file: string) => episodes.isOpen(file);
    const personFirst = new PersonFirst();
    const reader: RecordingReader = new RecordingReader({
      ...{ atOnce: reading, inBackground: reading, decode, isOpen, personFirst },
    });
    const emit = (event: WorkstationEvent) => void this.events.push(event);
    const onNotice = () => undefined;
    const onOpened = async () => undefined;
    const settingsOf = () => this.datasetSettings;
    const loadSettings = async () => undefined;
    const roots = new Roots({
      onScanning: () => undefined,
      ...{ userDataDir, version: '1', sources, grants, reader, emit, onNotice, onOpened, settingsOf, loadSettings },
    });
    const episodes: OpenEpisodes = new OpenEpisodes({
      ...{ roots, sources, reader, emit, settingsOf, loadSettings },
      fingerprintOf: async () => null,
      forget: async (episode) => void this.forgotten.push(episode.id),
    });
    this.started.push({ roots, episodes });
    return {
      roots,
      grants,
      episodes,
      openPath: async (chosen: string) => (await roots.openGrant(await grants.grant(chosen)))[0],
      openPaths: async (chosen: string) => roots.openGrant(await grants.grant(chosen)),
    };
  }
}

/** Paths of a list, in order of the alphabet. */
export const pathsOf = (library: { entries: { path: string }[] }) => library.entries.map((entry) => entry.path).sort();
