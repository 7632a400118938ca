import path from 'node:path';
import { builtPaths } from '../../electron/paths.ts';
import { recordBenchEpisode } from '../../electron/sample/index.ts';

export interface BenchEpisodeFile {
  filter: string;
  path: string;
  /** Path below the root, as addresses name it. */
  address: string;
  /** Ticks that hold pictures; the others are never touched. */
  real: number[];
  contiguous: [first: number, last: number];
  spread: number[];
}

export interface BenchDataset {
  root: string;
  episodes: BenchEpisodeFile[];
}

export type BenchFilter = 'blosc-bitshuffle' | 'blosc' | 'gzip' | 'none';

/** 20,000 ticks a filter, of which 600 neighbours and 400 spread ones are real. Progress goes to stderr. */
export async function recordBenchDataset(
  root: string,
  filters: readonly BenchFilter[],
  mainDir: string,
): Promise<BenchDataset> {
  const episodes: BenchEpisodeFile[] = [];
  for (const [at, filter] of filters.entries()) {
    const address = `data/bench/2026-07-02/episode_${String(at).padStart(3, '0')}.h5`;
    const startedAt = Date.now();
    const { real, contiguous } = await recordBenchEpisode({
      path: path.join(root, address),
      filter,
      ...builtPaths(mainDir),
    });
    if (!contiguous) throw new Error('The bench needs neighbouring ticks.');
    const spread = real.filter((tick) => tick < contiguous[0] || tick > contiguous[1]);
    console.error(`recorded ${filter} in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
    episodes.push({ filter, path: path.join(root, address), address, real, contiguous, spread });
  }
  return { root, episodes };
}
