import { lowerBound, upperBound } from '../time/sampling.ts';
import type { SeriesSignals } from './input.ts';
import { percentile, percentileOfSorted } from './numbers.ts';
import {
  type Column,
  columnsOf,
  isGripper,
  isPosition,
  isQuaternion,
  type Pair,
  pairsOf,
  periodOf,
} from './series-columns.ts';
import type { MotionSettings } from './settings.ts';
import { flatSteps, type Steps } from './steps.ts';
import { runsWhere } from './ticks.ts';

export type MotionFaultKind =
  | 'stall'
  | 'jump'
  | 'limit-saturation'
  | 'action-state-divergence'
  | 'gripper-chatter'
  | 'empty-grip';

/** Something seen in one column of numbers, or in a command and its state. Times are inclusive. */
export interface MotionFault {
  kind: MotionFaultKind;
  series: string[];
  component: string;
  fromNs: number;
  toNs: number;
  /** What was measured, and the limit it was held against; the same names, with units. */
  signals: Record<string, number>;
  thresholds: Record<string, number>;
  /** As in Finding. */
  margin: number;
}

/** What the numbers of a robot show, whatever recorded them: proposals, each column judged by what is usual in it. */
export function* motionFaults(all: readonly SeriesSignals[], settings: MotionSettings): Steps<MotionFault[]> {
  const { grippers, arms, commandedGrippers, pairs } = yield* preparedOf(all);
  const commanded = commandedGrippers.length > 0 ? commandedGrippers : grippers;
  return [
    ...(yield* flatSteps(pairs, (pair) => stalls(pair, settings))),
    ...(yield* flatSteps(arms, (column) => jumps(column, settings))),
    ...(yield* flatSteps(arms, (column) => saturations(column, settings))),
    ...(yield* flatSteps(pairs, (pair) => divergences(pair, settings))),
    ...(yield* flatSteps(commanded, (column) => chatters(column, settings))),
    ...(yield* flatSteps(grippers, (column) => emptyGrips(column, settings))),
  ];
}

interface Prepared {
  arms: Column[];
  grippers: Column[];
  commandedGrippers: Column[];
  pairs: Pair[];
}

/** What no setting changes is found out once, so that a threshold can be moved by hand over hours of numbers. */
const prepared = new WeakMap<readonly SeriesSignals[], Prepared>();

function* preparedOf(all: readonly SeriesSignals[]): Steps<Prepared> {
  const known = prepared.get(all);
  if (known) return known;
  const columns = new Map<SeriesSignals, Column[]>();
  for (const series of all) columns.set(series, yield* columnsOf(series));
  const ofSeries = (series: SeriesSignals) => columns.get(series) ?? [];
  const ofRole = (wanted: SeriesSignals['role']) => all.filter(({ role }) => role === wanted).flatMap(ofSeries);
  const isGrip = (column: Column) => isGripper(column) && isPosition(column);
  const pairs = yield* pairsOf(all, ofSeries);
  const found: Prepared = {
    arms: ofRole('state').filter((column) => !isGripper(column) && isPosition(column) && !isQuaternion(column)),
    grippers: ofRole('state').filter(isGrip),
    commandedGrippers: ofRole('action').filter(isGrip),
    pairs: pairs.filter(({ state }) => !isGripper(state) && !isQuaternion(state)),
  };
  prepared.set(all, found);
  return found;
}

/** Runs of samples that last long enough, by their stamps. */
function lasting({ timesNs }: Column, seconds: number, holds: (at: number) => boolean): [number, number][] {
  return runsWhere({ first: 0, last: timesNs.length - 1 }, holds).filter(
    ([a, b]) => ((timesNs[b] as number) - (timesNs[a] as number)) / 1e9 >= seconds,
  );
}

function fault(
  kind: MotionFaultKind,
  column: Column,
  [a, b]: readonly [number, number],
  more: Pick<MotionFault, 'signals' | 'thresholds' | 'margin'> & { series?: string[] },
): MotionFault {
  return {
    kind,
    series: more.series ?? [column.series.id],
    component: column.component,
    fromNs: column.timesNs[a] as number,
    toNs: column.timesNs[b] as number,
    signals: more.signals,
    thresholds: more.thresholds,
    margin: more.margin,
  };
}

/** How far it went beyond a lower limit on what was measured, as a share. */
const beyond = (measured: number, limit: number) => (limit > 0 ? Math.max(0, measured / limit - 1) : 0);
const secondsOf = ({ timesNs }: Column, a: number, b: number) =>
  ((timesNs[b] as number) - (timesNs[a] as number)) / 1e9;

