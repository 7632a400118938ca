import type { Candidate } from '../../../shared/bundles/candidate.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import type { Taxonomy } from '../../../shared/review/taxonomy.ts';
import type { MadeUnit } from '../export/make-unit.ts';
import { codesWithin } from '../export/unit-codes.ts';
import type { LerobotDataset, LerobotEpisode, NumberFeature } from './episodes.ts';
import { type FeatureStats, numberStats } from './stats.ts';

const SUCCESS: Readonly<Record<string, boolean | null>> = {
  success: true,
  success_suboptimal: true,
  success_side_effect: true,
  failure: false,
  not_scored: null,
};

/**
 * The units as episodes, those of one part of the split behind each other. What people said stands in columns of the
 * episode table: what nobody said is null there, and never a failure.
 */
export function lerobotDataset(
  units: readonly MadeUnit[],
  candidates: ReadonlyMap<string, Candidate>,
  recipe: Recipe,
  taxonomy: Pick<Taxonomy, 'version'>,
): { dataset: LerobotDataset; order: readonly MadeUnit[] } {
  const parts = Object.keys(recipe.split.shares);
  const order = parts.flatMap((part) => units.filter(({ unit }) => unit.split === part));
  const first = order[0] as MadeUnit;
  const fps = first.rate.numerator / first.rate.denominator;
  const numbers: NumberFeature[] = [
    ...first.numbers.map(({ key, names }) => ({ key, type: 'float32' as const, names })),
    { key: 'intervention', type: 'bool', names: null },
  ];
  const keys = propertyKeys(order, candidates);
  let at = 0;
  const splits: [string, string][] = [];
  for (const part of parts) {
    const count = order.filter(({ unit }) => unit.split === part).length;
    if (count > 0) splits.push([part, `${at}:${at + count}`]);
    at += count;
  }
  const tasks = [...new Set(order.map(({ task }) => task))];
  let firstRow = 0;
  const standings = order.map(({ task, grid }, index): Standing => {
    const standing = { index, firstRow, taskIndex: tasks.indexOf(task) };
    firstRow += grid.ticks.length;
    return standing;
  });
  const dataset: LerobotDataset = {
    ...{ robot: robotOf(order, candidates), fps, numbers },
    videos: first.videos.map(({ name, width, height }) => ({ key: `observation.images.${name}`, width, height })),
    episodes: order.map((made, index) =>
      episodeOf(made, standings[index] as Standing, candidates.get(made.unit.episode), keys, fps, taxonomy),
    ),
    splits: Object.fromEntries(splits),
    encoding: recipe.video.way === 'encode' ? recipe.video : null,
  };
  return { dataset, order };
}

/** Where an episode stands in its dataset: what its own columns say of every frame. */
interface Standing {
  readonly index: number;
  readonly firstRow: number;
  readonly taskIndex: number;
}

function episodeOf(
  made: MadeUnit,
  standing: Standing,
  candidate: Candidate | undefined,
  keys: readonly string[],
  fps: number,
  taxonomy: Pick<Taxonomy, 'version'>,
): LerobotEpisode {
  const { unit, labels, grid, recordedNs, videos } = made;
  const frames = grid.ticks.length;
  const outcome = labels?.outcome?.value ?? null;
  const said = labels?.properties ?? {};
  const stats = new Map([
    ...videos.map(({ name, stats: of }) => [`observation.images.${name}`, of as FeatureStats] as const),
    ...made.numberStats,
    ['intervention', numberStats(made.intervention, 1)] as const,
    ...Object.entries(bookkeeping(standing, frames, fps)).map(
      ([key, values]) => [key, numberStats(values, 1)] as const,
    ),
  ]);
  return {
    frames,
    task: made.task,
    numbers: new Map<string, ArrayLike<number>>([
      ...made.numbers.map(({ key, values }) => [key, values] as const),
      ['intervention', made.intervention],
    ]),
    stats,
    leadIns: new Map(videos.map(({ name, leadIn }) => [`observation.images.${name}`, leadIn])),
    facts: {
      outcome,
      success: outcome === null ? null : (SUCCESS[outcome] ?? null),
      verdict: unit.verdict,
      failure_codes: codesWithin(labels, unit.ticks),
      segment_role: unit.kind,
      annotator: unit.annotator,
      source_recording: unit.path,
      source_fingerprint: unit.fingerprint,
      source_first_tick: unit.ticks[0],
      source_last_tick: unit.ticks[1],
      source_start_s: (recordedNs[0] as number) / 1e9,
      source_end_s: (recordedNs.at(-1) as number) / 1e9,
      taxonomy_version: taxonomy.version,
      split: unit.split,
      ...Object.fromEntries(
        keys.map((key) => [
          `property.${key}`,
          textOf(Object.hasOwn(said, key) ? said[key] : candidate?.properties[key]),
        ]),
      ),
    },
  };
}

function bookkeeping({ index, firstRow, taskIndex }: Standing, frames: number, fps: number) {
  const each = (value: (frame: number) => number) => Float64Array.from({ length: frames }, (_, frame) => value(frame));
  return {
    timestamp: each((frame) => Math.fround(frame / fps)),
    frame_index: each((frame) => frame),
    episode_index: each(() => index),
    index: each((frame) => firstRow + frame),
    task_index: each(() => taskIndex),
  };
}

function propertyKeys(units: readonly MadeUnit[], candidates: ReadonlyMap<string, Candidate>): string[] {
  const keys = units.flatMap(({ unit, labels }) => [
    ...Object.keys(labels?.properties ?? {}),
    ...Object.keys(candidates.get(unit.episode)?.properties ?? {}),
  ]);
  return [...new Set(keys)].sort();
}

/** One type a column, whatever was said: text. */
function textOf(value: string | number | boolean | undefined): string | null {
  return value === undefined ? null : String(value);
}

function robotOf(units: readonly MadeUnit[], candidates: ReadonlyMap<string, Candidate>): string | null {
  const robots = new Set(units.map(({ unit }) => candidates.get(unit.episode)?.properties.robot));
  const [robot] = robots;
  return robots.size === 1 && typeof robot === 'string' ? robot : null;
}
