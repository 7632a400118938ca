import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault, reasonOf, sentenceOf } from '../fault.ts';
import { builtPaths } from '../paths.ts';
import { CALIBRATION_FOLDERS, writeCalibrations } from './calibration-files.ts';
import { SAMPLE_FILTERS, type SampleFilter } from './hdf5-writer.ts';
import { type PlanOptions, planEpisode } from './plan.ts';
import type { Shrink } from './rig.ts';
import { runSampleWork } from './run-worker.ts';
import { TRUTH_KIND, type Truth } from './truth.ts';
import { writeWhole } from './whole-file.ts';

export { recordBenchEpisode } from './bench-episode.ts';
export type { Truth } from './truth.ts';
export { SAMPLE_FILTERS, type SampleFilter };

export interface SampleOptions {
  /** The sample's root: made when missing, empty, or a sample. */
  directory: string;
  /** Default 7. The same seed gives the same bytes. */
  seed?: number;
  /** Length of each episode, 2…600. Default 20: one pass of each story with every fault. Shorter ones hold what fits. */
  seconds?: number;
  /** Default "blosc" (LZ4, byte shuffle). */
  filter?: SampleFilter;
  /** Which episodes; default both. */
  episodes?: readonly SampleEpisodeName[];
  /** Whether the folder of broken files is written. Default true. */
  broken?: boolean;
  /** How many times smaller than 640 × 480 pictures are in each direction, and so the cameras' calibrations. Default 1. */
  shrink?: Shrink;
  /** Folder of the built worker entries. */
  workerDir: string;
  /** Folder of the HDF5 filter plugins; found from `workerDir` when absent. */
  pluginDir?: string;
  signal?: AbortSignal;
  /** Ticks written, ticks in all, and what is being done. */
  onProgress?: (done: number, total: number, message: string) => void;
}

export interface SampleSummary {
  directory: string;
  /** Paths below the root, with slashes. */
  episodes: string[];
  broken: string[];
  ticks: number;
  bytes: number;
  /** False when the folder already held this very sample and nothing was written. */
  recorded: boolean;
}

type Recording = SampleOptions & { pluginDir: string };

export type SampleEpisodeName = 'faults' | 'recovery';

export const SAMPLE_TASK = 'board_insertion';
export const SAMPLE_DATE = '2026-07-02';
const BROKEN_TASK = 'broken';
const TRUTH_FILE = 'truth.json';
/** Left in the folder while it is being recorded, so that an interrupted sample can be recorded again. */
const UNFINISHED_FILE = '.sample-unfinished';
const DEFAULT_SEED = 7;
const DEFAULT_SECONDS = 20;

const EPISODES: Record<SampleEpisodeName, Omit<PlanOptions, 'seed' | 'seconds'>> = {
  faults: {
    name: 'episode_000',
    story: 'transfer',
    faults: true,
    startUnixSeconds: 1782980045.318,
    createdAt: '2026-07-02T10:14:05',
  },
  recovery: {
    name: 'episode_001',
    story: 'slip-and-recovery',
    faults: false,
    startUnixSeconds: 1782980251.742,
    createdAt: '2026-07-02T10:17:31',
  },
};

/**
 * Records a sample dataset in the recorder's own layout: `data/<task>/<date>/episode_NNN.h5`, calibration folders,
 * a folder of broken files and `truth.json` naming every planted fault. Files appear under their names only once they
 * are whole; cancelling rejects with the signal's reason and leaves none half-written. A folder that already holds this
 * very sample is left alone; one in which files of it are gone or of another size is recorded again. Rejects with a
 * Fault sentence when the folder holds another sample or something else.
 */
