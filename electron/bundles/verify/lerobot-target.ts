import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { featureName } from '../../../shared/bundles/feature-name.ts';
import { sentenceOf } from '../../fault.ts';
import type { Bundle, BundleUnit } from './bundle-files.ts';
import { expectedStreams } from './expected-unit.ts';
import { infoFaults, tableFaults, videoKeys } from './lerobot-faults.ts';
import { readDataset, type StoredDataset, type StoredEpisode } from './lerobot-read.ts';
import { episodeFaults, wholeStatsFaults } from './lerobot-rows.ts';
import { type FoundVideo, videoFaults } from './lerobot-videos.ts';
import { lerobotOrder, type TargetPlace } from './target-place.ts';
import { type StoredFrames, videoFrameFaults } from './unit-frames.ts';
import type { UnitTruth } from './unit-truth.ts';

/** Judges a LeRobot dataset by every rule that its loaders do not hold it to. Answers how many frames were compared. */
export async function lerobotTarget(place: TargetPlace, target: 'lerobot-v3.0' | 'lerobot-v2.1'): Promise<number> {
  const { folder, bundle, parts, tell } = place;
  const { signal, progress, workstation } = parts;
  const units = lerobotOrder(bundle);
  let dataset: StoredDataset;
  try {
    dataset = await readDataset(folder, target);
  } catch (error) {
    tell('meta', sentenceOf(error));
    return 0;
  }
  infoFaults(dataset, units, bundle, target, tell);
  tableFaults(dataset, units, bundle, tell);
  const counts: ReadonlyMap<string, number>[] = [];
  let firstRow = 0;
  for (const [at, unit] of units.entries()) {
    const episode = dataset.episodes[at];
    if (!episode) break;
    signal.throwIfAborted();
    progress?.(`${episode.data.below}, episode ${at}`);
    try {
      const truth = await place.truth(unit);
      counts.push(await episodeFaults(dataset, episode, unit, firstRow, truth, tell));
      if (truth) cameraFaults(dataset, unit, truth, bundle, tell);
    } catch (error) {
      tell(episode.data.below, sentenceOf(error));
    }
    firstRow += episode.length;
  }
  await rowCountFaults(dataset, tell);
  await strayFaults(dataset, tell);
  wholeStatsFaults(dataset, counts, tell);
  const found = await videoFaults(dataset, workstation.media.probe, bundle.recipe.video.way === 'copy', tell);
  return frameFaults(place, dataset, units, found);
}

/** No file of rows holds any that belong to no episode. */
async function rowCountFaults(dataset: StoredDataset, tell: TargetPlace['tell']): Promise<void> {
  const rows = new Map<string, number>();
  for (const { data, length } of dataset.episodes) rows.set(data.below, (rows.get(data.below) ?? 0) + length);
  for (const [below, wanted] of rows) {
    const { rowCount } = await dataset.table(below).catch(() => ({ rowCount: wanted }));
    if (rowCount !== wanted) tell(below, `it holds ${rowCount} rows, and its episodes have ${wanted}.`);
  }
}

/** Rows and videos lie in the files that the tables name, and in no others. */
async function strayFaults({ folder, episodes }: StoredDataset, tell: TargetPlace['tell']): Promise<void> {
  const named = new Set(
    episodes.flatMap(({ data, videos }) => [data.below, ...[...videos.values()].map(({ below }) => below)]),
  );
  for (const top of ['data', 'videos', 'images']) {
    const names = await readdir(path.join(folder, top), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of names) {
      const below = path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
      if (!entry.isDirectory() && !named.has(below)) tell(below, 'no episode lies in it.');
    }
  }
}

/** The dataset has the cameras that its recordings have, and no others. */
function cameraFaults(
  dataset: StoredDataset,
  unit: BundleUnit,
  { episode }: UnitTruth,
  { recipe }: Bundle,
  tell: TargetPlace['tell'],
): void {
  const recorded = new Set(expectedStreams(episode, recipe).map(({ name }) => videoKey(featureName(name))));
  for (const key of videoKeys(dataset))
    if (!recorded.has(key)) tell('meta/info.json', `it declares ${key}, of which ${unit.source.path} has no pictures.`);
  for (const key of recorded)
    if (!dataset.features.has(key))
      tell('meta/info.json', `it does not declare ${key}, of which ${unit.source.path} has pictures.`);
}

/** Frames of every video file against the recordings. */
async function frameFaults(
  { folder, bundle, truth, parts, tell }: TargetPlace,
  dataset: StoredDataset,
  units: readonly BundleUnit[],
  found: ReadonlyMap<StoredEpisode, ReadonlyMap<string, FoundVideo>>,
): Promise<number> {
  const { source, signal, progress, workstation } = parts;
  if (!source || parts.areFramesLeft) return 0;
  const byFile = new Map<string, StoredFrames[]>();
  for (const [at, unit] of units.entries()) {
    const episode = dataset.episodes[at];
    if (!episode || episode.length !== unit.frames) continue;
    for (const [key, { below, firstFrame }] of found.get(episode) ?? []) {
      const told = (text: string) => tell(below, `episode ${at}: ${text}`);
      const camera = key.slice(videoKey('').length);
      byFile.set(below, [...(byFile.get(below) ?? []), { unit, camera, firstFrame, tell: told }]);
    }
  }
  let frames = 0;
  for (const [below, held] of byFile) {
    progress?.(below);
    const parts = { recipe: bundle.recipe, media: workstation.media, source, truthOf: truth, signal };
    try {
      frames += await videoFrameFaults(path.join(folder, below), held, parts);
    } catch (error) {
      signal.throwIfAborted();
      tell(below, sentenceOf(error));
    }
  }
  return frames;
}

function videoKey(camera: string): string {
  return `observation.images.${camera}`;
}
