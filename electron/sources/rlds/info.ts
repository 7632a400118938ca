import path from 'node:path';
import { isRecord, type Json, readJson } from '../common/json-file.ts';
import { type FileReader, SourceFault } from '../source.ts';
import { ANCHOR, LARGEST_INFO_BYTES } from './names.ts';

const TEMPLATE = '{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}';
/** Becomes part of addresses. */
const SPLIT_NAME = /^[\w.-]{1,100}$/;
const MAX_SHARDS = 100_000;
const MAX_EPISODES = 1_000_000;
const LONGEST_TEXT = 2000;

export interface DatasetInfo {
  /** Real path of the folder of the version. */
  folder: string;
  name: string;
  version: string;
  description: string;
  splits: SplitInfo[];
}

export interface SplitInfo {
  name: string;
  /** Files below the folder, and how many episodes each is said to hold. */
  shards: { below: string; episodes: number }[];
}

/** What `dataset_info.json` says. Rejects with SourceFault where nothing can be made of it. */
export async function readInfo(files: FileReader, anchor: string): Promise<DatasetInfo> {
  const json = await readJson(files, anchor, LARGEST_INFO_BYTES);
  if (!isRecord(json)) throw wrong('it is no object');
  const folder = path.dirname(anchor);
  const format = typeof json.fileFormat === 'string' && json.fileFormat !== '' ? json.fileFormat : 'tfrecord';
  if (format !== 'tfrecord') {
    const message = `${ANCHOR} says that the shards are ${format.slice(0, 40)}, where tfrecord alone is read: convert them, as with \`tfds convert_format --out_file_format tfrecord\`.`;
    throw new SourceFault('unknown-format', message);
  }
  const name = textOf(json.name) || (path.basename(path.dirname(folder)) as string);
  const splits = (Array.isArray(json.splits) ? json.splits : []).map((split) => splitOf(split, name));
  const episodes = splits.flatMap(({ shards }) => shards).reduce((sum, shard) => sum + shard.episodes, 0);
  if (episodes === 0) throw wrong('the shardLengths of its splits give no episode');
  if (episodes > MAX_EPISODES) throw wrong(`it claims ${episodes} episodes`);
  const twice = splits.find(({ name: split }, at) => splits.findIndex((each) => each.name === split) !== at);
  if (twice) throw wrong(`it lists the split ${twice.name} twice`);
  return { folder, name, version: textOf(json.version), description: textOf(json.description), splits };
}

function splitOf(json: Json, dataset: string): SplitInfo {
  if (!isRecord(json)) throw wrong('a split is no object');
  const name = textOf(json.name);
  if (!SPLIT_NAME.test(name)) throw wrong(`a split is called "${name.slice(0, 40)}"`);
  const lengths = Array.isArray(json.shardLengths) ? json.shardLengths : [];
  if (lengths.length > MAX_SHARDS) throw wrong(`the split ${name} has ${lengths.length} shards`);
  const template = textOf(json.filepathTemplate) || TEMPLATE;
  const shards = lengths.map((length, shard) => {
    const episodes = typeof length === 'string' || typeof length === 'number' ? Number(length) : Number.NaN;
    if (!Number.isSafeInteger(episodes) || episodes < 0) {
      throw wrong(`the split ${name} gives shard ${shard} the length ${JSON.stringify(length).slice(0, 40)}`);
    }
    return { below: shardName(template, { dataset, split: name, shard, of: lengths.length }), episodes };
  });
  return { name, shards };
}

/** A template is filled in once: what stands in for a name is never taken for another one. */
function shardName(
  template: string,
  { dataset, split, shard, of }: { dataset: string; split: string; shard: number; of: number },
): string {
  const digits = Math.max(5, String(of).length);
  const [index, count] = [shard, of].map((number) => String(number).padStart(digits, '0'));
  const values: Readonly<Record<string, string>> = {
    DATASET: dataset,
    SPLIT: split,
    FILEFORMAT: 'tfrecord',
    SHARD_INDEX: index as string,
    NUM_SHARDS: count as string,
    SHARD_X_OF_Y: `${index}-of-${count}`,
  };
  return template.replace(/\{([A-Z_]+)\}/g, (whole, key: string) => values[key] ?? whole);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : '';
}

function wrong(what: string): SourceFault {
  return new SourceFault(
    'bad-info',
    `${ANCHOR} cannot be used (${what}): copy it from where the dataset is from, or write it anew with TFDS.`,
  );
}
