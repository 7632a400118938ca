import type { Problem } from '../../../shared/episode/episode.ts';
import type { OpenedEpisode } from '../source.ts';
import { type EpisodeRow, type EpisodeTable, inOrder } from './episodes.ts';
import type { DatasetInfo, Feature } from './info.ts';
import { fault, namesOf, rowsOf, warning } from './problems.ts';
import type { FeatureStats, Stats } from './stats.ts';

/** Statistics of the whole dataset: there for every feature, of as many frames as there are, and numbers. */
export function statsProblems(info: DatasetInfo, table: EpisodeTable, stats: Stats): Problem[] {
  const rows = inOrder(table.rows);
  const problems: Problem[] = [];
  if (stats.byFeature.size > 0) {
    problems.push(...completeness(info, stats.byFeature, 'meta/stats.json'));
    const frames = rows.reduce((sum, { length }) => sum + (length ?? 0), 0);
    const stale = [...stats.byFeature].filter(
      ([key, { count }]) => isNumeric(featureOf(info, key)) && count !== undefined && count !== frames,
    );
    const [first] = stale;
    if (first) {
      const message = `meta/stats.json counts ${first[1].count} frames of ${first[0]} where the dataset has ${frames}, so it was computed before episodes were added or cut: compute it anew.`;
      problems.push(fault('stale-stats', message));
    }
  }
  if (stats.byEpisode.size > 0) {
    const without = rows.filter(({ index }) => !stats.byEpisode.has(index)).map(({ index }) => index);
    if (without.length > 0) {
      const message = `meta/episodes_stats.jsonl holds nothing for ${rowsOf(without, 'episode')}, and LeRobot v2.1 refuses the dataset: compute it anew.`;
      problems.push(fault('no-stats', message));
    }
  }
  return problems;
}

/** The values of an episode lie within what the statistics say, or these are of other data. */
export function episodeStatsProblems(
  info: DatasetInfo,
  row: EpisodeRow,
  stats: Stats,
  opened: OpenedEpisode,
): Problem[] {
  const own = stats.byEpisode.get(row.index);
  const features = own ?? stats.byFeature;
  const where = own ? 'meta/episodes_stats.jsonl' : 'meta/stats.json';
  const problems = own ? completeness(info, own, where) : [];
  const frames = opened.clocks.get('timestamp')?.length ?? 0;
  const count = own?.get('timestamp')?.count;
  if (count !== undefined && count !== frames) {
    const message = `${where} counts ${count} frames of episode ${row.index} where it has ${frames}: compute it anew.`;
    problems.push(fault('stale-stats', message));
  }
  const beyond = opened.episode.series.filter(({ id, components }) => {
    const values = opened.values.get(id);
    const said = features.get(id);
    return values !== undefined && said !== undefined && isBeyond(values, components.length, said);
  });
  if (beyond.length > 0) {
    const names = namesOf(beyond.map(({ id }) => id));
    const message = `${where}: values of ${names} in episode ${row.index} lie outside of min and max, so the statistics are of other data: compute them anew.`;
    problems.push(fault('stale-stats', message));
  }
  return problems;
}

function completeness(info: DatasetInfo, stats: ReadonlyMap<string, FeatureStats>, where: string): Problem[] {
  const problems: Problem[] = [];
  const wanted = info.features.filter(({ dtype }) => dtype !== 'string' && dtype !== 'language');
  const without = wanted.filter(({ key }) => !stats.has(key)).map(({ key }) => key);
  if (without.length > 0) {
    const message = `${where} has no statistics of ${namesOf(without)}, so training cannot normalise them: compute it anew.`;
    problems.push(warning('no-stats', message));
  }
  const odd = [...stats].filter(([, { min, max, mean, std }]) =>
    [min, max, mean, std].some((numbers) => numbers?.some((value) => !Number.isFinite(value))),
  );
  if (odd.length > 0) {
    const message = `${where} holds values that are no numbers for ${namesOf(odd.map(([key]) => key))}: mend the data, then compute it anew.`;
    problems.push(fault('odd-stats', message));
  }
  return problems;
}

function isBeyond(values: Float64Array, width: number, { min, max }: FeatureStats): boolean {
  if (min?.length !== width || max?.length !== width) return false;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (!Number.isFinite(value)) continue;
    const [low, high] = [min[at % width] as number, max[at % width] as number];
    const slack = 1e-6 + 1e-5 * Math.max(Math.abs(low), Math.abs(high));
    if (value < low - slack || value > high + slack) return true;
  }
  return false;
}

function featureOf(info: DatasetInfo, key: string): Feature | undefined {
  return info.features.find((feature) => feature.key === key);
}

function isNumeric(feature: Feature | undefined): boolean {
  return feature !== undefined && !['video', 'image', 'string', 'language'].includes(feature.dtype);
}
