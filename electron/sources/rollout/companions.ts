import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { isRecord, type Json, type Leaf, leavesOf, readJson } from '../common/json-file.ts';
import { type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { isTiming } from './timing.ts';

/** What lies beside a trajectory and belongs to it. */
export interface Companions {
  /** Path of the video; null where none is. */
  video: string | null;
  timing: JsonFile | null;
  summaries: JsonFile[];
  /** Files that a summary names, as it names them. */
  named: { text: string; by: string }[];
  problems: Problem[];
}

export interface JsonFile {
  name: string;
  path: string;
  tree: Json;
  leaves: Leaf[];
}

const MAX_JSON_FILES = 30;
const VIDEO = /\.(mp4|m4v|mov|avi|mkv|webm)$/i;
const ARTIFACT = /\.(mp4|m4v|mov|avi|mkv|webm|npz|json|png|jpe?g)$/i;
/** All that is looked at beside a trajectory. */
const BESIDE = /\.(json|npz|mp4|m4v|mov|avi|mkv|webm)$/i;
const SUMMARY_KEYS =
  /^(success(es|_rate)?|is_success|succeeded|return|rewards?|total_reward|episode_(return|reward|length)|num_(steps|episodes)|steps|episodes|rollouts?|checkpoint|ckpt(_path)?|checkpoint_path|artifacts?|seed|fps|control_hz|control_freq(uency)?)$/i;

export async function findCompanions(file: OpenFile, { files }: SourcePorts, timings: string[]): Promise<Companions> {
  const folder = path.dirname(file.path);
  const names = await files.list(folder, BESIDE);
  const problems: Problem[] = [];
  const jsons: JsonFile[] = [];
  for (const name of names.filter((each) => /\.json$/i.test(each)).slice(0, MAX_JSON_FILES)) {
    const place = path.join(folder, name);
    try {
      const tree = await readJson(files, place);
      jsons.push({ name, path: place, tree, leaves: leavesOf(tree) });
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      problems.push({ severity: 'warning', code: error.code, message: error.message });
    }
  }
  const rollouts = names.filter((name) => /\.npz$/i.test(name));
  const isAlone = rollouts.length === 1;
  const timing =
    jsons.find(({ name }) => isOurs(file.name, name, 'timing')) ??
    (isAlone ? jsons.find((json) => looksLikeTiming(json, timings)) : undefined) ??
    null;
  const summaries = jsons.filter(
    (json) => json !== timing && looksLikeSummary(json) && (isAlone || belongs(json, file.name, rollouts)),
  );
  const named = summaries.flatMap((json) =>
    json.leaves.flatMap(({ value }) =>
      typeof value === 'string' && ARTIFACT.test(value) && value.length < 1000 ? [{ text: value, by: json.name }] : [],
    ),
  );
  const videos = names.filter((name) => VIDEO.test(name));
  const own = videos.find((name) => isOurs(file.name, name, 'video'));
  const told = videos.find((name) => named.some(({ text }) => baseName(text) === name));
  const only = isAlone && videos.length === 1 ? videos[0] : undefined;
  const video = own ?? (isAlone ? told : undefined) ?? only;
  return { video: video ? path.join(folder, video) : null, timing, summaries, named, problems };
}

/** `trajectory_3.npz` goes with `video_3.mp4` and `timing_3.json`, `ep3.npz` with `ep3.mp4` and `ep3_timing.json`. */
function isOurs(anchor: string, name: string, what: 'video' | 'timing'): boolean {
  const stem = withoutEnding(anchor).toLowerCase();
  const other = withoutEnding(name).toLowerCase();
  if (stem.includes('trajectory')) return other === stem.replace('trajectory', what);
  return other === `${stem}_${what}` || (what === 'video' && other === stem);
}

function belongs(json: JsonFile, anchor: string, rollouts: readonly string[]): boolean {
  const stem = withoutEnding(anchor);
  if (withoutEnding(json.name).startsWith(stem)) return true;
  const names = new Set(json.leaves.map(({ value }) => (typeof value === 'string' ? baseName(value) : '')));
  return names.has(anchor) && !rollouts.some((other) => other !== anchor && names.has(other));
}

function looksLikeTiming({ leaves }: JsonFile, timings: readonly string[]): boolean {
  const words = leaves.flatMap(({ keys }) => keys);
  const known = timings.length > 0 ? timings : ['inference_ms', 'loop_total_ms'];
  return known.filter((name) => words.some((word) => word.startsWith(name))).length > 0;
}

function looksLikeSummary({ tree, leaves }: JsonFile): boolean {
  if (!isRecord(tree)) return false;
  const keys = leaves.flatMap((leaf) => leaf.keys);
  return keys.some((key) => SUMMARY_KEYS.test(key)) && !keys.every((key) => isTiming(key));
}

export function baseName(text: string): string {
  return text.split(/[\\/]/).at(-1) ?? '';
}

function withoutEnding(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
