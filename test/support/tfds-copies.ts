import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { source } from '../../electron/sources/rlds/index.ts';
import { framed } from '../../electron/sources/rlds/write.ts';
import { SourceFault } from '../../electron/sources/source.ts';
import { type SourceBench, sourceBench } from './hdf5-source.ts';
import { createSampleTools } from './sample-tools.ts';
import { openFileOf } from './source-ports.ts';

export const VERSION = 'sample/pick_place_rig/1.0.0';
export const SAMPLE = `${VERSION}/dataset_info.json`;
export const SHARD = 'pick_place_rig-train.tfrecord-00000-of-00002';
export const SECONDS = 2;

/** Open from `openTfdsBench` on; close it. */
export let bench: SourceBench;
let made = 0;

/** The sample of RLDS in a folder of its own. */
export async function openTfdsBench(): Promise<void> {
  bench = await sourceBench(source);
  await source.writeSample?.(path.join(bench.root, 'sample'), await createSampleTools({ seconds: SECONDS }));
}

/** A copy of the sample's version folder, to be damaged; answers the path of its anchor below the root. */
export function copied(damage: (folder: string) => void): string {
  const below = `copy_${made++}/1.0.0`;
  const folder = path.join(bench.root, below);
  cpSync(path.join(bench.root, VERSION), folder, { recursive: true });
  damage(folder);
  return `${below}/dataset_info.json`;
}
/** Every recording as the list has it. */
export const list = (below: string) =>
  source
    .recordings?.(openFileOf(bench.root, below), bench.ports)
    .then((all) => all.map(({ inner, ticks, complete }) => [inner, ticks, complete]));
/** Why there is no list. */
export const listFault = (below: string) =>
  source.recordings?.(openFileOf(bench.root, below), bench.ports).then(
    () => 'it was listed',
    (error: unknown) => (error instanceof SourceFault ? `${error.code}: ${error.message}` : `no fault: ${error}`),
  );
/** All that opening and checking tell. */
export const problemsOf = async (below: string) => {
  const { episode, found } = await bench.open(below);
  return [...episode.problems, ...found.problems].map(({ code, message }) => `${code}: ${message}`);
};
export function edit<T>(file: string, change: (json: T) => void): void {
  const json = JSON.parse(readFileSync(file, 'utf8'));
  change(json);
  writeFileSync(file, JSON.stringify(json));
}
/** Puts other data into the first record of the first shard, with checksums that fit. */
export function replaceFirst(folder: string, data: Uint8Array): void {
  const bytes = readFileSync(path.join(folder, SHARD));
  const end = 16 + Number(bytes.readBigUInt64LE(0));
  writeFileSync(path.join(folder, SHARD), Buffer.concat([framed(data), bytes.subarray(end)]));
}
