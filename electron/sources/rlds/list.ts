import { NS_PER_SECOND } from '../../../shared/time/nanoseconds.ts';
import type { FileReader, ListedRecording, OpenFile, SourcePorts } from '../source.ts';
import { type Dataset, factsOfShard, gapOf, missingAround, readDataset, type Shard } from './dataset.ts';
import { BrokenExample, ExampleReader } from './example.ts';
import { countSteps, readFacts } from './facts.ts';
import { innerOf } from './place.ts';
import { rateOf } from './rate.ts';
import { indexShard, type RecordPlace } from './tfrecord.ts';

/** Records are looked into for so long, and so many in any case; those behind are listed by their names alone. */
const PATIENCE_MS = 10_000;
const ALWAYS_LOOKED_INTO = 100;

/**
 * One recording an episode, with what little of its record tells. Episodes that cannot be had stand as one recording for
 * each cause (a run of missing shards, a shard that is cut off), which says so when it is opened. Rejects with SourceFault
 * where there is nothing to list.
 */
export async function listEpisodes(file: OpenFile, { files }: SourcePorts): Promise<ListedRecording[]> {
  const dataset = await readDataset(files, file.path);
  const began = performance.now();
  const listed: ListedRecording[] = [];
  for (let at = 0; at < dataset.shards.length; at++) {
    const shard = dataset.shards[at] as Shard;
    if (shard.episodes === 0) continue;
    const facts = await factsOfShard(files, shard);
    if (!facts) {
      const gap = await missingAround(files, dataset.shards, at);
      listed.push(named(dataset, gap.split, gap.first));
      while (dataset.shards[at + 1]?.split === gap.split && (dataset.shards[at + 1]?.first ?? 0) <= gap.last) at++;
      continue;
    }
    const index = await indexShard(files, facts.path, facts.sizeBytes, shard.episodes);
    for (const [number, place] of index.records.entries()) {
      const known = named(dataset, shard.split, shard.first + number);
      const isHurried = listed.length >= ALWAYS_LOOKED_INTO && performance.now() - began > PATIENCE_MS;
      listed.push(
        isHurried ? { ...known, complete: true } : await described(files, dataset, shard, place, file, known),
      );
    }
    const gap = gapOf(shard, index);
    if (gap) listed.push(named(dataset, gap.split, gap.first));
  }
  return listed;
}

function named({ info }: Dataset, split: string, episode: number): ListedRecording {
  const inner = innerOf(split, episode);
  return { inner, name: inner, task: info.name, properties: { split } };
}

async function described(
  files: FileReader,
  { leaves }: Dataset,
  { path, split }: Shard,
  place: RecordPlace,
  file: OpenFile,
  known: ListedRecording,
): Promise<ListedRecording> {
  try {
    const reader = new ExampleReader(files, path, place);
    const features = await reader.features();
    const steps = await countSteps(reader, features, leaves);
    // Opening says what is wrong with one that tells nothing.
    if (!steps) return known;
    const durationNs = Math.round(((steps - 1) * NS_PER_SECOND) / rateOf(file).hz);
    const streams = leaves.filter(({ kind, isOfStep }) => isOfStep && kind === 'picture').length;
    return {
      ...known,
      ...(await readFacts(reader, features, leaves, split)),
      ticks: steps,
      sizeBytes: place.length,
      durationNs,
      streams,
      complete: true,
    };
  } catch (error) {
    if (error instanceof BrokenExample) return known;
    throw error;
  }
}
