import type { z } from 'zod';
import type { DatasetSettings } from '../../shared/api/settings.ts';
import type { Problem } from '../../shared/episode/episode.ts';
import type { Review } from '../../shared/review/review.ts';
import type { RootTaxonomy } from '../../shared/review/taxonomy.ts';
import type { DecodePool } from '../frames/frame-source.ts';
import type { Checked } from '../library/source-reading.ts';
import type { Media } from '../media/index.ts';
import type { OpenWorkstationEpisode, Workstation } from '../workstation-types.ts';

/**
 * One stage of the curation pipeline: a command of the terminal and a job of the workstation, from one description. A
 * stage is a folder here with an index.ts that exports `stage`; nothing else has to be changed to add one.
 */
export interface Stage<Options = unknown> {
  /** The command's name, e.g. "compress". */
  id: string;
  /** Where it stands in the pipeline: stages run in this order. */
  order: number;
  /** For the job: "Compress recordings". */
  title: string;
  /** For the command's help. */
  description: string;
  example: string;
  /** Flags as commander reads them; their values reach `options` by their camel-cased names. */
  flags: readonly (readonly [usage: string, description: string])[];
  /** Options whose flag names a JSON file: the terminal reads it, and a window sends what would stand in it. */
  jsonFiles?: readonly string[];
  /** Checks and completes what was given. Numbers come as text from the terminal: use z.coerce. */
  options: z.ZodType<Options>;
  /** Whether it reads the recordings of a library, or files that other stages made alone. */
  reads: 'recordings' | 'files';
  /** Changes recordings in place: said before it starts. */
  altersSource?: true;
  run(context: StageContext<Options>): Promise<StageEnd>;
}

export interface StageEnd {
  /** One sentence on how it ended. */
  message: string;
  /** For --json and for the job's result; JSON only. */
  result?: Record<string, unknown>;
  /** Lines for the terminal, where a table says more than the sentence. */
  lines?: readonly string[];
  /** Something is wrong with the data (not: could not run): exit code 1. Failed items count by themselves. */
  foundProblems?: boolean;
}

/** A recording that a stage may work on, in order of path. */
export interface StageEpisode {
  /** "<root id>/<path below the root>". */
  id: string;
  /** Path below the root, with slashes. */
  path: string;
  format: string;
  task: string;
  date: string;
  /** What its files are called: the file's name without its ending ("episode_003"), the folder's where that is the recording. */
  stem: string;
  /** Ticks as the library knows them; null where it could not be opened. */
  ticks: number | null;
  /** From its first to its last tick; null where that is not known. */
  durationNs: number | null;
  /** One sentence why it cannot be opened at all, as the library has it. */
  fault: string | null;
  /** Everything that the library knows to be wrong with it. */
  problems: readonly Problem[];
}

export interface StageContext<Options> {
  options: Options;
  root: {
    id: string;
    /** Absolute real path. Outputs go below it, by the pipeline's standard paths, or below `out`. */
    path: string;
    /** `.regrasp`, or its stand-in where the root is read-only. */
    storageDir: string;
  };
  /** Folder a person named for the outputs; null for the standard paths. */
  out: string | null;
  /** Narrowed to what was named (a file, a date, a task). */
  episodes: readonly StageEpisode[];
  /** Every recording of the root, whatever was named: for totals. */
  all: readonly StageEpisode[];
  open(episode: StageEpisode): Promise<OpenWorkstationEpisode>;
  /**
   * What people said of an episode so far, also where the project is blind: for what belongs to the dataset. Rejects with
   * Fault where it cannot be told from others (no fingerprint).
   */
  review(episode: StageEpisode): Promise<Review>;
  /** As the person at this install may see it: for what is written to be read. */
  shownReview(episode: StageEpisode): Promise<Review>;
  /** What failures of the dataset are named by. */
  taxonomy(): Promise<RootTaxonomy>;
  /** What people chose for the dataset. */
  datasetSettings(): Promise<DatasetSettings>;
  /** Opens it and applies its format's own rules: every fault, not the first. Rejects where it cannot be opened. */
  check(episode: StageEpisode): Promise<Checked>;
  /** Everything kept of an episode's file is dropped: before its file is replaced. */
  release(episode: StageEpisode): Promise<void>;
  /** Where `regrasp serve` answers on this machine, served or not: "http://127.0.0.1:4321/". */
  servedAt(): Promise<string>;
  /** A workstation of its own that has read nothing yet, for judging files by what lies on the disk. To be closed. */
  fresh(): Promise<Workstation>;
  decode: DecodePool;
  media: Media;
  workerDir: string;
  pluginDir: string;
  version: string;
  /** Fires when a person cancels: stop soon, leave nothing half-written under a final name. */
  signal: AbortSignal;
  progress(progress: { done?: number; total?: number | null; message?: string }): void;
  /** One recording failed; the rest goes on, and the run ends with exit code 1. */
  fail(item: string, message: string): void;
  /** A line of the log; the terminal prints it as it comes. */
  log(line: string): void;
}
