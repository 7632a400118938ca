import { isDeepStrictEqual } from 'node:util';
import type { Bundle, BundleUnit } from './bundle-files.ts';
import type { StoredDataset, StoredEpisode } from './lerobot-read.ts';

/** A fault of a dataset: file below it, and what. */
export type Tell = (below: string, text: string) => void;

const BOOKKEEPING = {
  timestamp: 'float32',
  ...{ frame_index: 'int64', episode_index: 'int64', index: 'int64', task_index: 'int64' },
} as const;
const SHARED_KEYS = [
  ...['codebase_version', 'robot_type', 'total_episodes', 'total_frames', 'total_tasks', 'chunks_size', 'fps'],
  ...['splits', 'data_path', 'video_path', 'features'],
];
const KEYS = {
  'lerobot-v3.0': [...SHARED_KEYS, 'data_files_size_in_mb', 'video_files_size_in_mb'],
  'lerobot-v2.1': [...SHARED_KEYS, 'total_videos', 'total_chunks'],
} as const;
const PATHS = {
  'lerobot-v3.0': [
    'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet',
    'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4',
  ],
  'lerobot-v2.1': [
    'data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet',
    'videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4',
  ],
} as const;

export function videoKeys({ features }: StoredDataset): string[] {
  return [...features].filter(([, { dtype }]) => dtype === 'video').map(([key]) => key);
}

/** meta/info.json against the units of the bundle: what loaders believe without looking. */
export function infoFaults(
  dataset: StoredDataset,
  units: readonly BundleUnit[],
  { recipe }: Bundle,
  target: keyof typeof KEYS,
  tell: Tell,
): void {
  const { info, features, fps, tasks } = dataset;
  const where = 'meta/info.json';
  const { numerator = Number.NaN, denominator = Number.NaN } = units[0]?.rate ?? {};
  const videos = videoKeys(dataset);
  let first = 0;
  const splits: Record<string, string> = {};
  for (const part of Object.keys(recipe.split.shares)) {
    const count = units.filter(({ split }) => split === part).length;
    if (count > 0) splits[part] = `${first}:${first + count}`;
    first += count;
  }
  const wanted: Record<string, unknown> = {
    codebase_version: target.slice('lerobot-'.length),
    fps: numerator / denominator,
    total_episodes: units.length,
    total_frames: units.reduce((sum, { frames }) => sum + frames, 0),
    total_tasks: tasks.length,
    chunks_size: 1000,
    splits,
    data_path: PATHS[target][0],
    video_path: videos.length > 0 ? PATHS[target][1] : null,
    ...(target === 'lerobot-v2.1'
      ? { total_videos: units.length * videos.length, total_chunks: Math.ceil(units.length / 1000) }
      : { data_files_size_in_mb: 100, video_files_size_in_mb: 200 }),
  };
  for (const [key, value] of Object.entries(wanted))
    if (!isDeepStrictEqual(info[key], value))
      tell(where, `its ${key} is ${shown(info[key])}, and should be ${shown(value)}.`);
  const strange = Object.keys(info).filter((key) => !(KEYS[target] as readonly string[]).includes(key));
  if (strange.length > 0) tell(where, `it holds ${strange.join(', ')}, which LeRobot does not know.`);
  for (const [key, dtype] of Object.entries({ ...BOOKKEEPING, intervention: 'bool' })) {
    const feature = features.get(key);
    if (feature?.dtype !== dtype || !isDeepStrictEqual(feature.shape, [1]))
      tell(
        where,
        `it declares ${key} as ${shown(feature && [feature.dtype, feature.shape])}, and should as ${shown([dtype, [1]])}.`,
      );
  }
  for (const [key, { dtype, shape, names, info: video }] of features) {
    if (key.includes('/')) tell(where, `it declares ${key}, and LeRobot takes no "/" in a name.`);
    if (Array.isArray(names) && dtype !== 'video' && names.length !== shape[0])
      tell(where, `it names ${names.length} components of ${key}, whose shape is ${shown(shape)}.`);
    if (dtype === 'video' && (shape.length !== 3 || video['video.fps'] !== fps))
      tell(where, `it declares ${key} with the shape ${shown(shape)} at ${shown(video['video.fps'])} a second.`);
    if (dtype === 'video' && target === 'lerobot-v3.0')
      encoderFaults(key, video, recipe.video, (text) => tell(where, text));
  }
}

