import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CHECK, COMPARE_CONTACT, CONTACT, DETECT } from './curation-python.ts';
import { against, type FigureTable } from './report.ts';
import {
  type CurationFilter,
  faultyRecording,
  pythonOf,
  pythonWith,
  recordFaulty,
  type StageFigures,
  StageRuns,
} from './stage-run.ts';
import { median } from './statistics.ts';

/** On BLOSC the ratio is told and nothing asked of it. */
const ROUNDS: Readonly<Record<CurationFilter, number>> = { gzip: 2, 'blosc-bitshuffle': 1 };
export const CURATION_FILTERS: readonly CurationFilter[] = ['gzip', 'blosc-bitshuffle'];
const MOST_MB = 1024;

/** What the Python of a stage tells of itself. */
interface Theirs {
  seconds: number;
  cpuSeconds: number;
  bytes: number;
}

interface Measured {
  stage: string;
  filter: CurationFilter;
  ours: StageFigures[];
  theirs: Theirs[];
  ticks: number;
  results: string;
}

/** One stage beside the same in Python. */
interface Beside<T extends Theirs> {
  stage: string;
  options: Record<string, unknown>;
  python: string;
  /** More arguments of the script, behind the recording. */
  more(work: string): string[];
  /** One sentence on whether both came to the same. */
  compare(ours: StageFigures, theirs: T, runs: StageRuns): string;
}

const CHECKED: Beside<Theirs & { repeated: Record<string, number> }> = {
  stage: 'check',
  options: { deep: true },
  python: CHECK,
  more: () => [],
  compare({ result }, { repeated }) {
    const [recording] = result.recordings as {
      decoded: { stream: string; unreadable: number[]; repeated: number }[];
    }[];
    const ours = Object.fromEntries((recording?.decoded ?? []).map((each) => [each.stream, each.repeated]));
    const unreadable = (recording?.decoded ?? []).reduce((sum, each) => sum + each.unreadable.length, 0);
    const total = Object.values(ours).reduce((sum, count) => sum + count, 0);
    return `${total} repeated pictures ${sameIn(ours, repeated)}, ${unreadable} unreadable`;
  },
};

const CONTACTED: Beside<Theirs> = {
  stage: 'contact',
  options: { force: true },
  python: CONTACT,
  more: (work) => [path.join(work, 'theirs.npz')],
  compare(_, __, runs) {
    const made = path.join(runs.work, 'theirs.npz');
    const { apart, same, reference } = pythonOf<{ apart: number; same: boolean; reference: boolean }>(
      pythonWith('import numpy') as string,
      COMPARE_CONTACT,
      torchFileIn(runs.out),
      made,
    );
    rmSync(made);
    return `pictures, stamps and poses ${same ? 'equal' : 'DIFFER'}, p01 index ${reference ? 'equal' : 'DIFFERS'}, figures within ${apart.toExponential(0)} (≤ 1e-4 ${apart <= 1e-4 ? 'met' : 'missed'})`;
  },
};

type Freeze = { side: string; a: number; b: number; verdict: string } & Record<string, number | string>;

const DETECTED: Beside<Theirs & { entry: Record<string, unknown>; freezes: Freeze[] }> = {
  stage: 'detect',
  options: {},
  python: DETECT,
  more: () => [],
  compare(_, { entry, freezes }, { out }) {
    const read = (name: string) => JSON.parse(readFileSync(path.join(out, name), 'utf8'));
    const [ours] = Object.values(read('bad_frames.json').episodes as Record<string, Record<string, unknown>>);
    const events = read('freeze_intervals.json').events as Freeze[];
    const inOrder = (list: readonly Freeze[]) =>
      [...list].sort((x, y) => (x.side < y.side ? -1 : x.side > y.side ? 1 : x.a - y.a));
    const place = ({ side, a, b, verdict }: Freeze) => ({ side, a, b, verdict });
    const [mine, given] = [inOrder(events), inOrder(freezes)];
    const isSame =
      sameIn(Object.fromEntries(Object.keys(entry).map((key) => [key, ours?.[key]])), entry) === 'equal' &&
      sameIn(mine.map(place), given.map(place)) === 'equal';
    const count = Object.values(entry).reduce<number>((sum, of) => sum + (Array.isArray(of) ? of.length : 0), 0);
    let apart = 0;
    for (const [at, event] of given.entries()) {
      for (const [name, value] of Object.entries(event)) {
        const own = mine[at]?.[name];
        if (typeof value === 'number')
          apart = Math.max(apart, Math.abs(value - (typeof own === 'number' ? own : Number.NaN)));
      }
    }
    return `${count} intervals and ${given.length} freezes with their classes ${isSame ? 'equal' : 'DIFFER'}, signals within ${apart.toExponential(0)} (≤ 1e-4 ${apart <= 1e-4 ? 'met' : 'missed'})`;
  },
};

