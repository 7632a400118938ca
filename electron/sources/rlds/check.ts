import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { pictureFacts } from '../common/picture-header.ts';
import {
  type CheckFindings,
  type FileReader,
  type OpenedEpisode,
  type OpenFile,
  type SampleReader,
  SourceFault,
  type SourcePorts,
} from '../source.ts';
import { type Dataset, factsOfShard, findRecord, readDataset } from './dataset.ts';
import { BrokenExample, ExampleReader } from './example.ts';
import type { Features } from './facts.ts';
import type { Leaf } from './features.ts';
import type { Flags } from './marks.ts';
import { ANCHOR } from './names.ts';
import { episodeOf, innerOf } from './place.ts';
import { rateOf } from './rate.ts';
import { readStepLists } from './step-lists.ts';
import { indexShard } from './tfrecord.ts';

type Add = (severity: Problem['severity'], code: string, message: string, stream?: string) => void;

const VERSION = /^\d+\.\d+\.\d+$/;
/** An end of a JPEG stands this near to the end of its bytes, whatever a writer padded it with. */
const TAIL_BYTES = 1024;

/** What the record holds beyond what opening tells, and, with the first episode, what concerns the whole dataset. */
export async function checkRlds(file: OpenFile, opened: OpenedEpisode, ports: SourcePorts): Promise<CheckFindings> {
  const problems: Problem[] = [];
  const add: Add = (severity, code, message, stream) =>
    problems.push({ severity, code, message, ...(stream ? { stream } : {}) });
  const notes: string[] = [];
  const isReadable = opened.files !== undefined;
  try {
    const dataset = await readDataset(ports.files, file.path);
    const wanted = episodeOf(file.inner);
    if (wanted && isReadable) await checkRecord(ports.files, dataset, wanted, opened, add);
    const first = dataset.shards.find(({ episodes }) => episodes > 0);
    if (first && file.inner === innerOf(first.split, first.first)) {
      await checkShards(ports.files, dataset, add);
      notes.push(noteOf(dataset, file));
    }
  } catch (error) {
    // Opening has said why.
    if (!(error instanceof SourceFault) && !(error instanceof BrokenExample)) throw error;
  }
  return { problems, notes };
}

async function checkRecord(
  files: FileReader,
  dataset: Dataset,
  wanted: { split: string; episode: number },
  { episode, readers }: OpenedEpisode,
  add: Add,
): Promise<void> {
  const { shard, place, number } = await findRecord(files, dataset, wanted);
  const where = `${shard.name}: record ${number}`;
  const reader = new ExampleReader(files, shard.path, place);
  const features = await reader.features();
  const lists = await readStepLists(reader, features, dataset.leaves, where);
  for (const { id } of episode.streams) {
    const leaf = dataset.leaves.find(({ isOfStep, name }) => isOfStep && name === id);
    const samples = readers?.get(id);
    if (leaf && samples) await checkPictures(samples, lists.steps, leaf, where, add);
  }
  checkFlags(lists.flags, lists.steps, dataset.leaves, where, add);
  const silent = lists.instructions.filter((text) => text.trim() === '').length;
  if (silent > 0) {
    add(
      'warning',
      'no-instruction',
      `${where} has no instruction at ${silent} of ${lists.steps} steps: say what was to be done.`,
    );
  }
  const strange = undeclared(features, dataset.leaves);
  if (strange.length > 0) {
    const some = strange.slice(0, 5).join(', ') + (strange.length > 5 ? ' …' : '');
    add(
      'warning',
      'undeclared-feature',
      `${where} holds ${some}, which features.json does not declare, so nothing reads it: declare it.`,
    );
  }
}

/** Every picture by its header, size and end. */
async function checkPictures(
  samples: SampleReader,
  steps: number,
  { key, name, kind, shape }: Leaf,
  where: string,
  add: Add,
): Promise<void> {
  const bad: { step: number; reason: string }[] = [];
  const sizes = new Map<string, number>();
  for (let step = 0; step < steps; step++) {
    try {
      const bytes = await samples.read(step);
      if (kind !== 'picture') continue;
      const facts = pictureFacts(bytes);
      if (!facts) bad.push({ step, reason: 'is neither JPEG nor PNG' });
      else {
        const size = `${facts.width} × ${facts.height}`;
        sizes.set(size, (sizes.get(size) ?? 0) + 1);
        if (!hasEnd(bytes, facts.encoding)) bad.push({ step, reason: 'is cut short' });
      }
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      bad.push({ step, reason: 'cannot be read' });
    }
  }
  const [first] = bad;
  if (first) {
    const more = bad.length > 1 ? ` (${bad.length} of ${steps} are bad)` : '';
    add(
      'error',
      'bad-picture',
      `${where}: picture ${first.step} of ${key} ${first.reason}${more}: record the camera anew, or cut the steps.`,
      name,
    );
  }
  const [usual] = [...sizes].sort((a, b) => b[1] - a[1]);
  if (sizes.size > 1) {
    const each = [...sizes].map(([size, count]) => `${count} of ${size}`).join(', ');
    add('error', 'size-mismatch', `${where}: the pictures of ${key} differ in size (${each}): scale them alike.`, name);
  }
  const [height = -1, width = -1] = shape;
  if (usual && height > 0 && width > 0 && usual[0] !== `${width} × ${height}`) {
    add(
      'error',
      'size-mismatch',
      `${where}: the pictures of ${key} are ${usual[0]} where features.json declares ${width} × ${height}: correct its shape.`,
      name,
    );
  }
}