/** Datasets are put together by what they say of their encoder: the recipe's, and nothing where packets were copied. */
function encoderFaults(
  key: string,
  info: Readonly<Record<string, unknown>>,
  { way, crf, preset, keyframeEvery }: Bundle['recipe']['video'],
  tell: (text: string) => void,
): void {
  const encoded = { 'video.crf': crf, 'video.preset': preset, 'video.g': keyframeEvery };
  for (const [name, value] of Object.entries(encoded))
    if (info[name] !== (way === 'encode' ? value : undefined))
      tell(
        `its ${name} of ${key} is ${shown(info[name])}, and should be ${way === 'encode' ? shown(value) : 'left out'}.`,
      );
}

/** The tables of tasks and episodes: one row an episode, by position, and every row says what bundle.json says. */
export function tableFaults(dataset: StoredDataset, units: readonly BundleUnit[], bundle: Bundle, tell: Tell): void {
  const { tasks, episodes, hasTaskTexts, fps } = dataset;
  const isShared = dataset.stats !== null;
  const taskFile = isShared ? 'meta/tasks.parquet' : 'meta/tasks.jsonl';
  if (!hasTaskTexts)
    tell(taskFile, 'it lacks the note by which pandas finds the texts, so every task would be read as a number.');
  for (const [at, { text, index }] of tasks.entries())
    if (index !== at || typeof text !== 'string' || tasks.findIndex((other) => other.text === text) !== at)
      tell(taskFile, `its row ${at} is task ${shown(index)}, ${shown(text)}.`);
  const texts = new Set(tasks.map(({ text }) => text));
  const where = isShared ? 'meta/episodes/chunk-000/file-000.parquet' : 'meta/episodes.jsonl';
  if (episodes.length !== units.length)
    tell(where, `it has ${episodes.length} rows, and the bundle ${units.length} units.`);
  const filled = new Map<string, number>();
  let row = 0;
  for (const [at, episode] of episodes.entries()) {
    const unit = units[at];
    if (!unit) break;
    const told = (text: string) => tell(where, `episode ${at} ${text}`);
    if (episode.index !== at) told(`stands in the row of episode ${episode.index}: loaders go by position.`);
    if (episode.length !== unit.frames) told(`has ${episode.length} frames by it, and its unit ${unit.frames}.`);
    if (episode.tasks.length === 0 || episode.tasks.some((text) => !texts.has(text)))
      told(`has the task ${shown(episode.tasks)}, which is none of the table of tasks.`);
    if (episode.range && (episode.range[0] !== row || episode.range[1] !== row + episode.length))
      told(`is said to be rows ${episode.range[0]} to ${episode.range[1]}, and is ${row} to ${row + episode.length}.`);
    row += episode.length;
    if (isShared) {
      for (const [key, { below, from, to }] of episode.videos) {
        const before = filled.get(below) ?? 0;
        // Frames that lead a copy in may stand between.
        const begins = bundle.recipe.video.way === 'copy' ? from >= before - 1e-6 : Math.abs(from - before) < 1e-6;
        if (!begins || !(Math.abs(to - from - episode.length / fps) < 1e-6))
          told(`is said to be ${from} to ${to} s of ${below}, and the one before it ends at ${before} s.`);
        filled.set(below, to);
        if (!Number.isFinite(from + to)) told(`names no place in a video of ${key}.`);
      }
      for (const name of ['meta/episodes/chunk_index', 'meta/episodes/file_index'])
        if (episode.facts[name] !== 0) told(`says ${name} is ${shown(episode.facts[name])}.`);
    }
    for (const text of factFaults(episode, unit, bundle)) told(text);
  }
}

/** What the bundle says of a unit stands in columns of its own. */
function factFaults({ facts }: StoredEpisode, unit: BundleUnit, bundle: Bundle): string[] {
  const { source, labels, kind, split, verdict } = unit;
  const outcome = labels?.outcome ?? null;
  const wanted: Record<string, unknown> = {
    ...{ outcome, success: successOf(outcome), segment_role: kind, annotator: labels?.annotator ?? null, split },
    verdict,
    ...{ source_recording: source.path, source_fingerprint: source.fingerprint },
    ...{ source_first_tick: source.ticks[0], source_last_tick: source.ticks[1] },
    ...{ source_start_s: source.start_s, source_end_s: source.end_s, taxonomy_version: bundle.taxonomy_version },
  };
  const faults = Object.entries(wanted).flatMap(([name, value]) =>
    (facts[name] ?? null) === value
      ? []
      : [`has the ${name} ${shown(facts[name] ?? null)}, and bundle.json says ${shown(value)}.`],
  );
  if (!Array.isArray(facts.failure_codes)) faults.push('has no list of failure_codes.');
  return faults;
}

/** LeRobot asks whether it went well: all three kinds of success did. What does not count, and what nobody said, is neither. */
function successOf(outcome: string | null): boolean | null {
  if (outcome === null || outcome === 'not_scored') return null;
  return outcome !== 'failure';
}

export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 160);
}
