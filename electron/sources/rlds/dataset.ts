import path from 'node:path';
import { type FileFacts, type FileReader, SourceFault } from '../source.ts';
import { type Leaf, readFeatures } from './features.ts';
import { type DatasetInfo, readInfo } from './info.ts';
import { ANCHOR } from './names.ts';
import { innerOf } from './place.ts';
import { indexShard, type RecordPlace, type ShardIndex } from './tfrecord.ts';

/** A dataset of one version before any of its records is looked into. */
export interface Dataset {
  info: DatasetInfo;
  leaves: Leaf[];
  shards: Shard[];
}

export interface Shard {
  split: string;
  /** Name below the folder of the version. */
  name: string;
  path: string;
  /** Number within the split of its first episode, and how many it is said to hold. */
  first: number;
  episodes: number;
}

/** Episodes that cannot be had, and why, in one sentence. */
export interface Gap {
  split: string;
  first: number;
  last: number;
  code: string;
  message: string;
}

/** Rejects with SourceFault where no episode can be told. */
export async function readDataset(files: FileReader, anchor: string): Promise<Dataset> {
  const info = await readInfo(files, anchor);
  const leaves = await readFeatures(files, info.folder);
  const shards = info.splits.flatMap(({ name: split, shards: listed }) => {
    let first = 0;
    return listed.map(({ below, episodes }): Shard => {
      const shard = { split, name: below, path: path.join(info.folder, below), first, episodes };
      first += episodes;
      return shard;
    });
  });
  return { info, leaves, shards };
}

/** Facts of a shard; null where there is none below the folder that was opened. Shards of no episode may be missing. */
export async function factsOfShard(files: FileReader, { path: place }: Shard): Promise<FileFacts | null> {
  try {
    return (await files.facts(place)) ?? null;
  } catch (error) {
    if (error instanceof SourceFault) return null;
    throw error;
  }
}

/** Missing shards around one that is missing, which stand side by side, and the episodes that are gone with them. */
export async function missingAround(files: FileReader, shards: readonly Shard[], at: number): Promise<Gap> {
  const here = shards[at] as Shard;
  const isGone = async (number: number) => {
    const shard = shards[number];
    return shard?.split === here.split && (await factsOfShard(files, shard)) === null;
  };
  let from = at;
  let to = at;
  while (await isGone(from - 1)) from--;
  while (await isGone(to + 1)) to++;
  const [one, other] = [shards[from] as Shard, shards[to] as Shard];
  const [first, last] = [one.first, other.first + other.episodes - 1];
  const which =
    from === to
      ? `${one.name} is missing, and with it`
      : `${to - from + 1} shards are missing, ${one.name} to ${other.name}, and with them`;
  const message = `${which} ${episodesText(here.split, first, last)}: copy ${from === to ? 'it' : 'them'} from where the dataset is from.`;
  return { split: here.split, first, last, code: 'missing-shard', message };
}

/** Episodes of a shard that its index does not reach; null where it reaches all that the shard is said to hold. */
export function gapOf({ split, name, first, episodes }: Shard, { records, fault }: ShardIndex): Gap | null {
  if (records.length >= episodes) return null;
  const gap = { split, first: first + records.length, last: first + episodes - 1 };
  const lost = episodesText(split, gap.first, gap.last);
  const tell = (code: string, message: string): Gap => ({ ...gap, code, message: `${name} ${message}` });
  if (!fault) {
    const counts = `holds ${records.length} records where ${ANCHOR} says ${episodes}`;
    return tell(
      'count-mismatch',
      `${counts}, so ${lost} cannot be read: copy the shard again, or write ${ANCHOR} anew.`,
    );
  }
  const { code, reason } = fault;
  if (code === 'truncated') return tell(code, `is cut off (${reason}), and with its end ${lost}: copy it again.`);
  if (code === 'compressed') {
    return tell(
      code,
      `is compressed as a whole, so ${lost} cannot be read: write the dataset anew without compression.`,
    );
  }
  return tell('corrupt-shard', `is damaged (${reason}), and with what follows ${lost}: copy it again.`);
}

export interface FoundRecord {
  shard: Shard;
  place: RecordPlace;
  /** Within the shard. */
  number: number;
}

/** Rejects with SourceFault where the dataset has no such episode, or its record cannot be had. */
export async function findRecord(
  files: FileReader,
  { shards }: Dataset,
  wanted: { split: string; episode: number },
): Promise<FoundRecord> {
  const { split, episode } = wanted;
  const at = shards.findIndex(
    (shard) => shard.split === split && episode >= shard.first && episode < shard.first + shard.episodes,
  );
  const shard = shards[at];
  if (!shard) {
    const message = `${ANCHOR} lists no episode ${innerOf(split, episode)}: look whether the dataset was written anew.`;
    throw new SourceFault('no-episode', message);
  }
  const facts = await factsOfShard(files, shard);
  if (!facts) throw faultOf(await missingAround(files, shards, at));
  const number = episode - shard.first;
  const index = await indexShard(files, shard.path, facts.sizeBytes, number + 1);
  const place = index.records[number];
  if (place) return { shard, place, number };
  throw faultOf(gapOf(shard, index) as Gap);
}

function faultOf({ code, message }: Gap): SourceFault {
  return new SourceFault(code, message);
}

function episodesText(split: string, first: number, last: number): string {
  if (first >= last) return `episode ${innerOf(split, first)}`;
  return `the episodes ${innerOf(split, first)} to ${innerOf(split, last)}`;
}