function hasEnd(bytes: Uint8Array, encoding: 'png' | 'jpeg'): boolean {
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(-TAIL_BYTES);
  return encoding === 'jpeg' ? tail.includes(Buffer.from([0xff, 0xd9])) : tail.includes('IEND');
}

function checkFlags(flags: Flags, steps: number, leaves: readonly Leaf[], where: string, add: Add): void {
  const isDeclared = (name: string) => leaves.some(({ isOfStep, name: own }) => isOfStep && own === name);
  for (const [name, values, at] of [
    ['is_first', flags.isFirst, 0],
    ['is_last', flags.isLast, steps - 1],
  ] as const) {
    if (!isDeclared(name)) {
      add('warning', 'missing-flag', `features.json declares no ${name}, which RLDS demands of every step: write it.`);
      continue;
    }
    if (!values || values.length === 0) continue;
    const set = [...values.keys()].filter((step) => values[step] !== 0);
    if (set.length === 1 && set[0] === at) continue;
    const told = set.length === 0 ? 'at no step' : `at step ${set.slice(0, 5).join(', ')}${set.length > 5 ? ' …' : ''}`;
    add(
      'error',
      'bad-flag',
      `${where} has ${name} ${told}, where it belongs at step ${at} alone: write the flags anew.`,
      name,
    );
  }
  const early = flags.isTerminal?.findIndex((value) => value !== 0) ?? -1;
  if (early >= 0 && early < steps - 1) {
    add(
      'warning',
      'early-terminal',
      `${where} is terminal at step ${early}, before its last step ${steps - 1}: cut what follows.`,
      'is_terminal',
    );
  }
}

/** Keys of the record that no declared feature stands for; lists that are ragged have keys of their own. */
function undeclared(features: Features, leaves: readonly Leaf[]): string[] {
  const known = new Set(leaves.map(({ key }) => key));
  const below = [...known].map((key) => `${key}/`);
  return [...features.keys()].filter((key) => !known.has(key) && !below.some((start) => key.startsWith(start)));
}

async function checkShards(files: FileReader, { info, shards }: Dataset, add: Add): Promise<void> {
  for (const shard of shards) {
    const facts = await factsOfShard(files, shard);
    if (!facts) continue;
    const { records, fault } = await indexShard(files, facts.path, facts.sizeBytes);
    const surplus = records.length - shard.episodes;
    if (surplus > 0) {
      add(
        'error',
        'count-mismatch',
        `${shard.name} holds ${records.length} records where ${ANCHOR} says ${shard.episodes}; the last ${surplus} are left out: write ${ANCHOR} anew.`,
      );
    } else if (fault && surplus === 0) {
      add(
        'warning',
        'shard-tail',
        `${shard.name} goes on behind its ${shard.episodes} records, and ${fault.reason}: copy it again, or write ${ANCHOR} anew.`,
      );
    }
  }
  const listed = new Set(shards.map(({ name }) => name));
  const strange = (await files.list(info.folder)).filter((name) => /\.tfrecord(-|$)/.test(name) && !listed.has(name));
  if (strange.length > 0) {
    const some = strange.slice(0, 3).join(', ') + (strange.length > 3 ? ` and ${strange.length - 3} more` : '');
    add(
      'warning',
      'unlisted-shard',
      `${some}: no split of ${ANCHOR} names ${strange.length === 1 ? 'this shard' : 'these shards'}, so nothing reads ${strange.length === 1 ? 'it' : 'them'}: write ${ANCHOR} anew.`,
    );
  }
  const folder = path.basename(info.folder);
  if (info.version !== '' && VERSION.test(folder) && folder !== info.version) {
    add(
      'warning',
      'version-mismatch',
      `${ANCHOR} states version ${info.version}, but the folder is ${folder}: rename the folder.`,
    );
  }
}

function noteOf({ info }: Dataset, file: OpenFile): string {
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const splits = info.splits.map(({ name, shards }) => {
    const episodes = shards.reduce((sum, shard) => sum + shard.episodes, 0);
    return `${name} ${counted(episodes, 'episode')} in ${counted(shards.length, 'shard')}`;
  });
  const rate = rateOf(file);
  return `${info.name} ${info.version}: ${splits.join(', ')}; ${rate.hz} Hz (${rate.where})`;
}