/** Stages 1, 4 and 5 beside the usual Python, over the same recordings in turns, with equal results. */
export async function measureCuration(
  folder: string,
  mainDir: string,
  isWanted: (stage: string) => boolean = () => true,
): Promise<FigureTable[]> {
  const root = await recordFaulty(folder, CURATION_FILTERS, mainDir);
  const python = pythonWith('import h5py, hdf5plugin, numpy, cv2');
  const runs = await StageRuns.open(root, mainDir);
  const all: Measured[] = [];
  try {
    for (const beside of [CHECKED, CONTACTED, DETECTED] as Beside<Theirs>[]) {
      if (!isWanted(beside.stage)) continue;
      for (const filter of CURATION_FILTERS) all.push(await measured(beside, filter, runs, python));
    }
  } finally {
    await runs.close();
  }
  return [
    {
      title: 'Check, contact and detect, beside h5py, OpenCV and NumPy',
      note: `${all[0]?.ticks} ticks of three cameras and two gels of 640×480 with every fault of the sample; ${ROUNDS.gzip} rounds in turns after one of ours to warm files and threads, with BLOSC ${ROUNDS['blosc-bitshuffle']}; each begins with nothing stored, and theirs without starting Python. Check decodes every picture (--deep). Contact is stage 4 with its files. Detect looks at every picture once, in Python too; a script that looks only at those around freezes reads fewer, and sees no frozen video. Figures of ours are of this whole process with all its threads.`,
      columns: [
        ...['stage', 'filter', 'Regrasp, ticks/s', 'Python, ticks/s', 'ratio of medians'],
        ...['CPU ms a tick, ours / theirs', 'memory, ours / theirs', 'results'],
      ],
      rows: all.map(rowOf),
    },
    {
      title: "The workstation's own thread while a stage runs",
      note: 'How late a timer of a millisecond comes: the longest of each round, the median of the rounds. What is asked of it holds without the turns that other programs had on the same cores.',
      columns: ['stage', 'filter', 'p99', 'longest', 'p99 of its own work', 'longest of its own work'],
      rows: all.map(({ stage, filter, ours }) => {
        const of = (pick: (delay: StageFigures['delay']) => number | null) =>
          median(ours.map(({ delay }) => pick(delay) ?? Number.NaN));
        return [
          ...[stage, filter, `${of(({ p99Ms }) => p99Ms).toFixed(1)} ms`, `${of(({ maxMs }) => maxMs).toFixed(1)} ms`],
          `${of(({ ownP99Ms }) => ownP99Ms).toFixed(1)} ms`,
          against(
            of(({ ownMaxMs }) => ownMaxMs),
            10,
            ' ms',
            'atMost',
          ),
        ];
      }),
    },
  ];
}

async function measured<T extends Theirs>(
  beside: Beside<T>,
  filter: CurationFilter,
  runs: StageRuns,
  python: string | undefined,
): Promise<Measured> {
  const { stage, options, more, compare } = beside;
  const recording = faultyRecording(filter);
  const figures: Measured = {
    stage,
    filter,
    ours: [],
    theirs: [],
    ticks: 0,
    results: 'no Python with h5py, OpenCV and NumPy here',
  };
  let theirs: T | undefined;
  const runTheirs = (round: number) => {
    // A Python that starts anew each time has nothing to warm but the files.
    if (!python || round < 0) return;
    theirs = pythonOf<T>(python, beside.python, runs.at(recording), ...more(runs.work));
    figures.theirs.push(theirs);
  };
  for (let round = -1; round < ROUNDS[filter]; round += 1) {
    if (round % 2 === 0) runTheirs(round);
    runs.forget();
    const ours = await runs.run(stage, recording, options);
    if (round >= 0) figures.ours.push(ours);
    if (round % 2 !== 0) runTheirs(round);
    if (theirs && round === 0) figures.results = compare(ours, theirs, runs);
  }
  const { opened } = await runs.episode(recording);
  figures.ticks = opened.episode.clocks.find(({ id }) => id === opened.episode.masterClock)?.count ?? 0;
  process.stderr.write(`${rowOf(figures).join(' | ')}\n`);
  return figures;
}

function rowOf({ stage, filter, ours, theirs, ticks, results }: Measured): string[] {
  const rate = (runs: readonly Theirs[]) => ticks / median(runs.map(({ seconds }) => seconds));
  const most = (runs: readonly Theirs[]) => Math.max(...runs.map(({ bytes }) => bytes)) / 2 ** 20;
  const cost = (runs: readonly Theirs[]) =>
    ((1000 * median(runs.map(({ cpuSeconds }) => cpuSeconds))) / ticks).toFixed(1);
  const memory = against(most(ours), MOST_MB, ' MB', 'atMost', 0);
  if (theirs.length === 0) return [stage, filter, rate(ours).toFixed(0), 'not here', '–', cost(ours), memory, results];
  const ratio = rate(ours) / rate(theirs);
  return [
    ...[stage, filter, rate(ours).toFixed(0), rate(theirs).toFixed(0)],
    filter === 'gzip' ? against(ratio, 1.5, '×', 'atLeast', 2) : `${ratio.toFixed(2)}×`,
    `${cost(ours)} / ${cost(theirs)}`,
    `${memory} / ${most(theirs).toFixed(0)} MB`,
    results,
  ];
}

function sameIn(ours: unknown, theirs: unknown): 'equal' | 'DIFFER' {
  const inOrder = (value: unknown): unknown =>
    Array.isArray(value) || typeof value !== 'object' || value === null
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(inOrder(ours)) === JSON.stringify(inOrder(theirs)) ? 'equal' : 'DIFFER';
}

function torchFileIn(folder: string): string {
  const found = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const file = found.find((name) => name.endsWith('.pt'));
  if (!file) throw new Error(`Contact wrote no .pt into ${folder}.`);
  return path.join(folder, file);
}
