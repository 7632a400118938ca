import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { type FileReader, SourceFault } from '../source.ts';
import { BOOKKEEPING, isRecord } from './info.ts';
import { readJsonLines } from './json-lines.ts';
import { fault, problemOf } from './problems.ts';

export interface FeatureStats {
  min?: number[];
  max?: number[];
  mean?: number[];
  std?: number[];
  count?: number;
}

export interface Stats {
  /** Over the whole dataset, by feature; empty where the dataset has none. */
  byFeature: Map<string, FeatureStats>;
  /** Of `meta/episodes_stats.jsonl` (v2.1), by episode. */
  byEpisode: Map<number, Map<string, FeatureStats>>;
  problems: Problem[];
}

const LARGEST_BYTES = 64 * 2 ** 20;
const WIDEST = 4096;
const COLUMNS_SAID = 4;
const MOST_SAID = 50;

/** `meta/stats.json` (v2.0, v3.0), else `meta/episodes_stats.jsonl` (v2.1). With `only`, that episode's alone. */
export async function readStats(files: FileReader, folder: string, only?: number): Promise<Stats> {
  const stats: Stats = { byFeature: new Map(), byEpisode: new Map(), problems: [] };
  const whole = path.join(folder, 'meta', 'stats.json');
  const lines = path.join(folder, 'meta', 'episodes_stats.jsonl');
  try {
    if (await files.facts(whole)) {
      stats.byFeature = featureStats(parse(await files.read(whole, LARGEST_BYTES)));
    } else if (await files.facts(lines)) {
      const { values, problems } = await readJsonLines(files, lines, only);
      stats.problems.push(...problems);
      for (const value of values) {
        const episode = isRecord(value) ? Number(value.episode_index) : Number.NaN;
        if (!isRecord(value) || !Number.isSafeInteger(episode) || (only ?? episode) !== episode) continue;
        stats.byEpisode.set(episode, featureStats(value.stats));
      }
    } else {
      const message =
        'meta/ holds neither stats.json nor episodes_stats.jsonl: training cannot normalise without them. Compute them anew.';
      stats.problems.push(fault('no-stats', message));
    }
  } catch (error) {
    stats.problems.push(problemOf(error));
  }
  return stats;
}

function parse(bytes: Uint8Array): unknown {
  try {
    // Python writes NaN and Infinity, which JSON has not.
    const text = new TextDecoder().decode(bytes).replace(/(?<=[[,:\s])(-?Infinity|NaN)(?=[\],}\s])/g, 'null');
    return JSON.parse(text);
  } catch {
    throw new SourceFault('bad-json', 'meta/stats.json is no JSON text: compute it anew.');
  }
}

function featureStats(value: unknown): Map<string, FeatureStats> {
  const found = new Map<string, FeatureStats>();
  if (!isRecord(value)) return found;
  for (const [key, each] of Object.entries(value)) {
    if (!isRecord(each)) continue;
    const stats: FeatureStats = {};
    for (const name of ['min', 'max', 'mean', 'std'] as const) {
      const numbers = flatNumbers(each[name]);
      if (numbers) stats[name] = numbers;
    }
    const count = flatNumbers(each.count)?.[0];
    if (count !== undefined) stats.count = count;
    found.set(key, stats);
  }
  return found;
}

function flatNumbers(value: unknown): number[] | undefined {
  if (value === undefined) return undefined;
  const flat = (Array.isArray(value) ? value.flat(8) : [value]).slice(0, WIDEST);
  return flat.every((each) => typeof each === 'number' || each === null)
    ? flat.map((each) => (each === null ? Number.NaN : (each as number)))
    : undefined;
}

/** For the facts of an episode: mean and spread of what the robot measured, a few numbers a feature. */
export function shortStats(stats: Stats, episode: number): Record<string, string> {
  const features = stats.byEpisode.get(episode) ?? stats.byFeature;
  const said: Record<string, string> = {};
  for (const [key, { mean, std }] of features) {
    if (BOOKKEEPING.includes(key) || !mean || Object.keys(said).length >= MOST_SAID) continue;
    const shown = mean.slice(0, COLUMNS_SAID).map((value, at) => {
      const spread = std?.[at];
      return spread === undefined ? short(value) : `${short(value)} ± ${short(spread)}`;
    });
    said[key] = `${shown.join(', ')}${mean.length > COLUMNS_SAID ? ` … (${mean.length})` : ''}`;
  }
  return said;
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–';
}
