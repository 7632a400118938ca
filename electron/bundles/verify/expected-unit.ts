import { featureName } from '../../../shared/bundles/feature-name.ts';
import type { Recipe, RecipeRate } from '../../../shared/bundles/recipe.ts';
import type { Stream } from '../../../shared/episode/episode.ts';
import { nameWithin } from '../../../shared/episode/name-within.ts';
import { sampleAt } from '../../../shared/time/sampling.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import type { BundleUnit } from './bundle-files.ts';

/** Numbers of one feature by the recording: `names.length` of them at a tick; NaN where it has none there. */
export interface ExpectedNumbers {
  readonly names: readonly string[];
  at(tick: number): number[];
}

/** What a unit should hold by the recording itself, worked out apart from what made it. */
export interface ExpectedUnit {
  /** Tick of the recording behind each frame. */
  readonly ticks: readonly number[];
  /** Recorded time of each frame, ns from the recording's start. */
  readonly timesNs: readonly number[];
  /** By the feature's key. */
  readonly numbers: ReadonlyMap<string, ExpectedNumbers>;
  /** Where bodies were, by body. */
  readonly poses: ReadonlyMap<string, ExpectedNumbers>;
}

export function expectedUnit(episode: OpenWorkstationEpisode, unit: BundleUnit, rate: RecipeRate): ExpectedUnit {
  const { opened } = episode;
  const times = opened.clocks.get(opened.episode.masterClock) ?? new Float64Array(0);
  const ticks = ticksOf(times, unit.source.ticks, rate);
  return { ticks, timesNs: ticks.map((tick) => times[tick] as number), ...numbersOf(episode, times) };
}

/**
 * Native: each tick a frame. Else a walk through the recorded times: from frame to frame to the tick that lies nearest to
 * its moment, and on only where that is nearer than the one before.
 */
export function ticksOf(times: Float64Array, [first, last]: readonly [number, number], rate: RecipeRate): number[] {
  const ticks: number[] = [];
  if (rate === 'native') {
    for (let tick = first; tick <= last; tick++) ticks.push(tick);
    return ticks;
  }
  const fps = rate.numerator / rate.denominator;
  const start = times[first] as number;
  const end = times[last] as number;
  let tick = first;
  for (let frame = 0; start + (frame * 1e9) / fps <= end + 1; frame++) {
    const at = start + (frame * 1e9) / fps;
    while (tick < last && Math.abs((times[tick + 1] as number) - at) < Math.abs((times[tick] as number) - at)) tick++;
    ticks.push(tick);
  }
  return ticks;
}

export const POSE: readonly string[] = ['x', 'y', 'z', 'qx', 'qy', 'qz', 'qw'];

/** State: series of that role, then where bodies were. Action: series of that role. Every other series by itself. */
function numbersOf(
  { opened }: OpenWorkstationEpisode,
  masterTimes: Float64Array,
): Pick<ExpectedUnit, 'numbers' | 'poses'> {
  const { series, tracks } = opened.episode;
  const parts = new Map<string, ExpectedNumbers[]>();
  const poses = new Map<string, ExpectedNumbers>();
  const add = (key: string, part: ExpectedNumbers) => parts.set(key, [...(parts.get(key) ?? []), part]);
  const rowsOf = (clock: string, rule: 'latest' | 'nearest', stored: Float64Array, width: number) => {
    const times = opened.clocks.get(clock) ?? new Float64Array(0);
    return (tick: number) => {
      const row = sampleAt(times, masterTimes[tick] as number, rule);
      const isThere = row >= 0 && (row + 1) * width <= stored.length;
      return Array.from({ length: width }, (_, n) => (isThere ? (stored[row * width + n] as number) : Number.NaN));
    };
  };
  for (const { id, name, role, clock, components, display } of series) {
    if (role === 'timing' || display !== 'lines' || components.length === 0) continue;
    const own = featureName(name);
    const key = role === 'state' ? 'observation.state' : role === 'action' ? 'action' : `observation.${own}`;
    const stored = opened.values.get(id) ?? new Float64Array(0);
    const at = rowsOf(clock, 'latest', stored, components.length);
    add(key, { names: components.map((component) => `${own}.${component}`), at });
  }
  for (const { id, name, clock, rule, count } of tracks) {
    if (count === 0) continue;
    const names = POSE.map((part) => `${featureName(name)}.${part}`);
    const at = rowsOf(clock, rule, opened.poses.get(id) ?? new Float64Array(0), 7);
    add('observation.state', { names, at });
    poses.set(featureName(name), { names: POSE, at });
  }
  const numbers = new Map(
    [...parts].map(([key, each]) => [
      key,
      { names: each.flatMap(({ names }) => names), at: (tick: number) => each.flatMap((part) => part.at(tick)) },
    ]),
  );
  return { numbers, poses };
}

/** Streams a bundle holds a video of: those the recipe names, else every colour and tactile stream that can be read. */
export function expectedStreams({ opened }: OpenWorkstationEpisode, { streams: { ids } }: Recipe): Stream[] {
  const isReadable = ({ kind, fault, encoding, dtype }: Stream) =>
    kind !== 'depth' && fault === null && (encoding !== 'pixels' || dtype === 'uint8');
  const { path, streams } = opened.episode;
  const isNamed = ({ id }: Stream) => ids.length === 0 || ids.includes(id) || ids.includes(nameWithin(path, id));
  return streams.filter((stream) => isReadable(stream) && isNamed(stream));
}