export async function recordSample(given: SampleOptions): Promise<SampleSummary> {
  const options: Recording = { ...given, pluginDir: given.pluginDir ?? builtPaths(given.workerDir).pluginDir };
  const { directory, seed = DEFAULT_SEED, seconds = DEFAULT_SECONDS, filter = 'blosc', shrink = 1 } = options;
  if (!(seconds >= 2 && seconds <= 600))
    throw new Fault('UNUSABLE', `A sample lasts 2 to 600 seconds, not ${seconds}.`);
  const names = options.episodes ?? (Object.keys(EPISODES) as SampleEpisodeName[]);
  const plans = names.map((name): PlanOptions => ({ ...EPISODES[name], seed, seconds }));
  const truth: Truth = {
    kind: TRUTH_KIND,
    seed,
    seconds,
    filter,
    ...(shrink === 1 ? {} : { shrink }),
    sizes: {},
    episodes: Object.fromEntries(plans.map((plan) => [episodePath(plan.name), planEpisode(plan).truth])),
    broken: {},
    calibration: CALIBRATION_FOLDERS,
  };
  const present = await claim(directory);
  if (present) checkSameSample(directory, present, truth);
  if (present && (await isComplete(directory, present, truth, options.broken !== false))) {
    return summarize(directory, present, false);
  }
  await writeFile(path.join(directory, UNFINISHED_FILE), '');
  await rm(path.join(directory, TRUTH_FILE), { force: true });
  await writeCalibrations(directory, seed, shrink);
  await recordEpisodes(options, plans, truth, filter);
  if (options.broken !== false) truth.broken = await recordBroken(options, plans[0] as PlanOptions);
  truth.sizes = await sizes(directory, [...Object.keys(truth.episodes), ...Object.keys(truth.broken)]);
  await writeFile(path.join(directory, 'data', 'dataset_log.csv'), logOf(truth, seconds));
  await writeWhole(path.join(directory, TRUTH_FILE), (file) => writeFile(file, `${JSON.stringify(truth, null, 2)}\n`));
  await rm(path.join(directory, UNFINISHED_FILE), { force: true });
  return summarize(directory, truth, true);
}

/** The truth beside a sample's data; undefined when the folder holds no finished sample. */
export async function readTruth(directory: string): Promise<Truth | undefined> {
  try {
    const truth = JSON.parse(await readFile(path.join(directory, TRUTH_FILE), 'utf8')) as Truth;
    return truth.kind === TRUTH_KIND ? truth : undefined;
  } catch {
    return undefined;
  }
}

async function recordEpisodes(options: Recording, plans: PlanOptions[], truth: Truth, filter: SampleFilter) {
  const { directory, workerDir, pluginDir, onProgress, shrink } = options;
  const total = Object.values(truth.episodes).reduce((sum, { ticks }) => sum + ticks, 0);
  const done = plans.map(() => 0);
  // One failing recording stops the other: nobody waits for half a sample.
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const results = await Promise.allSettled(
    plans.map(async (plan, i) => {
      const file = path.join(directory, ...episodePath(plan.name).split('/'));
      await mkdir(path.dirname(file), { recursive: true });
      await writeWhole(file, async (temporary) => {
        try {
          await runSampleWork(
            { kind: 'episode', files: [{ path: temporary, filter }], task: SAMPLE_TASK, plan, shrink },
            {
              workerDir,
              pluginDir,
              signal,
              onProgress: (ticks) => {
                done[i] = ticks;
                onProgress?.(
                  done.reduce((a, b) => a + b, 0),
                  total,
                  'Recording the sample',
                );
              },
            },
          );
        } catch (error) {
          stop.abort(error);
          throw error;
        }
      });
    }),
  );
  const failed = results.find((result) => result.status === 'rejected');
  options.signal?.throwIfAborted();
  if (failed) throw failed.reason;
  onProgress?.(total, total, 'Recorded the sample');
}

