import type { DoctorCheck, WorkstationEvent } from '../shared/api/contract.ts';
import type { Library, Root } from '../shared/api/library.ts';
import type { Episode } from '../shared/episode/episode.ts';
import type { Calibration } from '../shared/geometry/calibration.ts';
import type { Finding } from '../shared/review/finding.ts';
import type { Review } from '../shared/review/review.ts';
import type { RootTaxonomy } from '../shared/review/taxonomy.ts';
import type { StageRequest, StageSinks } from './curation/run-stage.ts';
import type { StageEnd } from './curation/stage.ts';
import type { DecodePool, EpisodeForTicks, TickService } from './frames/frame-source.ts';
import type { Checked } from './library/source-reading.ts';
import type { Media } from './media/index.ts';

export interface WorkstationOptions {
  door: 'desktop' | 'browser' | 'none';
  version: string;
  /** Folder of this person's settings, recent list and reviews of read-only roots. */
  userDataDir: string;
  /** Built files of the renderer (index.html …); undefined = no static files. */
  rendererDir?: string;
  /** Built worker entries; and the HDF5 plugins, beside whose package the embedded encoder's core lies. */
  workerDir: string;
  pluginDir: string;
  /** Where bundles go unless a person chooses another folder. Default: `bundles` in the user folder. */
  bundlesDir?: string;
  /** Default 2. */
  decodeWorkers?: number;
  onNotice?: (sentence: string) => void;
}

/** The composition root's answer: every service once, behind one fetch handler and a few direct calls for the terminal. */
export interface Workstation {
  /**
   * Answers /api/rpc/*, /api/tick, /api/arrays, /api/events and static files. Knows nothing of tokens: a door guards itself.
   * A binary answer's pieces can be had without the stream: see electron/api/binary.ts.
   */
  fetch(request: Request): Promise<Response>;
  /** Makes a grant for a path a person chose (dialog, drop, command line). Real path is checked; rejects with a sentence. */
  grant(path: string): Promise<string>;
  /** The real path of a grant, checked anew; rejects with a sentence. */
  pathOf(grant: string): Promise<string>;
  /** Opens a grant as the renderer would: the first of its datasets is answered. */
  openRoot(grant: string): Promise<Root>;
  /** Every dataset a grant stands for, in order of path: a folder above several opens them all. */
  openRoots(grant: string): Promise<[Root, ...Root[]]>;
  library(root: string): Promise<Library>;
  /** Waits until the scan of a root has settled (for the terminal and tests). */
  settled(root: string): Promise<Library>;
  /** Waits, at most for so long, until samples of what was listed were decoded; `untried` recordings are left. */
  tried(root: string, withinMs: number): Promise<{ library: Library; untried: number }>;
  /** Opens a listed recording (path below the root) and applies its format's own rules: every fault, not the first. */
  check(root: string, below: string): Promise<Checked>;
  /** Runs a stage of the curation pipeline on an open root (see electron/curation); rejects with a sentence. */
  runStage(stage: string, request: StageRequest, sinks: StageSinks): Promise<StageEnd>;
  openEpisode(id: string): Promise<OpenWorkstationEpisode>;
  /** Its description as this person may see it: less than what was opened where the project is blind. */
  shownEpisode(id: string): Promise<Episode>;
  /** What people said of an open episode, also where the project is blind, and what detectors found in it last (null: none looked). */
  said(episode: OpenWorkstationEpisode): Promise<{ review: Review; findings: readonly Finding[] | null }>;
  doctor(): Promise<DoctorCheck[]>;
  /** What failures of an open root are named by: the codes that stand and the lab's own. */
  taxonomy(root: string): Promise<RootTaxonomy>;
  events(listener: (event: WorkstationEvent) => void): () => void;
  readonly decode: DecodePool;
  readonly ticks: TickService;
  readonly media: Media;
  close(): Promise<void>;
}

export interface OpenWorkstationEpisode extends EpisodeForTicks {
  fingerprint: string | null;
  /** Absolute real path of the recording. */
  path: string;
  /**
   * Calibration folders that could belong to it, best first: those of its dataset, or those in and below another folder
   * (absolute real path; only the terminal may name one). Their ids are paths below it, "." for the folder itself.
   */
  calibrations(folder?: string): Promise<Calibration[]>;
  /** Id of the folder a person chose for its task and date; "" for none, undefined where nobody chose. */
  calibrationChoice(): string | undefined;
}
