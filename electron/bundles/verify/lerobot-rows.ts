import type { BundleUnit } from './bundle-files.ts';
import { shown, type Tell, videoKeys } from './lerobot-faults.ts';
import type { StoredDataset, StoredEpisode } from './lerobot-read.ts';
import { exactStats, figureFaults, joinedFaults, pictureFigureFaults } from './lerobot-stats.ts';
import { numberFaults } from './number-faults.ts';
import { codesOf, isIntervention } from './said-labels.ts';
import type { UnitTruth } from './unit-truth.ts';

/**
 * The rows of one episode: every declared column and no other, no empty cell, numbers as the recording has them, LeRobot's own
 * columns as it counts them, and the statistics that is kept of them. Answers how many rows of each there are.
 */
export async function episodeFaults(
  dataset: StoredDataset,
  episode: StoredEpisode,
  unit: BundleUnit,
  firstRow: number,
  truth: UnitTruth | null,
  tell: Tell,
): Promise<ReadonlyMap<string, number>> {
  const { features, fps, tasks } = dataset;
  const { below, from } = episode.data;
  const told = (text: string) => tell(below, `episode ${episode.index}: ${text}`);
  const counts = new Map<string, number>();
  const table = await dataset.table(below);
  const wanted = [...features].filter(([, { dtype }]) => dtype !== 'video').map(([key]) => key);
  const there = table.columns.map(({ name }) => name);
  for (const key of wanted) if (!there.includes(key)) told(`it has no column ${key}, which meta/info.json declares.`);
  for (const key of there)
    if (!wanted.includes(key)) told(`it has a column ${key}, which meta/info.json does not declare.`);
  if (table.rowCount < from + episode.length) {
    told(`its rows end at ${table.rowCount}, and should at ${from + episode.length}.`);
    return counts;
  }
  const columns = new Map<string, ArrayLike<unknown>>();
  for (const key of wanted.filter((one) => there.includes(one))) {
    const cells = await table.values(key, from, from + episode.length);
    columns.set(
      key,
      Array.from(cells, (cell) => (typeof cell === 'bigint' ? Number(cell) : cell)),
    );
  }
  const task = tasks.find(({ text }) => text === episode.tasks[0])?.index;
  const counted: Record<string, (row: number) => unknown> = {
    timestamp: (row) => Math.fround(row / fps),
    frame_index: (row) => row,
    episode_index: () => episode.index,
    index: (row) => firstRow + row,
    task_index: () => task,
  };
  if (truth) counted.intervention = (row) => isIntervention(truth.layer, truth.expected.ticks[row] as number);
  for (const [key, value] of Object.entries(counted)) {
    const cells = columns.get(key);
    const row = cells ? Array.from(cells).findIndex((cell, at) => cell !== value(at)) : -1;
    if (row >= 0) told(`its ${key} of row ${row} is ${shown(cells?.[row])}, and should be ${shown(value(row))}.`);
  }
  const isOwn = (key: string) => key in counted || key === 'intervention';
  const numbers = new Map([...columns].filter(([key]) => !isOwn(key)));
  const named = new Map(
    [...numbers.keys()].map((key) => {
      const { names, shape } = features.get(key) ?? { names: null, shape: [1] };
      return [key, Array.isArray(names) ? (names as string[]) : Array.from({ length: shape[0] ?? 1 }, () => key)];
    }),
  );
  const rows = truth?.expected.ticks ?? Array.from({ length: episode.length }, (_, row) => row);
  for (const text of numberFaults(numbers, named, rows, truth?.expected.numbers ?? null, Math.fround)) told(text);
  if (truth) {
    const codes = codesOf(unit, truth.layer);
    if (shown(episode.facts.failure_codes ?? []) !== shown(codes))
      told(`its failure_codes are ${shown(episode.facts.failure_codes)}, and the journals say ${shown(codes)}.`);
    for (const text of propertyFaults(episode, truth)) told(text);
  }
  const statsFile = dataset.stats ? 'meta/episodes/chunk-000/file-000.parquet' : 'meta/episodes_stats.jsonl';
  for (const [key, cells] of columns) {
    const exact = exactStats(cells);
    counts.set(key, exact.count);
    for (const text of figureFaults(episode.stats.get(key), exact, key))
      tell(statsFile, `episode ${episode.index}: ${text}`);
  }
  for (const key of videoKeys(dataset))
    for (const text of pictureFigureFaults(episode.stats.get(key), episode.length, key))
      tell(statsFile, `episode ${episode.index}: ${text}`);
  return counts;
}

/** What people and files say of the conditions, by its key; text, whatever was said. */
function propertyFaults({ facts }: StoredEpisode, { layer, properties }: UnitTruth): string[] {
  const said: Record<string, unknown> = { ...properties, ...layer?.properties };
  const keys = Object.keys(facts).filter((name) => name.startsWith('property.'));
  const known = Object.keys(said).map((key) => `property.${key}`);
  return [...new Set([...keys, ...known])].flatMap((name) => {
    const value = said[name.slice('property.'.length)];
    const text = value === undefined ? null : String(value);
    return (facts[name] ?? null) === text
      ? []
      : [`its ${name} is ${shown(facts[name] ?? null)}, and should be ${shown(text)}.`];
  });
}

/**
 * The statistics of the whole dataset, which training normalises by: there for every feature, and those of its episodes.
 *
 * @param counts rows of each feature, by episode
 */
export function wholeStatsFaults(
  { stats, features, episodes }: StoredDataset,
  counts: readonly ReadonlyMap<string, number>[],
  tell: Tell,
): void {
  if (!stats) return;
  for (const [key, { dtype }] of features) {
    const own = stats.get(key);
    const parts = episodes.flatMap((episode) => episode.stats.get(key) ?? []);
    const rows = dtype === 'video' ? null : counts.reduce((sum, each) => sum + (each.get(key) ?? 0), 0);
    if (!own) tell('meta/stats.json', `it says nothing of ${key}.`);
    else for (const text of joinedFaults(own, parts, rows, key)) tell('meta/stats.json', text);
  }
}