async function recordBroken(options: Recording, plan: PlanOptions): Promise<Record<string, string>> {
  const { directory, workerDir, pluginDir, signal, shrink } = options;
  const below = `data/${BROKEN_TASK}/${SAMPLE_DATE}`;
  const folder = path.join(directory, ...below.split('/'));
  await mkdir(path.dirname(folder), { recursive: true });
  const temporary = `${folder}.partial`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    const work = { kind: 'broken' as const, folder: temporary, task: BROKEN_TASK, plan, shrink };
    const made = await runSampleWork(work, { workerDir, pluginDir, signal });
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
    return Object.fromEntries(Object.entries(made).map(([name, what]) => [`${below}/${name}`, what]));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Makes the folder, or checks that it may be recorded into. Answers the finished sample it holds, if any. */
async function claim(directory: string): Promise<Truth | undefined> {
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    const why = reasonOf(error) ?? sentenceOf(error);
    throw new Fault('REFUSED', `${directory} cannot be the folder of a sample: ${why}; name another one.`);
  });
  const names = await readdir(directory);
  const truth = await readTruth(directory);
  if (!truth && names.length > 0 && !names.includes(UNFINISHED_FILE)) {
    throw new Fault(
      'REFUSED',
      `${directory} already holds other files; a sample is recorded into an empty folder: name another one.`,
    );
  }
  return truth;
}

/** Another sample may be somebody's work by now: it is never recorded over. */
function checkSameSample(directory: string, present: Truth, wanted: Truth): void {
  // Samples of earlier versions do not say how long they were asked to be.
  const { seed, seconds = wanted.seconds, filter, shrink } = present;
  if (seed === wanted.seed && seconds === wanted.seconds && filter === wanted.filter && shrink === wanted.shrink)
    return;
  const nameOf = (sample: Pick<Truth, 'seed' | 'filter' | 'shrink'>, seconds: number) =>
    `seed ${sample.seed}, ${seconds} s, ${sample.filter}${sample.shrink ? `, pictures ${sample.shrink} times smaller` : ''}`;
  throw new Fault(
    'REFUSED',
    `${directory} holds another sample (${nameOf(present, seconds)}) than the one asked for (${nameOf(wanted, wanted.seconds)}): name another folder, or remove that one first.`,
  );
}

async function isComplete(directory: string, present: Truth, wanted: Truth, broken: boolean): Promise<boolean> {
  if (JSON.stringify(present.episodes) !== JSON.stringify(wanted.episodes)) return false;
  if (broken && Object.keys(present.broken).length === 0) return false;
  const files = [...Object.keys(present.episodes), ...Object.keys(present.broken)];
  const found = await Promise.all(files.map((file) => stat(path.join(directory, file)).catch(() => undefined)));
  return files.every((file, i) => found[i]?.isFile() && found[i].size === present.sizes?.[file]);
}

async function sizes(directory: string, files: readonly string[]): Promise<Record<string, number>> {
  const entries = files.map(async (file) => [file, (await stat(path.join(directory, file))).size]);
  return Object.fromEntries(await Promise.all(entries));
}

function summarize(directory: string, truth: Truth, recorded: boolean): SampleSummary {
  const bytes = Object.keys(truth.episodes).reduce((sum, file) => sum + (truth.sizes[file] ?? 0), 0);
  return {
    directory,
    episodes: Object.keys(truth.episodes),
    broken: Object.keys(truth.broken),
    ticks: Object.values(truth.episodes).reduce((sum, { ticks }) => sum + ticks, 0),
    bytes,
    recorded,
  };
}

function episodePath(name: string): string {
  return `data/${SAMPLE_TASK}/${SAMPLE_DATE}/${name}.h5`;
}

/** The recorder's own log: frames and their nominal duration, one line an episode. */
function logOf(truth: Truth, seconds: number): string {
  const rows = Object.entries(truth.episodes).map(([file, { ticks }], i) => {
    const number = /(\d+)\.h5$/.exec(file)?.[1] ?? String(i);
    const saved = Object.values(EPISODES).find(({ name }) => file.endsWith(`${name}.h5`))?.createdAt ?? '';
    const size = ((truth.sizes[file] ?? 0) / 1e6).toFixed(1);
    const note = seconds < DEFAULT_SECONDS ? 'short sample' : 'sample';
    return `${saved},${SAMPLE_TASK},${SAMPLE_DATE},ep_${number},${ticks},${(ticks / 30).toFixed(2)},${size},yes,${file},${note}`;
  });
  return ['saved_at,task,date,episode,frames,duration_s,size_mb,optitrack,path,notes', ...rows, ''].join('\n');
}
