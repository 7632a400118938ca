import { constants } from 'node:fs';
import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Candidate } from '../../../shared/bundles/candidate.ts';
import type { Quality } from '../../../shared/bundles/quality.ts';
import type { Recipe } from '../../../shared/bundles/recipe.ts';
import {
  FAILURE_STATE_FILE,
  POSES_FILE,
  SESSION_FILE,
  SESSION_MANIFEST_FILE,
  TACTILE_FILE,
} from '../../../shared/bundles/session-files.ts';
import type { Taxonomy } from '../../../shared/review/taxonomy.ts';
import { joinPackets } from '../../media/join-packets.ts';
import { mappedStream, prettyJson, manifestOf as sessionManifest } from '../../sources/session/write.ts';
import { datasetCard } from '../card/card.ts';
import type { TaskPreview } from '../card/previews.ts';
import { lerobotDataset } from '../lerobot/dataset.ts';
import { lerobotV21 } from '../lerobot/write-v21.ts';
import { lerobotV30 } from '../lerobot/write-v30.ts';
import { poseTable, tactileTable } from '../regrasp/pose-and-tactile-tables.ts';
import { failureState, fileNamesOf, frameTable, jointTable, sessionOf } from '../regrasp/session-files.ts';
import type { NamedUnit } from './named-units.ts';
import { sumsOf } from './sums.ts';

export interface Written {
  readonly units: readonly NamedUnit[];
  /** By id of the recording. */
  readonly candidates: ReadonlyMap<string, Candidate>;
  readonly recipe: Recipe;
  readonly taxonomy: Taxonomy;
  /** "regrasp 0.1.0". */
  readonly madeBy: string;
  /** What encodes. */
  readonly encoder: string;
  readonly quality: Quality;
  readonly previews: readonly TaskPreview[];
  readonly signal: AbortSignal;
}

/** Writes one target's files below an empty folder. */
export async function writeTarget(target: Recipe['targets'][number], folder: string, written: Written): Promise<void> {
  if (target === 'regrasp') await writeSessions(folder, written);
  else await writeLerobot(target, folder, written);
  await writeCard(target, folder, written);
}

async function writeCard(
  target: Recipe['targets'][number],
  folder: string,
  { previews, ...facts }: Written,
): Promise<void> {
  if (previews.length > 0) await mkdir(path.join(folder, 'previews'));
  for (const { file, gif } of previews) await writeFile(path.join(folder, file), gif, { flag: 'wx' });
  const files = new Map(previews.map(({ task, file }) => [task, file]));
  await writeFile(path.join(folder, 'README.md'), datasetCard({ ...facts, target, previews: files }), { flag: 'wx' });
}

/** Every unit a folder that opens as a deployment session. */
async function writeSessions(folder: string, { units, candidates, taxonomy, madeBy, signal }: Written): Promise<void> {
  for (const made of units) {
    signal.throwIfAborted();
    const candidate = candidates.get(made.unit.episode) as Candidate;
    const names = fileNamesOf(made);
    const properties = { ...candidate.properties, ...made.labels?.properties };
    const session = sessionOf(made, properties, candidate.times);
    const below = path.join(folder, made.folder);
    await mkdir(below, { recursive: true });
    for (const { name, file } of made.videos) await place(file, path.join(below, names.video(name)));
    if (made.numbers.length > 0) await writeFile(path.join(below, names.joints), jointTable(made), { flag: 'wx' });
    if (made.poses.length > 0) await writeFile(path.join(below, POSES_FILE), poseTable(made), { flag: 'wx' });
    if (made.contacts.length > 0) await writeFile(path.join(below, TACTILE_FILE), tactileTable(made), { flag: 'wx' });
    await writeFile(path.join(below, names.frames), frameTable(made), { flag: 'wx' });
    const rollout = units.find(({ unit }) => unit.kind === 'rollout' && unit.episode === made.unit.episode)?.folder;
    const state = failureState(made, candidate.times, taxonomy.version, rollout ?? null);
    if (state) await writeFile(path.join(below, FAILURE_STATE_FILE), prettyJson(state), { flag: 'wx' });
    await writeFile(path.join(below, SESSION_FILE), prettyJson(session), { flag: 'wx' });
    const sessionNs = made.recordedNs.map((ns) => Math.round(ns - (made.recordedNs[0] as number)));
    const mapped = Object.fromEntries(
      session.streams.map(({ file, kind }) => [
        file,
        kind === 'cam' ? mappedStream(sessionNs) : mappedStream(sessionNs, 'session_ns'),
      ]),
    );
    const streams = new Set(session.streams.map(({ file }) => file));
    const files = (await sumsOf(below, [], signal)).map((file) => ({
      ...file,
      role:
        file.path === SESSION_FILE
          ? ('session' as const)
          : streams.has(file.path)
            ? ('stream' as const)
            : ('raw' as const),
      ...(streams.has(file.path) ? { count: made.grid.ticks.length } : {}),
    }));
    const manifest = sessionManifest(session, mapped, files, madeBy);
    await writeFile(path.join(below, SESSION_MANIFEST_FILE), prettyJson(manifest), { flag: 'wx' });
  }
}

async function writeLerobot(target: 'lerobot-v3.0' | 'lerobot-v2.1', folder: string, written: Written): Promise<void> {
  const { units, candidates, recipe, taxonomy, signal } = written;
  const { dataset, order } = lerobotDataset(units, candidates, recipe, taxonomy);
  const { files, videos } = target === 'lerobot-v3.0' ? lerobotV30(dataset) : lerobotV21(dataset);
  const { rate } = order[0] as NamedUnit;
  for (const { path: below, key, episodes } of videos) {
    signal.throwIfAborted();
    const parts = episodes.map((episode) => {
      const made = order[episode] as NamedUnit;
      const video = made.videos.find(({ name }) => `observation.images.${name}` === key);
      if (!video) throw new Error(`${made.unit.path} has no ${key}.`);
      return { file: video.file, frames: made.grid.ticks.length, leadIn: video.leadIn };
    });
    const to = path.join(folder, below);
    await mkdir(path.dirname(to), { recursive: true });
    await joinPackets(parts, rate, to, signal);
  }
  for (const [below, content] of files) {
    const to = path.join(folder, below);
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, content, { flag: 'wx' });
  }
}

/** The same bytes: a second name where the disk gives one, else a copy. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_EXCL));
}
