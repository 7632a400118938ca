import { sampleAt } from '../time/sampling.ts';
import type { SeriesSignals } from './input.ts';
import { differences, finiteOf, median, percentileOfSorted } from './numbers.ts';
import { flatSteps, type Steps } from './steps.ts';

/** One column of a series. */
export interface Column {
  series: SeriesSignals;
  component: string;
  timesNs: Float64Array;
  values: Float64Array;
  /** Between its 0.5th and 99.5th percentile: what one bad value cannot stretch. */
  span: number;
  limits: { min: number; max: number } | null;
}

const NO_POSITION = /veloc|speed|effort|torque|force|current|wrench|accel/i;
const GRIPPER = /grip|finger|jaw/i;
/** Commands that state how far, not where: nothing to compare a position with. */
const COMMAND_WORDS = /\b(actions?|commands?|commanded|cmd|targets?|desired|goals?)\b[:, ]*/gi;

export function* columnsOf(series: SeriesSignals): Steps<Column[]> {
  const count = series.timesNs.length;
  const width = series.components.length;
  if (width === 0 || series.values.length < count * width) return [];
  return yield* flatSteps(series.components.entries(), ([at, component]) => {
    const values = new Float64Array(count);
    for (let row = 0; row < count; row++) values[row] = series.values[row * width + at] as number;
    const sorted = finiteOf(values).sort();
    const span = sorted.length === 0 ? 0 : percentileOfSorted(sorted, 99.5) - percentileOfSorted(sorted, 0.5);
    return [{ series, component, timesNs: series.timesNs, values, span, limits: series.limits?.[at] ?? null }];
  });
}

export function isGripper({ series, component }: Column): boolean {
  return GRIPPER.test(component) || GRIPPER.test(series.name) || GRIPPER.test(series.group);
}

/** Places and angles, not their rates or forces. */
export function isPosition({ series }: Column): boolean {
  return !NO_POSITION.test(`${series.id} ${series.name} ${series.group}`) && !/\/s|N/.test(series.unit);
}

/** Of a rotation as a quaternion, whose sign may turn over without any motion. */
export function isQuaternion({ series }: Column): boolean {
  return series.components.includes('qw') || series.components.join('') === 'xyzw';
}

/** Median seconds between two samples; NaN for fewer than two. */
export function periodOf({ timesNs }: Pick<Column, 'timesNs'>): number {
  return median(differences(timesNs)) / 1e9;
}

export interface Pair {
  command: Column;
  state: Column;
  /** How late the state usually follows its command, 0 … 0.5 s: what it may be behind without a fault. */
  lagNs: number;
  /** |command − state|, the state that much later, at the command's times. */
  errors: Float64Array;
  usualError: number;
}

/**
 * Commands with the state that follows them: of the same unit, by the same component name, or in the same place of
 * series of the same length. What does not follow (rates, differences) is told by its numbers and is no pair.
 */
export function* pairsOf(
  all: readonly SeriesSignals[],
  columnsOf: (series: SeriesSignals) => readonly Column[],
): Steps<Pair[]> {
  const states = all.filter(({ role }) => role === 'state');
  const found: Pair[] = [];
  for (const action of all.filter(({ role }) => role === 'action')) {
    const commands = columnsOf(action).filter(isPosition);
    const candidates = states.filter(({ unit }) => unit === action.unit);
    for (const state of candidates.sort((a, b) => likeness(action, b) - likeness(action, a))) {
      const columns = columnsOf(state).filter(isPosition);
      const pairs = yield* flatSteps(commands.entries(), ([at, command]) => {
        const named = columns.find(({ component }) => bare(component) === bare(command.component));
        const match = named ?? (columns.length === commands.length ? columns[at] : undefined);
        const pair = match && compare(command, match);
        return pair ? [pair] : [];
      });
      found.push(...pairs);
      if (pairs.length > 0) break;
    }
  }
  return found;
}

function likeness(action: SeriesSignals, state: SeriesSignals): number {
  const words = new Set(bare(`${action.name} ${action.group}`).split(/\W+/));
  const common = bare(`${state.name} ${state.group}`)
    .split(/\W+/)
    .filter((word) => words.has(word));
  return new Set(common).size + (state.components.length === action.components.length ? 0.5 : 0);
}

function bare(words: string): string {
  return words.toLowerCase().replaceAll('_', ' ').replace(COMMAND_WORDS, '').trim();
}

function compare(command: Column, state: Column): Pair | undefined {
  if (!(state.span > 0) || !(command.span > 0)) return undefined;
  const known = usualLag(command, state);
  const lagNs = known ?? MOST_LAG_NS;
  const errors = new Float64Array(command.values.length);
  // Most often both are columns of one table.
  const isOneClock = command.timesNs === state.timesNs && lagNs === 0;
  for (let at = 0; at < errors.length; at++)
    errors[at] = isOneClock
      ? Math.abs((command.values[at] as number) - (state.values[at] as number))
      : errorAt(command, state, at, lagNs);
  // Where nothing tells how far behind the state is, it may be at once or at last where it was commanded to be.
  if (known === null)
    for (let at = 0; at < errors.length; at++) {
      const [late, atOnce] = [errors[at] as number, errorAt(command, state, at, 0)];
      errors[at] = late <= atOnce ? late : atOnce;
    }
  const usualError = median(finiteOf(errors));
  return usualError < 0.25 * state.span ? { command, state, lagNs, errors, usualError } : undefined;
}

function errorAt(command: Column, state: Column, at: number, lagNs: number): number {
  const row = sampleAt(state.timesNs, (command.timesNs[at] as number) + lagNs, 'nearest');
  return row < 0 ? Number.NaN : Math.abs((command.values[at] as number) - (state.values[row] as number));
}

const MOST_LAG_NS = 5e8;
const MOST_LAGS = 26;
/** So many samples tell the lag of a recording of any length. */
const MOST_LAG_SAMPLES = 1000;

/**
 * The lag at which the state is nearest to its command while that moves; the shortest of those that are alike. Null where
 * the command moves too late, or too slowly, to tell.
 */
function usualLag(command: Column, state: Column): number | null {
  const periodNs = Math.max(periodOf(command) * 1e9, MOST_LAG_NS / (MOST_LAGS - 1));
  if (!Number.isFinite(periodNs)) return 0;
  const { values, timesNs } = command;
  // Near the end the state has had no time to follow.
  const until = (state.timesNs.at(-1) ?? 0) - MOST_LAG_NS;
  const moving: number[] = [];
  for (let at = 1; at < values.length && (timesNs[at] as number) <= until; at++)
    if (Math.abs((values[at] as number) - (values[at - 1] as number)) > LEAST_STEP_SHARE * command.span)
      moving.push(at);
  const every = Math.max(1, Math.floor(moving.length / MOST_LAG_SAMPLES));
  const watched = moving.filter((_, at) => at % every === 0);
  if (watched.length === 0) return null;
  let best = { lagNs: 0, error: Number.POSITIVE_INFINITY };
  for (let lagNs = 0; lagNs <= MOST_LAG_NS; lagNs += periodNs) {
    const error = median(finiteOf(Float64Array.from(watched, (at) => errorAt(command, state, at, lagNs))));
    if (error < 0.9 * best.error) best = { lagNs, error };
  }
  return best.lagNs;
}

/** A command that moves less from one sample to the next tells nothing of who follows it. */
const LEAST_STEP_SHARE = 1e-3;
