import { overlap, type TickRange } from '../time/ranges.ts';
import type { Recipe, UnitKind } from './recipe.ts';

/** A unit as `bundle.json` has it, as far as two bundles are compared by it. */
export interface ListedUnit {
  readonly id: string;
  readonly folder: string | null;
  readonly kind: UnitKind;
  readonly split: string;
  readonly source: {
    readonly path: string;
    readonly fingerprint: string;
    readonly ticks: TickRange;
    readonly tactile_offset_ticks: number;
  };
  readonly verdict: string | null;
  readonly frames: number;
  readonly rate: { readonly numerator: number; readonly denominator: number };
  readonly labels: {
    readonly annotator: string;
    readonly outcome: string | null;
    readonly codes: readonly string[];
    readonly failures: number;
    readonly recoveries: number;
  } | null;
  readonly failure: string | null;
  readonly recovery: string | null;
}

/** Something a recipe did not take of the recordings it was given, and why. Without kind and ticks: the whole recording. */
export interface ListedLeftOut {
  readonly path: string;
  readonly kind: UnitKind | null;
  readonly ticks: TickRange | null;
  readonly reason: string;
}

export interface ListedBundle {
  readonly name: string;
  readonly made_by: string;
  readonly encoder: string;
  readonly taxonomy_version: number;
  readonly hold_periods: number | null;
  readonly targets: readonly string[];
  readonly units: readonly ListedUnit[];
  readonly left_out: readonly ListedLeftOut[];
  readonly recipe: Recipe;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/** One thing that is otherwise: its name, and both values as people read them. */
export interface Change {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** A unit that only one of two bundles has, and why, as far as they tell. */
export interface OneSided {
  readonly unit: ListedUnit;
  readonly why: string;
}

export interface BundleDifference {
  readonly isSame: boolean;
  /** Of the bundles as a whole: name, program, encoder, taxonomy. */
  readonly bundle: readonly Change[];
  /** By key: "video.crf". */
  readonly recipe: readonly Change[];
  /** In the second alone. */
  readonly came: readonly OneSided[];
  /** In the first alone. */
  readonly went: readonly OneSided[];
  readonly changed: readonly {
    readonly before: ListedUnit;
    readonly after: ListedUnit;
    readonly changes: readonly Change[];
    /** Files of its folder that hold something else, or are in one of the two alone; below the folder. */
    readonly files: readonly string[];
  }[];
  /** How many units are the same, to the last byte of the files that are theirs alone. */
  readonly unchanged: number;
  /** Files that belong to no unit alone. */
  readonly files: {
    readonly came: readonly string[];
    readonly went: readonly string[];
    readonly changed: readonly string[];
  };
}

/**
 * What changed from one bundle to another, unit by unit and why, by what their manifests say. A unit is the same one where it
 * is cut out of the same recording (by what that is, else by its path) for the same reason: whole, for a mark, or for what of it
 * was not cut.
 */
export function bundleDifference(before: ListedBundle, after: ListedBundle): BundleDifference {
  const pairs = pairsOf(before.units, after.units);
  const paired = new Map(pairs.map(([a, b]) => [a, b]));
  const isPaired = new Set(pairs.map(([, b]) => b));
  const own = [new Map(sumsOf(before)), new Map(sumsOf(after))] as const;
  const changed: BundleDifference['changed'][number][] = [];
  for (const [a, b] of pairs) {
    const changes = unitChanges(a, b);
    const files = folderChanges(before, a, own[0], after, b, own[1]);
    if (changes.length > 0 || files.length > 0) changed.push({ before: a, after: b, changes, files });
  }
  const difference = {
    bundle: changesOf(wholeOf(before), wholeOf(after)),
    recipe: changesOf(flat(before.recipe), flat(after.recipe)),
    came: after.units
      .filter((unit) => !isPaired.has(unit))
      .map((unit) => ({ unit, why: whyCame(unit, before, after) })),
    went: before.units.filter((unit) => !paired.has(unit)).map((unit) => ({ unit, why: whyWent(unit, before, after) })),
    changed,
    unchanged: pairs.length - changed.length,
    files: sharedFiles(before, own[0], after, own[1]),
  };
  const { bundle, recipe, came, went, files } = difference;
  const counts = [bundle, recipe, came, went, changed, files.came, files.went, files.changed];
  return { ...difference, isSame: counts.every((list) => list.length === 0) };
}

/** Units of both that are one, in the order of the first. */
function pairsOf(before: readonly ListedUnit[], after: readonly ListedUnit[]): [ListedUnit, ListedUnit][] {
  const prints = new Set(before.map(({ source }) => source.fingerprint));
  const byPath = new Map(before.map(({ source }) => [source.path, source.fingerprint]));
  const taken = new Set(after.map(({ source }) => source.fingerprint));
  // A recording of the same path that is no longer the same stands for it, unless that one is there under another path.
  const recordingOf = ({ source: { fingerprint, path } }: ListedUnit) => {
    if (prints.has(fingerprint)) return fingerprint;
    const replaced = byPath.get(path);
    return replaced !== undefined && !taken.has(replaced) ? replaced : fingerprint;
  };
  const keyOf = (unit: ListedUnit) =>
    [recordingOf(unit), unit.kind, unit.kind === 'recovery' ? unit.recovery : unit.failure].join('\n');
  const left = new Map<string, ListedUnit[]>();
  for (const unit of after) left.set(keyOf(unit), [...(left.get(keyOf(unit)) ?? []), unit]);
  const pairs: [ListedUnit, ListedUnit][] = [];
  const waiting: ListedUnit[] = [];
  const take = (unit: ListedUnit, other: ListedUnit | undefined) => {
    if (!other) return false;
    pairs.push([unit, other]);
    left.set(
      keyOf(unit),
      (left.get(keyOf(unit)) ?? []).filter((one) => one !== other),
    );
    return true;
  };
  // Several segments of a recording: those of the same ticks first, then those that share the most.
  for (const unit of before)
    if (
      !take(
        unit,
        left.get(keyOf(unit))?.find(({ source }) => sharedTicks(unit, source.ticks) === ticksOf(unit, source.ticks)),
      )
    )
      waiting.push(unit);
  const edges = waiting.flatMap((unit) =>
    (left.get(keyOf(unit)) ?? [])
      .map((other) => ({ unit, other, shared: sharedTicks(unit, other.source.ticks) }))
      .filter(({ shared }) => unit.kind !== 'segment' || shared > 0),
  );
  const isPaired = new Set<ListedUnit>();
  for (const { unit, other } of edges.sort((a, b) => b.shared - a.shared || fromEitherSide(a, b))) {
    if (isPaired.has(unit) || isPaired.has(other)) continue;
    isPaired.add(unit).add(other);
    take(unit, other);
  }
  const order = new Map(before.map((unit, at) => [unit, at]));
  return pairs.sort(([a], [b]) => (order.get(a) as number) - (order.get(b) as number));
}

/** An order of pairs that share as much that is the same whichever bundle is the first. */
function fromEitherSide(one: { unit: ListedUnit; other: ListedUnit }, two: { unit: ListedUnit; other: ListedUnit }) {
  const [a, b] = [one, two].map(({ unit, other }) => {
    const [x, y] = [unit.source.ticks, other.source.ticks];
    return [x[0] + y[0], x[1] + y[1], Math.min(x[0], y[0]), Math.min(x[1], y[1])];
  }) as [number[], number[]];
  const differs = a.findIndex((value, at) => value !== b[at]);
  return differs < 0 ? 0 : (a[differs] as number) - (b[differs] as number);
}

function sharedTicks({ source: { ticks } }: ListedUnit, [first, last]: TickRange): number {
  return Math.max(0, Math.min(ticks[1], last) - Math.max(ticks[0], first) + 1);
}

/** From the first to the last tick of both. */
function ticksOf({ source: { ticks } }: ListedUnit, [first, last]: TickRange): number {
  return Math.max(ticks[1], last) - Math.min(ticks[0], first) + 1;
}

function unitChanges(before: ListedUnit, after: ListedUnit): Change[] {
  const facts = ({ source, frames, rate, split, labels, folder, verdict }: ListedUnit) => ({
    recording: source.path,
    fingerprint: source.fingerprint,
    ticks: `${source.ticks[0]}–${source.ticks[1]}`,
    frames: `${frames}`,
    rate: `${rate.numerator}/${rate.denominator}`,
    split,
    'tactile offset': `${source.tactile_offset_ticks}`,
    verdict: verdict ?? 'none',
    annotator: labels?.annotator ?? 'nobody',
    outcome: labels?.outcome ?? 'not said',
    codes: labels?.codes.join(', ') || 'none',
    'failures of its recording': `${labels?.failures ?? 0}`,
    'recoveries of its recording': `${labels?.recoveries ?? 0}`,
    folder: folder ?? 'none',
  });
  return changesOf(facts(before), facts(after));
}

function wholeOf({ name, made_by, encoder, taxonomy_version, hold_periods, targets }: ListedBundle) {
  const hold = `${hold_periods ?? 'not said'}`;
  return {
    name,
    'made by': made_by,
    encoder,
    taxonomy: `${taxonomy_version}`,
    'hold periods': hold,
    targets: targets.join(', '),
  };
}

function changesOf(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((what) =>
    before[what] === after[what]
      ? []
      : [{ what, before: before[what] ?? 'not there', after: after[what] ?? 'not there' }],
  );
}

/** Every value that is no object, by the keys that lead to it. */
function flat(value: unknown, key = ''): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { [key]: typeof value === 'string' ? value : JSON.stringify(value) };
  const entries = Object.entries(value).map(([name, each]) => flat(each, key === '' ? name : `${key}.${name}`));
  return Object.assign({}, ...entries) as Record<string, string>;
}

function whyCame(unit: ListedUnit, before: ListedBundle, after: ListedBundle): string {
  const reason = reasonFor(unit, before);
  if (reason) return `it had been left out: ${reason}`;
  if (!before.recipe.units.kinds.includes(unit.kind)) return `the recipe took no ${plural(unit.kind)}`;
  if (unit.kind !== 'rollout' && isOfRecording(unit, before)) return `no such ${unit.kind} of its recording was there`;
  if (!sameFilter(before, after)) return 'the recipe takes other recordings now';
  return 'its recording was not among those it took from';
}

function whyWent(unit: ListedUnit, before: ListedBundle, after: ListedBundle): string {
  const reason = reasonFor(unit, after);
  if (reason) return `it is left out: ${reason}`;
  if (!after.recipe.units.kinds.includes(unit.kind)) return `the recipe takes no ${plural(unit.kind)} any more`;
  if (unit.kind !== 'rollout' && isOfRecording(unit, after))
    return `no such ${unit.kind} of its recording is there any more`;
  if (!sameFilter(before, after)) return 'the recipe takes other recordings now';
  return 'its recording is not among those it takes from any more';
}

/** What the other bundle says of the same part of the recording. */
function reasonFor({ kind, source }: ListedUnit, { left_out: leftOut }: ListedBundle): string | undefined {
  const own = leftOut.filter(({ path }) => path === source.path);
  const exact = own.find((one) => one.kind === kind && one.ticks !== null && overlap(one.ticks, source.ticks));
  return (exact ?? own.find((one) => one.kind === null))?.reason;
}

function isOfRecording({ source }: ListedUnit, { units, left_out: leftOut }: ListedBundle): boolean {
  return [...units.map((unit) => unit.source.path), ...leftOut.map(({ path }) => path)].includes(source.path);
}

function sameFilter(before: ListedBundle, after: ListedBundle): boolean {
  return changesOf(flat(before.recipe.episodes), flat(after.recipe.episodes)).length === 0;
}

const PLURALS: Readonly<Record<UnitKind, string>> = {
  ...{ rollout: 'whole rollouts', failure: 'failures', recovery: 'recoveries', segment: 'segments' },
};

function plural(kind: UnitKind): string {
  return PLURALS[kind];
}

function sumsOf({ files }: ListedBundle): [string, string][] {
  return files.map(({ path, sha256 }) => [path, sha256]);
}

/** Where a unit's own folder lies: below the target's, where there are several. */
function folderOf({ targets }: ListedBundle, { folder }: ListedUnit): string | null {
  if (folder === null) return null;
  return targets.length === 1 ? `${folder}/` : `regrasp/${folder}/`;
}

function filesOf(bundle: ListedBundle, unit: ListedUnit, sums: ReadonlyMap<string, string>): Map<string, string> {
  const folder = folderOf(bundle, unit);
  if (folder === null) return new Map();
  return new Map(
    [...sums].flatMap(([path, sum]) => (path.startsWith(folder) ? [[path.slice(folder.length), sum]] : [])),
  );
}

function folderChanges(
  before: ListedBundle,
  a: ListedUnit,
  ownBefore: ReadonlyMap<string, string>,
  after: ListedBundle,
  b: ListedUnit,
  ownAfter: ReadonlyMap<string, string>,
): string[] {
  const [first, second] = [filesOf(before, a, ownBefore), filesOf(after, b, ownAfter)];
  return [...new Set([...first.keys(), ...second.keys()])]
    .filter((name) => first.get(name) !== second.get(name))
    .sort();
}

function sharedFiles(
  before: ListedBundle,
  ownBefore: ReadonlyMap<string, string>,
  after: ListedBundle,
  ownAfter: ReadonlyMap<string, string>,
): BundleDifference['files'] {
  const isShared = (bundle: ListedBundle) => {
    const folders = bundle.units.flatMap((unit) => folderOf(bundle, unit) ?? []);
    return (path: string) => !folders.some((folder) => path.startsWith(folder));
  };
  const first = [...ownBefore.keys()].filter(isShared(before));
  const second = [...ownAfter.keys()].filter(isShared(after));
  return {
    came: second.filter((path) => !ownBefore.has(path)).sort(),
    went: first.filter((path) => !ownAfter.has(path)).sort(),
    changed: first.filter((path) => ownAfter.has(path) && ownAfter.get(path) !== ownBefore.get(path)).sort(),
  };
}
