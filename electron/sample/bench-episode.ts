import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { SAMPLE_FILTERS, type SampleFilter } from './hdf5-writer.ts';
import { countTicks, type PlanOptions } from './plan.ts';
import { seededRandom, seedFor } from './random.ts';
import { runSampleWork } from './run-worker.ts';
import { writeWhole } from './whole-file.ts';
import type { EpisodeFile } from './worker-protocol.ts';

export interface BenchEpisodeFile {
  path: string;
  /** LZF cannot be written by the library in use: it is refused with a sentence. */
  filter: SampleFilter | 'lzf';
}

export interface BenchEpisodeOptions {
  /** The same recording into each file, drawn once; their folders are made. */
  files: readonly BenchEpisodeFile[];
  /** Length of the episode. Default 20,000. */
  ticks?: number;
  /** How many neighbouring ticks hold pictures, and how many more, spread over the rest. Default 600 and 400. */
  contiguous?: number;
  spread?: number;
  /** The very ticks instead, ascending. */
  real?: readonly number[];
  /** Depth streams are there and read as zeros: default false. */
  leaveOutDepth?: boolean;
  seed?: number;
  workerDir: string;
  pluginDir: string;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

export interface BenchEpisode {
  ticks: number;
  /** Ascending ticks whose pictures are written; the others read as zeros and take no room. */
  real: number[];
  /** The neighbouring part of `real`, inclusive; absent when the ticks were named one by one. */
  contiguous?: [first: number, last: number];
}

/** Records one long episode of which only some ticks hold pictures: clocks and poses are whole. */
export async function recordBenchEpisode(options: BenchEpisodeOptions): Promise<BenchEpisode> {
  const { ticks = 20_000, seed = 7, leaveOutDepth, onProgress } = options;
  const files = options.files.map(({ path: file, filter }) => {
    if (filter !== 'lzf' && SAMPLE_FILTERS.includes(filter)) return { path: file, filter };
    throw new Fault('UNUSABLE', `No ${filter} file can be recorded: choose ${SAMPLE_FILTERS.join(', ')}.`);
  });
  const choice = options.real ? { real: [...options.real] } : chooseTicks(ticks, options, seed);
  const plan: PlanOptions = {
    name: 'bench',
    story: 'transfer',
    seed,
    // A little less than a whole tick over: exactly `ticks` of them fit.
    seconds: (ticks - 0.5) / TICK_HZ,
    faults: false,
    startUnixSeconds: 1782981000.25,
    createdAt: '2026-07-02T10:30:00',
  };
  const planned = countTicks(plan);
  if (planned !== ticks) throw new Error(`The plan has ${planned} ticks instead of ${ticks}.`);
  await Promise.all(files.map((file) => mkdir(path.dirname(file.path), { recursive: true })));
  await writeAllWhole(files, async (temporary) => {
    await runSampleWork(
      { kind: 'episode', files: temporary, task: 'bench', plan, only: choice.real, leaveOutDepth },
      { ...options, onProgress: (done) => onProgress?.(done, choice.real.length) },
    );
  });
  return { ticks, ...choice };
}

/** As writeWhole, for several files written at once. */
function writeAllWhole(files: EpisodeFile[], write: (temporary: EpisodeFile[]) => Promise<void>): Promise<void> {
  const within = (at: number, temporary: EpisodeFile[]): Promise<void> => {
    const file = files[at];
    if (!file) return write(temporary);
    return writeWhole(file.path, (path) => within(at + 1, [...temporary, { ...file, path }]));
  };
  return within(0, []);
}

const TICK_HZ = 29.97;

function chooseTicks(ticks: number, { contiguous = 600, spread = 400 }: BenchEpisodeOptions, seed: number) {
  if (contiguous + spread > ticks) {
    throw new Fault('UNUSABLE', `${contiguous} + ${spread} ticks do not fit into an episode of ${ticks}.`);
  }
  const first = Math.floor((ticks - contiguous) / 3);
  const last = first + contiguous - 1;
  const random = seededRandom(seedFor(seed, 'bench-ticks'));
  const chosen = new Set<number>();
  while (chosen.size < spread) {
    const tick = Math.floor(random.next() * ticks);
    if (tick < first || tick > last) chosen.add(tick);
  }
  for (let tick = first; tick <= last; tick++) chosen.add(tick);
  return { real: [...chosen].sort((a, b) => a - b), contiguous: [first, last] as [number, number] };
}