/** The state stands while its command goes on. */
function stalls(
  { command, state, lagNs }: Pair,
  { stallSeconds, stallShare, divergenceShare }: MotionSettings,
): MotionFault[] {
  const speeds = speedsOf(state);
  const moving = aboveZero(speeds);
  if (moving.length === 0) return [];
  const slow = stallShare * percentile(moving, 95);
  const runs = lasting(state, stallSeconds, (at) => (speeds[at] as number) <= slow);
  return runs.flatMap(([first, b]) => {
    // The sample that the others repeat comes first.
    const a = Math.max(0, first - 1);
    const [from, to] = [state.timesNs[a] as number, state.timesNs[b] as number];
    // What was commanded at the end shows in the state only later.
    const [begin, end] = [lowerBound(command.timesNs, from - lagNs), upperBound(command.timesNs, to - lagNs)];
    const commanded = command.values.subarray(begin, end);
    const range = rangeOf(commanded);
    const least = divergenceShare * state.span;
    if (!(range >= least)) return [];
    const seconds = secondsOf(state, a, b);
    return fault('stall', state, [a, b], {
      series: [state.series.id, command.series.id],
      signals: { length_s: seconds, commanded_range: range },
      thresholds: { length_s: stallSeconds, commanded_range: least },
      margin: beyond(seconds, stallSeconds),
    });
  });
}

/** A movement gains speed; a step this much smaller beside a larger one is no part of it. */
const LEADS_SHARE = 0.05;

/** A step far beyond all others, for the time it took. */
function jumps(column: Column, { jumpFactor, jumpShare }: MotionSettings): MotionFault[] {
  const { values, timesNs, span } = column;
  const period = periodOf(column) * 1e9;
  if (!(period > 0) || !(span > 0)) return [];
  const steps = new Float64Array(values.length);
  for (let at = 1; at < steps.length; at++) {
    const step = Math.abs((values[at] as number) - (values[at - 1] as number));
    steps[at] = step / Math.max(1, ((timesNs[at] as number) - (timesNs[at - 1] as number)) / period);
  }
  const moved = aboveZero(steps).sort();
  // What is usual leaves the largest hundredth out, among which the jumps are.
  const most = upperBound(moved, percentileOfSorted(moved, 99));
  const usual = percentileOfSorted(moved.subarray(0, most), 95);
  const limit = Math.max(jumpFactor * usual, jumpShare * span);
  if (!(limit > 0)) return [];
  const isJump = (at: number) => (steps[at] as number) > limit && !isWholeTurn(steps[at] as number);
  const end = values.length - 1;
  const leadsTo = (beside: number, step: number) =>
    (steps[beside] as number) >= Math.max(usual, LEADS_SHARE * (steps[step] as number));
  /** At an end of the recording, where what lies beside it moved already: a movement that begins or ends there. */
  const isMovement = ([a, b]: [number, number]) => (b === end && leadsTo(a - 1, a)) || (a === 1 && leadsTo(b + 1, b));
  const runs = runsWhere({ first: 1, last: end }, isJump).filter((run) => !isMovement(run));
  return runs.map(([a, b]) => {
    const largest = steps.subarray(a, b + 1).reduce((most, step) => Math.max(most, step), 0);
    return fault('jump', column, [a - 1, b], {
      signals: { step: largest },
      thresholds: { step: limit },
      margin: beyond(largest, limit),
    });
  });
}

/** An angle that went round: no motion. */
function isWholeTurn(step: number): boolean {
  return Math.abs(step / (2 * Math.PI) - 1) < 0.05 || Math.abs(step / 360 - 1) < 0.05;
}

function saturations(column: Column, { limitShare, limitSeconds }: MotionSettings): MotionFault[] {
  const { limits, values } = column;
  if (!limits || !(limits.max > limits.min)) return [];
  const near = limitShare * (limits.max - limits.min);
  return lasting(column, limitSeconds, (at) => {
    const value = values[at] as number;
    return value >= limits.max - near || value <= limits.min + near;
  }).map(([a, b]) => {
    const seconds = secondsOf(column, a, b);
    return fault('limit-saturation', column, [a, b], {
      signals: { length_s: seconds, value: values[a] as number },
      thresholds: { length_s: limitSeconds, min: limits.min, max: limits.max },
      margin: beyond(seconds, limitSeconds),
    });
  });
}

function divergences(
  { command, state, errors, usualError }: Pair,
  { divergenceFactor, divergenceShare, divergenceSeconds }: MotionSettings,
): MotionFault[] {
  const limit = Math.max(divergenceFactor * usualError, divergenceShare * state.span);
  return lasting(command, divergenceSeconds, (at) => (errors[at] as number) > limit).map(([a, b]) => {
    const largest = errors.subarray(a, b + 1).reduce((most, off) => Math.max(most, off), 0);
    return fault('action-state-divergence', command, [a, b], {
      series: [command.series.id, state.series.id],
      signals: { error: largest, length_s: secondsOf(command, a, b) },
      thresholds: { error: limit, length_s: divergenceSeconds },
      margin: beyond(largest, limit),
    });
  });
}

