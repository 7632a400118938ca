import type { Stream } from '../episode/episode.ts';
import { markerFaults } from '../review/marker-faults.ts';
import { type QueueEvent, queueOf } from '../review/queue.ts';
import type { Layer } from '../review/review.ts';
import type { Taxonomy } from '../review/taxonomy.ts';
import { normalizeRanges, overlap, type TickRange, withoutRanges } from '../time/ranges.ts';
import { type Candidate, exclusionOf, type Gap, labelsOf } from './candidate.ts';
import { notChosen, propertyOf } from './choose.ts';
import { type Features, featuresHeld, firstDifference } from './compatible.ts';
import { estimateBytes } from './estimate.ts';
import { exportedSeries, exportedStreams, exportedTracks, nameClash, notCopied } from './exported.ts';
import { gridOf } from './grid.ts';
import type { Recipe, UnitKind } from './recipe.ts';
import { partOf } from './split.ts';

/** What people decided on the findings that a unit touches: on all of them, or not on every one. */
export type UnitVerdict = 'keep' | 'undecided';

/** What becomes one trajectory of the bundle. */
export interface PlannedUnit {
  readonly episode: string;
  readonly path: string;
  readonly fingerprint: string;
  readonly kind: UnitKind;
  /** Of its recording, inclusive. */
  readonly ticks: TickRange;
  /** Ids in the labels' layer. */
  readonly failure: string | null;
  readonly recovery: string | null;
  /** Whose labels it carries; null where nobody said anything. */
  readonly annotator: string | null;
  /** Of the findings that it touches; see verdictOf. */
  readonly verdict: UnitVerdict | null;
  readonly split: string;
  readonly frames: number;
  readonly fps: number;
  readonly worstErrorNs: number;
  /** About, in all targets together. */
  readonly bytes: number;
}

/** Something that is not exported, and why. Without ticks: the whole recording. */
export interface LeftOut {
  readonly episode: string;
  readonly path: string;
  readonly kind: UnitKind | null;
  readonly ticks: TickRange | null;
  /** Follows "left out:". */
  readonly reason: string;
}

/** Why nothing can be exported as things are, with the moment to look at. */
export interface Refusal {
  readonly episode: string;
  readonly tick: number | null;
  /** undecided: a verdict is missing, which the queue is for. */
  readonly kind: 'undecided' | 'fault';
  readonly text: string;
}

export interface Plan {
  readonly units: readonly PlannedUnit[];
  readonly leftOut: readonly LeftOut[];
  readonly refusals: readonly Refusal[];
  /** Worth knowing before it is written; one sentence each. */
  readonly warnings: readonly string[];
  readonly totals: {
    readonly recordings: number;
    readonly ticks: number;
    readonly frames: number;
    readonly seconds: number;
    /** About, in all targets together. */
    readonly bytes: number;
  };
}

/**
 * What a recipe takes of these recordings and what it leaves out, before anything is written. A unit never overlaps a cut.
 * The order is that of the recordings, and within one by kind and time: the same input makes the same plan.
 */
export function planOf(candidates: readonly Candidate[], recipe: Recipe, taxonomy: Taxonomy): Plan {
  const units: PlannedUnit[] = [];
  const leftOut: LeftOut[] = [];
  const refusals: Refusal[] = [];
  const unlooked: string[] = [];
  let seconds = 0;
  let ticks = 0;
  let set: { path: string; features: Features } | undefined;
  for (const candidate of candidates) {
    let part = planRecording(candidate, recipe, taxonomy);
    if (part.units.length > 0) {
      const own = { path: candidate.path, features: featuresHeld(candidate.holds, candidate.medianPeriodNs, recipe) };
      const difference = set ? firstDifference(set, own) : null;
      if (difference !== null) part = faulty(candidate, recipe, difference);
      else set ??= own;
    }
    units.push(...part.units);
    leftOut.push(...part.leftOut);
    refusals.push(...part.refusals);
    if (part.units.length > 0 && candidate.findings === null) unlooked.push(candidate.path);
    for (const { ticks: range } of part.units) {
      ticks += range[1] - range[0] + 1;
      seconds += lengthSeconds(candidate, range);
    }
  }
  const recordings = new Set(units.map(({ episode }) => episode)).size;
  const frames = units.reduce((sum, unit) => sum + unit.frames, 0);
  const bytes = units.reduce((sum, unit) => sum + unit.bytes, 0);
  return {
    units,
    leftOut,
    refusals,
    warnings: warningsOf(recipe, units, unlooked),
    totals: { recordings, ticks, frames, seconds, bytes },
  };
}

/** Loaders ask for a frame by a time of single precision, which tells frames apart no further into a file. */
const LONGEST_LEROBOT_SECONDS = 1000;

type Part = Omit<Plan, 'warnings' | 'totals'>;

