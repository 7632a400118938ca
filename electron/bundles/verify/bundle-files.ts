import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { recipeSchema, UNIT_KINDS } from '../../../shared/bundles/recipe.ts';
import { Fault, sentenceOf, systemCodeOf } from '../../fault.ts';
import { sha256OfFile } from '../../file-digest.ts';
import { STORAGE_NAME } from '../../library/root-place.ts';

/** One thing that is wrong with a bundle: where, and what. */
export interface BundleFault {
  /** Path below the bundle, with slashes. */
  readonly path: string;
  readonly text: string;
}

const file = z.object({ path: z.string(), bytes: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const ticks = z.tuple([z.int(), z.int()]);
/** Marks that touch a unit, by the ids they have in the journals; ticks are the recording's. */
const marks = z.object({
  failures: z.array(
    z.object({
      ...{ id: z.string(), code: z.string().nullable(), severity: z.string().nullable() },
      ...{ resetability: z.string().nullable(), what_happened: z.string() },
      ...{ event_tick: z.int(), window_ticks: ticks, hand_off_tick: z.int().nullable() },
    }),
  ),
  recoveries: z.array(
    z.object({
      ...{ id: z.string(), failure: z.string(), control_mode: z.string().nullable() },
      ...{ how_recovered: z.string(), outcome: z.string().nullable(), ticks },
    }),
  ),
});
const unit = z.object({
  id: z.string(),
  folder: z.string().nullable(),
  kind: z.enum(UNIT_KINDS),
  split: z.string(),
  source: z.object({
    ...{ path: z.string(), fingerprint: z.string(), ticks: z.tuple([z.int(), z.int()]) },
    ...{ start_s: z.number(), end_s: z.number(), task: z.string(), date: z.string() },
    /** By which tactile pictures were taken later than the others. */
    tactile_offset_ticks: z.int(),
    /** Unix seconds of the recording's first tick, where it says. */
    start_unix_s: z.number().nullable(),
    /** What its files and people say of its conditions. */
    properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  frames: z.int().positive(),
  rate: z.object({ numerator: z.int(), denominator: z.int() }),
  /** On findings that it touches: keep where all were decided on; null where there are none. */
  verdict: z.enum(['keep', 'undecided']).nullable(),
  labels: z
    .object({
      ...{ annotator: z.string().min(1), outcome: z.string().nullable(), codes: z.array(z.string()) },
      ...{ failures: z.int().nonnegative(), recoveries: z.int().nonnegative() },
    })
    .nullable(),
  marks,
  failure: z.string().nullable(),
  recovery: z.string().nullable(),
});
const leftOut = z.object({
  path: z.string(),
  kind: z.enum(UNIT_KINDS).nullable(),
  ticks: z.tuple([z.int(), z.int()]).nullable(),
  reason: z.string(),
});
export const bundleSchema = z.object({
  schema: z.literal('regrasp.bundle/1'),
  name: z.string(),
  /** "regrasp 0.1.0". */
  made_by: z.string(),
  encoder: z.string(),
  taxonomy_version: z.int(),
  /** Periods after which a picture was too old to stand for a moment. */
  hold_periods: z.number().positive().nullable(),
  targets: recipeSchema.shape.targets,
  totals: z.object({
    ...{ units: z.int(), rollouts: z.int(), failures: z.int(), recoveries: z.int(), segments: z.int() },
    ...{ frames: z.int(), files: z.int(), bytes: z.int() },
  }),
  units: z.array(unit).min(1),
  left_out: z.array(leftOut),
  recipe: recipeSchema,
  files: z.array(file),
});
export type Bundle = z.infer<typeof bundleSchema>;
export type BundleUnit = Bundle['units'][number];
export type BundleTarget = Bundle['targets'][number];

/** What `bundle.json` says. Rejects with Fault where there is none, or one that cannot be read. */
export async function readBundle(folder: string): Promise<Bundle> {
  const at = path.join(folder, 'bundle.json');
  const text = await readFile(at, 'utf8').catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error)))
      throw new Fault('UNUSABLE', `${folder} holds no bundle.json: name the folder that an export made.`);
    throw new Fault('UNUSABLE', `${folder} is no bundle of Regrasp's: ${sentenceOf(error, at)}`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault('UNUSABLE', `${at} is no JSON: restore the bundle from a copy, or export it anew.`);
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (schema !== 'regrasp.bundle/1' && typeof schema === 'string' && schema.startsWith('regrasp.bundle/'))
    throw new Fault('UNUSABLE', `${at} was written by a newer version (${schema}): verify it with that one.`);
  const read = bundleSchema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new Fault(
    'UNUSABLE',
    `${at} does not fit at "${issue?.path.join('.')}" (${issue?.message}): export the bundle anew.`,
  );
}

/** Every file against SHA256SUMS and against the manifest, and the manifest's sums against what it lists. */
export async function checkFiles(folder: string, bundle: Bundle, signal?: AbortSignal): Promise<BundleFault[]> {
  const faults: BundleFault[] = [];
  const there = await filesBelow(folder, faults, signal);
  const sums = await readSums(folder, faults);
  for (const [below, sha256] of sums) {
    const found = there.get(below);
    if (!found) faults.push({ path: below, text: 'it is gone.' });
    else if (found.sha256 !== sha256) faults.push({ path: below, text: 'its content is not what was exported.' });
  }
  for (const below of there.keys())
    if (!sums.has(below)) faults.push({ path: below, text: 'it was not exported with the rest.' });
  for (const { path: below, bytes, sha256 } of bundle.files) {
    if (sums.get(below) !== sha256)
      faults.push({ path: below, text: 'bundle.json and SHA256SUMS say different things of it.' });
    else if (there.has(below) && there.get(below)?.bytes !== bytes)
      faults.push({ path: below, text: `it holds ${there.get(below)?.bytes} bytes, and bundle.json says ${bytes}.` });
  }
  const listed = new Set(bundle.files.map(({ path: below }) => below));
  for (const below of sums.keys())
    if (below !== 'bundle.json' && !listed.has(below))
      faults.push({ path: below, text: 'SHA256SUMS knows it, and bundle.json does not.' });
  return [...faults, ...(await recipeFaults(folder, bundle)), ...unitFaults(bundle), ...totalFaults(bundle)];
}

/**
 * Every plain file but the sums themselves; what is none (a link may lead anywhere) is a fault. What the workstation keeps
 * of a bundle that was opened in it is no part of the bundle.
 */
async function filesBelow(
  folder: string,
  faults: BundleFault[],
  signal?: AbortSignal,
): Promise<Map<string, { bytes: number; sha256: string }>> {
  const files = new Map<string, { bytes: number; sha256: string }>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const below = path.relative(folder, file).split(path.sep).join('/');
    if (entry.isDirectory() || below === 'SHA256SUMS') continue;
    if (path.posix.dirname(below).split('/').includes(STORAGE_NAME)) continue;
    if (entry.isFile()) files.set(below, { bytes: (await stat(file)).size, sha256: await sha256OfFile(file, signal) });
    else faults.push({ path: below, text: 'it is no plain file, and a bundle holds no others.' });
  }
  return files;
}

/** The recipe lies beside as a file of its own, for people: it says the same. */
async function recipeFaults(folder: string, { recipe }: Bundle): Promise<BundleFault[]> {
  const name = 'recipe.json';
  try {
    const own = recipeSchema.safeParse(JSON.parse(await readFile(path.join(folder, name), 'utf8')));
    if (own.success && isDeepStrictEqual(own.data, recipe)) return [];
    return [{ path: name, text: 'it is not the recipe that bundle.json holds.' }];
  } catch {
    return [{ path: name, text: 'it is gone, or no JSON.' }];
  }
}

/** What units say by themselves: ids and folders of their own, ticks in order, a part of the split that there is. */
function unitFaults({ units, targets, recipe }: Bundle): BundleFault[] {
  const faults: BundleFault[] = [];
  const tell = (text: string) => faults.push({ path: 'bundle.json', text });
  const ids = new Set<string>();
  for (const { id, folder, kind, split, source, failure, recovery, labels, marks } of units) {
    if (ids.has(id)) tell(`it lists the unit ${id} twice.`);
    ids.add(id);
    const { ticks, start_s: start, end_s: end } = source;
    if (targets.includes('regrasp') ? folder === null || leadsAway(folder) : folder !== null)
      tell(`the folder of unit ${id} is ${folder ?? 'not named'}.`);
    if (ticks[0] < 0 || ticks[0] > ticks[1] || start > end) tell(`the ticks or times of unit ${id} are no range.`);
    if (!Object.hasOwn(recipe.split.shares, split)) tell(`unit ${id} is in ${split}, a part its recipe does not have.`);
    if (!recipe.units.kinds.includes(kind)) tell(`unit ${id} is a ${kind}, which its recipe does not take.`);
    const needs =
      kind === 'recovery' ? failure !== null && recovery !== null : (kind === 'failure') === (failure !== null);
    if (!needs) tell(`unit ${id} is a ${kind} and names ${failure ? `the failure ${failure}` : 'no failure'}.`);
    if (failure !== null && kind === 'failure' && !marks.failures.some((mark) => mark.id === failure))
      tell(`unit ${id} is cut out for the failure ${failure}, of which it says nothing.`);
    if (recovery !== null && !marks.recoveries.some((mark) => mark.id === recovery && mark.failure === failure))
      tell(`unit ${id} is cut out for the recovery ${recovery}, of which it says nothing.`);
    if ((kind === 'failure' || kind === 'recovery') && labels === null)
      tell(`unit ${id} is a ${kind} that nobody is said to have marked.`);
  }
  return faults;
}

function leadsAway(folder: string): boolean {
  return (
    folder === '' || path.posix.isAbsolute(folder) || folder.split('/').some((part) => part === '..' || part === '')
  );
}

async function readSums(folder: string, faults: BundleFault[]): Promise<Map<string, string>> {
  const name = 'SHA256SUMS';
  const text = await readFile(path.join(folder, name), 'utf8').catch(() => undefined);
  if (text === undefined) {
    faults.push({ path: name, text: 'it is gone, so nothing says what was exported.' });
    return new Map();
  }
  const sums = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, sha256, below] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sha256 === undefined || below === undefined)
      faults.push({ path: name, text: `it holds a line that is none of it: ${line.slice(0, 80)}` });
    else sums.set(below, sha256);
  }
  return sums;
}

function totalFaults({ totals, units, files }: Bundle): BundleFault[] {
  const kind = (of: Bundle['units'][number]['kind']) => units.filter((one) => one.kind === of).length;
  const counted: Record<keyof Bundle['totals'], number> = {
    ...{
      units: units.length,
      rollouts: kind('rollout'),
      failures: kind('failure'),
      recoveries: kind('recovery'),
      segments: kind('segment'),
    },
    frames: units.reduce((sum, { frames }) => sum + frames, 0),
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  return Object.entries(counted).flatMap(([name, count]) => {
    const said = totals[name as keyof Bundle['totals']];
    return said === count ? [] : [{ path: 'bundle.json', text: `it counts ${said} ${name} where there are ${count}.` }];
  });
}