/**
 * Turns back and forth, each of a fair part of the way, in quick succession. What opened or closed shortly before or after,
 * and was counted in with them, is left out again.
 */
function chatters(column: Column, { chatterTurns, chatterSeconds, chatterShare }: MotionSettings): MotionFault[] {
  const turns = turnsOf(column.values, chatterShare * rangeOf(column.values));
  const isQuick = new Uint8Array(turns.length);
  for (let at = 0; at + chatterTurns <= turns.length; at++) {
    const last = turns[at + chatterTurns - 1] as number;
    if (secondsOf(column, turns[at] as number, last) <= chatterSeconds) isQuick.fill(1, at, at + chatterTurns);
  }
  const slowest = chatterSeconds / (chatterTurns - 1);
  const isApart = (at: number) => secondsOf(column, turns[at] as number, turns[at + 1] as number) > slowest;
  return runsWhere({ first: 0, last: turns.length - 1 }, (at) => isQuick[at] === 1).map(([first, last]) => {
    let [a, b] = [first, last];
    while (b - a >= chatterTurns && isApart(a)) a++;
    while (b - a >= chatterTurns && isApart(b - 1)) b--;
    const [from, to] = [turns[a] as number, turns[b] as number];
    return fault('gripper-chatter', column, [from, to], {
      signals: { turns: b - a + 1, length_s: secondsOf(column, from, to) },
      thresholds: { turns: chatterTurns, length_s: chatterSeconds },
      margin: beyond(b - a + 1, chatterTurns),
    });
  });
}

/** Samples from which a value turned back by at least `least` (above 0) after having gone that far: the last of those where it rested there. */
function turnsOf(values: Float64Array, least: number): number[] {
  const turns: number[] = [];
  if (!(least > 0)) return turns;
  let direction = 0;
  let extreme = 0;
  for (let at = 1; at < values.length; at++) {
    const off = (values[at] as number) - (values[extreme] as number);
    if (Number.isNaN(off)) {
      if (Number.isNaN(values[extreme] as number)) extreme = at;
    } else if (direction === 0 ? Math.abs(off) >= least : off * direction <= -least) {
      if (direction !== 0) turns.push(extreme);
      direction = Math.sign(off);
      extreme = at;
    } else if (direction !== 0 && off * direction >= 0) extreme = at;
  }
  return turns;
}

/**
 * A gripper that closed all the way, where an object would have stopped it. Only where fully closed is known: by limits,
 * or by a width in metres. The closed end is the one far from where the gripper began; a width's is 0.
 */
function emptyGrips(column: Column, { emptyGripShare, emptyGripSeconds }: MotionSettings): MotionFault[] {
  const { values, series } = column;
  const isWidth = /^m?m$/.test(series.unit);
  const range =
    column.limits ??
    (isWidth ? { min: 0, max: rangeOf(values, 0) } : series.unit === '0…1' ? { min: 0, max: 1 } : null);
  const start = values.find((value) => Number.isFinite(value));
  if (!range || start === undefined || !(range.max > range.min)) return [];
  const closedAtLow = isWidth || start - range.min >= range.max - start;
  const share = (at: number) => {
    const above = ((values[at] as number) - range.min) / (range.max - range.min);
    return closedAtLow ? above : 1 - above;
  };
  return lasting(column, emptyGripSeconds, (at) => share(at) <= emptyGripShare).flatMap(([a, b]) => {
    // One that was closed from the start did not close on anything.
    if (a === 0) return [];
    const seconds = secondsOf(column, a, b);
    return fault('empty-grip', column, [a, b], {
      signals: { length_s: seconds, open_share: Math.max(0, share(a)) },
      thresholds: { length_s: emptyGripSeconds, open_share: emptyGripShare },
      margin: beyond(seconds, emptyGripSeconds),
    });
  });
}

/** Change a second at each sample since the one before; 0 at the first and where nothing is known. */
function speedsOf({ values, timesNs }: Column): Float64Array {
  const speeds = new Float64Array(values.length);
  for (let at = 1; at < speeds.length; at++) {
    const seconds = ((timesNs[at] as number) - (timesNs[at - 1] as number)) / 1e9;
    const step = Math.abs((values[at] as number) - (values[at - 1] as number));
    if (seconds > 0 && Number.isFinite(step)) speeds[at] = step / seconds;
  }
  return speeds;
}

function aboveZero(values: Float64Array): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let at = 0; at < values.length; at++) if ((values[at] as number) > 0) kept[count++] = values[at] as number;
  return kept.subarray(0, count);
}

/** Largest minus smallest; `smallest` where it is known. */
function rangeOf(values: Float64Array, smallest?: number): number {
  let [low, high] = [smallest ?? Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high >= low ? high - low : 0;
}