/** A recording that cannot be exported as it is: left out and told, or nothing is exported. */
function faulty({ episode, path }: Candidate, { onFault }: Recipe, text: string, tick: number | null = null): Part {
  if (onFault === 'refuse') return { units: [], leftOut: [], refusals: [{ episode, tick, kind: 'fault', text }] };
  // The path stands before the reason already.
  const reason = text.startsWith(`${path}: `)
    ? text.slice(path.length + 2)
    : text.startsWith(`${path} has `)
      ? `it${text.slice(path.length)}`
      : text;
  return { units: [], leftOut: [{ episode, path, kind: null, ticks: null, reason }], refusals: [] };
}

function planRecording(candidate: Candidate, recipe: Recipe, taxonomy: Taxonomy): Part {
  const { episode, path, times } = candidate;
  const nothing = { units: [], leftOut: [], refusals: [] };
  const labels = labelsOf(candidate, recipe.annotators);
  if (typeof labels === 'string') return faulty(candidate, recipe, labels);
  const { events } = queueOf(candidate.findings ?? [], candidate.review);
  const reason = notChosen(candidate, labels, events, recipe.episodes);
  if (reason !== null) return { ...nothing, leftOut: [{ episode, path, kind: null, ticks: null, reason }] };
  if (times.length === 0) return faulty(candidate, recipe, `${path} has no ticks.`);
  const fault = labels && markerFaults(labels, times.length, taxonomy).find(({ level }) => level === 'error');
  if (fault) return faulty(candidate, recipe, `${path}: ${fault.text}`, Math.min(fault.tick, times.length - 1));

  const undecided = events.filter((event) => exclusionOf(event, recipe.exclude) === 'undecided');
  if (undecided.length > 0) {
    return {
      ...nothing,
      refusals: undecided.map(({ ticks: [tick], text }) => ({
        ...{ episode, tick, kind: 'undecided' as const },
        text: `${path}: nobody decided on this yet: ${text}`,
      })),
    };
  }
  const streams = exportedStreams(candidate.holds, recipe.streams);
  if (typeof streams === 'string') return faulty(candidate, recipe, streams);
  const clash = nameClash(path, streams, candidate.holds.tracks);
  if (clash !== null) return faulty(candidate, recipe, clash);
  const copyFault = recipe.video.way === 'copy' ? notCopied(path, streams) : null;
  if (copyFault !== null) return faulty(candidate, recipe, copyFault);
  return unitsOf(candidate, recipe, labels, events, gapsOf(candidate, streams));
}

/** Those of what is exported. */
function gapsOf({ holds, gaps }: Candidate, streams: readonly Stream[]): Gap[] {
  const exported = [...streams, ...exportedSeries(holds.series), ...exportedTracks(holds.tracks)].map(({ id }) => id);
  return gaps.filter(({ id }) => exported.includes(id));
}

interface Cut {
  readonly ticks: TickRange;
  readonly reason: string;
}

function cutsOf(events: readonly QueueEvent[], { exclude }: Recipe): Cut[] {
  return events.flatMap((event) => {
    const why = exclusionOf(event, exclude);
    if (why === null || why === 'undecided') return [];
    const words = { cut: 'was cut', class: 'is left out by its class', 'undecided-excluded': 'is undecided' };
    return [{ ticks: event.ticks, reason: `${event.class} at tick ${event.ticks[0]} ${words[why]}` }];
  });
}

