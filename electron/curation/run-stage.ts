import path from 'node:path';
import type { LibraryEntry } from '../../shared/api/library.ts';
import type { DatasetSettings } from '../../shared/api/settings.ts';
import type { Review } from '../../shared/review/review.ts';
import type { RootTaxonomy } from '../../shared/review/taxonomy.ts';
import { Fault, sentenceOf } from '../fault.ts';
import { splitInner } from '../library/paths.ts';
import type { Checked } from '../library/source-reading.ts';
import { sourceNamed } from '../sources/index.ts';
import type { OpenWorkstationEpisode } from '../workstation-types.ts';
import { optionFault } from './option-faults.ts';
import type { Stage, StageContext, StageEnd, StageEpisode } from './stage.ts';

/** What part of an open root a stage works on, and what it was told. */
export interface StageRequest {
  root: string;
  /** Id of the only recording wanted; else all below the root that task and date leave. */
  only?: string | null;
  task?: string;
  date?: string;
  /** Absolute folder for the outputs; else the standard paths. */
  out?: string | null;
  /** The stage's own, unchecked. */
  options?: Record<string, unknown>;
}

/** Where a run tells how it goes. */
export type StageSinks = Pick<StageContext<unknown>, 'signal' | 'progress' | 'fail' | 'log'>;

/** What a stage uses of the workstation. */
export interface StageParts
  extends Pick<
    StageContext<unknown>,
    'fresh' | 'servedAt' | 'decode' | 'media' | 'workerDir' | 'pluginDir' | 'version'
  > {
  rootOf(root: string): { path: string; storageDir: string };
  /** The entries of a root once its scan has settled. */
  settled(root: string): Promise<readonly LibraryEntry[]>;
  open(id: string): Promise<OpenWorkstationEpisode>;
  review(id: string): Promise<Review>;
  shownReview(id: string): Promise<Review>;
  taxonomy(root: string): Promise<RootTaxonomy>;
  datasetSettings(root: string): Promise<DatasetSettings>;
  release(id: string): Promise<void>;
  check(root: string, below: string): Promise<Checked>;
}

/** Runs one stage. Rejects with Fault for what was asked wrongly, with the signal's reason when it was cancelled. */
export async function runStage(
  parts: StageParts,
  stage: Stage<never>,
  request: StageRequest,
  sinks: StageSinks,
): Promise<StageEnd> {
  const checked = (stage as Stage<unknown>).options.safeParse(request.options ?? {});
  if (!checked.success) throw optionFault(stage, request.options ?? {}, checked.error.issues);
  const { path: rootPath, storageDir } = parts.rootOf(request.root);
  const entries = await parts.settled(request.root);
  sinks.signal.throwIfAborted();
  const episodes = entries.filter((entry) => isWanted(entry, request)).map(episodeOf);
  if (episodes.length === 0 && stage.reads === 'recordings')
    throw new Fault('NOT_FOUND', nothingTo(request, rootPath, entries));
  const told = new Set<string>();
  /** What of a review could not be read is missing in what a stage makes of it: said, each once. */
  const telling = (review: Review, { path }: StageEpisode): Review => {
    for (const sentence of review.problems) {
      const line = `${path}: ${sentence}`;
      if (!told.has(line)) sinks.log(line);
      told.add(line);
    }
    return review;
  };
  return (stage as Stage<unknown>).run({
    ...sinks,
    options: checked.data,
    root: { id: request.root, path: rootPath, storageDir },
    out: request.out ?? null,
    episodes,
    all: entries.map(episodeOf),
    open: ({ id }) =>
      parts.open(id).catch((error: unknown) => {
        throw error instanceof Fault ? error : new Fault('UNUSABLE', sentenceOf(error));
      }),
    review: async (episode) => telling(await parts.review(episode.id), episode),
    shownReview: async (episode) => telling(await parts.shownReview(episode.id), episode),
    taxonomy: () => parts.taxonomy(request.root),
    datasetSettings: () => parts.datasetSettings(request.root),
    check: async ({ path: below }) => parts.check(request.root, below),
    release: ({ id }) => parts.release(id),
    fresh: () => parts.fresh(),
    servedAt: () => parts.servedAt(),
    decode: parts.decode,
    media: parts.media,
    workerDir: parts.workerDir,
    pluginDir: parts.pluginDir,
    version: parts.version,
  });
}

function isWanted(entry: LibraryEntry, { only, task, date }: StageRequest): boolean {
  if (only !== undefined && only !== null) return entry.id === only;
  return (task === undefined || entry.task === task) && (date === undefined || entry.date === date);
}

function nothingTo({ only, task, date }: StageRequest, root: string, entries: readonly LibraryEntry[]): string {
  if (only) return `${only} is not in the list of ${root}: scan it again.`;
  const of = [task && `task ${task}`, date && `date ${date}`].filter(Boolean).join(', ');
  if (of === '' || entries.length === 0) return `${root} holds no recording: name another folder.`;
  const sessions = [...new Set(entries.map((entry) => [entry.task, entry.date].filter(Boolean).join('/') || 'none'))];
  const more = sessions.length > MOST_NAMED ? `, and ${sessions.length - MOST_NAMED} more` : '';
  const there = sessions.sort().slice(0, MOST_NAMED).join(', ');
  return `${root} holds no recording of ${of}: name another (task and date of what is there: ${there}${more}).`;
}

const MOST_NAMED = 8;

/** A listed recording as stages see it. */
export function episodeOf(entry: LibraryEntry): StageEpisode {
  const { id, path: below, format, task, date, ticks, durationNs } = entry;
  // Of a file that is cut short, or is none of its format, some formats tell no ticks instead of null.
  const isClosed = !ticks && entry.status === 'error';
  const worst = entry.problems.find(({ severity }) => severity === 'error') ?? entry.problems[0];
  return {
    id,
    path: below,
    format,
    task,
    date,
    stem: stemOf(below, format),
    ticks,
    durationNs,
    fault: isClosed ? (worst?.message ?? `${below} cannot be opened.`) : null,
    problems: entry.problems,
  };
}

/**
 * The name its format has for the file, which is the folder's where every folder holds a file of the same name (every
 * session its session.json), and the recording's own after it where the file holds several.
 */
function stemOf(below: string, format: string): string {
  const { anchor, inner } = splitInner(below) ?? { anchor: below, inner: '' };
  const parts = [sourceNamed(format)?.placeOf(anchor).name ?? '', inner].filter((part) => part !== '');
  // In the root itself there is no folder to name it after, and no other of its name.
  const stem = parts.length > 0 ? parts.join('_') : path.posix.basename(anchor).replace(/\.[^.]+$/, '');
  return stem.replaceAll('/', '_');
}
