import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtPaths } from '../../electron/paths.ts';
import { recordBenchEpisode } from '../../electron/sample/index.ts';
import { rewriteWithLzf } from './lzf.ts';

export interface BenchEpisodeFile {
  filter: BenchFilter;
  path: string;
  /** Path below the root, as addresses name it. */
  address: string;
  /** Length of the episode. */
  ticks: number;
  /** Ticks that hold pictures; the others are never touched. */
  real: number[];
  contiguous: [first: number, last: number];
  spread: number[];
}

export interface BenchDataset {
  root: string;
  episodes: BenchEpisodeFile[];
}

type RecordedTicks = Required<Awaited<ReturnType<typeof recordBenchEpisode>>>;

export type BenchFilter = 'blosc-bitshuffle' | 'blosc' | 'gzip' | 'none' | 'lzf';

/** Recorded together, so that pictures are drawn twice and not once a filter: one thread a core, about equally long. */
const GROUPS: readonly (readonly Exclude<BenchFilter, 'lzf'>[])[] = [['gzip'], ['blosc-bitshuffle', 'blosc', 'none']];
const NUMBERS: Record<BenchFilter, string> = {
  'blosc-bitshuffle': '000',
  blosc: '001',
  gzip: '002',
  none: '003',
  lzf: '004',
};
/** The unfiltered episode alone is 4.6 GB. */
const ROOM_BYTES = 6.5e9;
const LZF_TICKS = 150;

/**
 * 20,000 ticks a filter, of which 600 neighbours and 400 spread ones are real. Kept below `folder` under a name that
 * changes with the code that records them: a second run begins at once. LZF files are written by h5py where there is
 * one (`python`), with fewer real ticks: for decoding alone. Progress goes to stderr.
 */
export async function recordBenchDataset(
  folder: string,
  filters: readonly BenchFilter[],
  mainDir: string,
  python: string | null,
): Promise<BenchDataset> {
  const root = path.join(folder, hashOfRecorder());
  if (!existsSync(root)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  // What an earlier run left behind (ticks seen, a layout) must not change this one.
  rmSync(path.join(root, '.regrasp'), { recursive: true, force: true });
  const addressOf = (filter: BenchFilter) => `data/bench/2026-07-02/episode_${NUMBERS[filter]}.h5`;
  const fileOf = (filter: BenchFilter) => path.join(root, addressOf(filter));
  const choiceFile = path.join(root, 'ticks.json');

  if (!existsSync(choiceFile)) rmSync(path.join(root, 'data'), { recursive: true, force: true });
  const missing = GROUPS.map((group) =>
    group.filter((filter) => filters.includes(filter) && !existsSync(fileOf(filter))),
  );
  if (missing.some((group) => group.includes('none'))) refuseWithoutRoom(root);
  const startedAt = Date.now();
  const recorded = await Promise.all(
    missing
      .filter((group) => group.length > 0)
      .map((group) =>
        recordBenchEpisode({
          files: group.map((filter) => ({ path: fileOf(filter), filter })),
          leaveOutDepth: true,
          ...builtPaths(mainDir),
        }),
      ),
  );
  if (recorded[0]) {
    writeFileSync(choiceFile, JSON.stringify(recorded[0]));
    console.error(`Recorded ${missing.flat().join(', ')} in ${((Date.now() - startedAt) / 1000).toFixed(0)} s.`);
  }
  const { ticks, real, contiguous } = JSON.parse(readFileSync(choiceFile, 'utf8')) as RecordedTicks;
  const spread = real.filter((tick) => tick < contiguous[0] || tick > contiguous[1]);
  const episodes = filters.flatMap((filter): BenchEpisodeFile[] => {
    const place = { filter, path: fileOf(filter), address: addressOf(filter), ticks, contiguous, spread };
    if (filter !== 'lzf') return [{ ...place, real }];
    const some = spread.slice(0, LZF_TICKS);
    if (python === null) return [];
    if (!existsSync(fileOf('lzf'))) rewriteWithLzf(python, fileOf('blosc'), fileOf('lzf'), some);
    return [{ ...place, real: some }];
  });
  return { root, episodes };
}

/** Changes whenever the code that draws and writes the episodes does. */
function hashOfRecorder(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync('electron/sample').sort()) {
    if (name.endsWith('.ts') && !name.endsWith('.test.ts'))
      hash.update(readFileSync(path.join('electron/sample', name)));
  }
  return hash.digest('hex').slice(0, 12);
}

function refuseWithoutRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= ROOM_BYTES) return;
  throw new Error(
    `The bench records ${(ROOM_BYTES / 1e9).toFixed(1)} GB below ${folder}, and only ${((bavail * bsize) / 1e9).toFixed(1)} GB are free there: make room.`,
  );
}