function unitsOf(
  candidate: Candidate,
  recipe: Recipe,
  labels: Layer | null,
  events: readonly QueueEvent[],
  gaps: readonly Gap[],
): Part {
  const cuts = cutsOf(events, recipe);
  const { episode, path, fingerprint, times } = candidate;
  const { kinds, segmentAtLeastSeconds } = recipe.units;
  const whole: TickRange = [0, times.length - 1];
  const units: PlannedUnit[] = [];
  const leftOut: LeftOut[] = [];
  const refusals: Refusal[] = [];
  const together =
    recipe.split.togetherBy === null ? undefined : propertyOf(candidate, labels, recipe.split.togetherBy);
  const split = partOf(together === undefined ? fingerprint : `${together}`, recipe.split.seed, recipe.split.shares);

  for (const kind of kinds) {
    if (kind === 'rollout') add(kind, whole);
    if (kind === 'failure')
      for (const [id, failure] of inTime(labels?.failures, (one) => one.window[0])) add(kind, failure.window, id);
    if (kind === 'recovery')
      for (const [id, recovery] of inTime(labels?.recoveries, (one) => one.ticks[0]))
        add(kind, recovery.ticks, recovery.failure, id);
    if (kind === 'segment') {
      for (const range of withoutRanges(whole, normalizeRanges(cuts.map(({ ticks }) => ticks)))) {
        if (lengthSeconds(candidate, range) >= segmentAtLeastSeconds) add(kind, range);
        else
          leftOut.push({ episode, path, kind, ticks: range, reason: `it is shorter than ${segmentAtLeastSeconds} s` });
      }
    }
  }
  return { units, leftOut, refusals };

  /** A unit that cannot be made: it is left out, or nothing is exported. */
  function unfit(kind: UnitKind, ticks: TickRange, tick: number, text: string, where: string): void {
    if (recipe.onFault === 'skip') leftOut.push({ episode, path, kind, ticks, reason: text });
    else refusals.push({ episode, tick, kind: 'fault', text: `${path}: ${text}${where}` });
  }

  function add(kind: UnitKind, ticks: TickRange, failure: string | null = null, recovery: string | null = null): void {
    const cut = cuts.find((one) => overlap(one.ticks, ticks));
    if (cut && recipe.exclude.touched === 'leave out') leftOut.push({ episode, path, kind, ticks, reason: cut.reason });
    else if (cut)
      refusals.push({ episode, tick: cut.ticks[0], kind: 'fault', text: `${path}: ${cut.reason}, within a ${kind}.` });
    else {
      const { ticks: grid, fps, worstErrorNs } = gridOf(times, ticks, recipe.rate, candidate.medianPeriodNs);
      const gap = gaps.find(({ ticks: [from, to] }) => grid.some((tick) => from <= tick && tick <= to));
      if (gap) {
        const text = `${gap.name} has nothing at ticks ${gap.ticks[0]} to ${gap.ticks[1]}: cut them, or leave it out of the recipe`;
        unfit(kind, ticks, gap.ticks[0], text, ` (within a ${kind}).`);
        return;
      }
      const seconds = grid.length / fps;
      if (recipe.targets.some((target) => target !== 'regrasp') && seconds > LONGEST_LEROBOT_SECONDS) {
        const text = `it lasts ${Math.round(seconds)} s, and beyond ${LONGEST_LEROBOT_SECONDS} s LeRobot finds no frames in a video: take segments, or the Regrasp bundle alone`;
        unfit(kind, ticks, ticks[0], text, ` (a ${kind}).`);
        return;
      }
      units.push({
        ...{ episode, path, fingerprint, kind, ticks, failure, recovery, split, fps, worstErrorNs },
        ...{ annotator: labels?.annotator ?? null, verdict: verdictOf(events, ticks), frames: grid.length },
        bytes: estimateBytes(grid.length, candidate.holds, recipe),
      });
    }
  }
}

/** Null where nothing was found in it. None can be cut: a unit never overlaps those. */
function verdictOf(events: readonly QueueEvent[], ticks: TickRange): UnitVerdict | null {
  const touched = events.filter((event) => overlap(event.ticks, ticks));
  if (touched.length === 0) return null;
  return touched.every(({ decision }) => decision?.verdict.value === 'keep') ? 'keep' : 'undecided';
}

function inTime<Mark>(
  marks: Readonly<Record<string, Mark>> | undefined,
  start: (mark: Mark) => number,
): [string, Mark][] {
  return Object.entries(marks ?? {}).sort(
    ([a, first], [b, second]) => start(first) - start(second) || (a < b ? -1 : 1),
  );
}

/** From the first tick to one median period after the last. */
function lengthSeconds({ times, medianPeriodNs }: Candidate, [first, last]: TickRange): number {
  return ((times[last] as number) - (times[first] as number) + medianPeriodNs) / 1e9;
}

function warningsOf(recipe: Recipe, units: readonly PlannedUnit[], unlooked: readonly string[]): string[] {
  const warnings: string[] = [];
  if (units.length === 0) warnings.push('The recipe takes nothing: nothing is written.');
  if (unlooked.length > 0) {
    const more = unlooked.length === 1 ? '' : ` and ${unlooked.length - 1} more`;
    warnings.push(`No detector has looked at ${unlooked[0]}${more}: nothing of it could be cut.`);
  }
  const unlabelled = new Set(units.filter(({ annotator }) => annotator === null).map(({ episode }) => episode)).size;
  if (unlabelled > 0)
    warnings.push(
      `Nobody said anything of ${unlabelled === 1 ? 'one recording' : `${unlabelled} recordings`}: their labels are missing, not failures.`,
    );
  const worst = Math.max(0, ...units.map(({ worstErrorNs }) => worstErrorNs));
  const periodNs = 1e9 / (units[0]?.fps ?? 1);
  if (worst > periodNs / 2)
    warnings.push(
      `A frame's stated time lies up to ${(worst / 1e6).toFixed(1)} ms from when it was recorded: ${recipe.rate === 'native' ? 'the recording has gaps' : 'the rate asks for more than was recorded'}.`,
    );
  return warnings;
}
