import { type Episode, masterClockOf } from '../episode/episode.ts';
import { nameWithin } from '../episode/name-within.ts';
import { exportedSeries, exportedStreams, exportedTracks } from './exported.ts';
import type { Recipe } from './recipe.ts';

/** What all recordings of a set have to agree in, by name: a training set has one shape. */
export type Features = ReadonlyMap<string, string>;

/** Native rates that differ by less are one rate that was measured twice. */
const SAME_RATE = 0.005;

/** What the files of a recording hold. */
export type Holds = Pick<Episode, 'path' | 'streams' | 'series' | 'tracks'>;

export function featuresOf(episode: Episode, recipe: Pick<Recipe, 'streams' | 'rate'>): Features {
  return featuresHeld(episode, masterClockOf(episode).medianPeriodNs ?? 1, recipe);
}

/** Of what is exported alone: a depth camera that one recording lacks keeps no two apart. */
export function featuresHeld(
  holds: Holds,
  medianPeriodNs: number,
  { streams, rate }: Pick<Recipe, 'streams' | 'rate'>,
): Features {
  const named = (id: string) => nameWithin(holds.path, id);
  const features = new Map<string, string>();
  const exported = exportedStreams(holds, streams);
  for (const { id, kind, width, height, channels } of typeof exported === 'string' ? [] : exported)
    features.set(`stream ${named(id)}`, `${kind}, ${width}×${height}, ${channels} channels`);
  for (const { id, components } of exportedSeries(holds.series))
    features.set(`series ${named(id)}`, components.join(', '));
  for (const { id, quaternionOrder, upAxis } of exportedTracks(holds.tracks))
    features.set(`track ${named(id)}`, `${quaternionOrder}, ${upAxis} up`);
  if (rate === 'native') features.set('rate', `${1e9 / medianPeriodNs}`);
  return features;
}

/** The first thing two recordings differ in, in one sentence; null where they can be exported as one set. */
export function firstDifference(
  a: { path: string; features: Features },
  b: { path: string; features: Features },
): string | null {
  for (const name of [...new Set([...a.features.keys(), ...b.features.keys()])]) {
    const [first, second] = [a.features.get(name), b.features.get(name)];
    if (first === second) continue;
    if (name === 'rate') {
      const [one, other] = [Number(first), Number(second)];
      if (Math.abs(one - other) / one < SAME_RATE) continue;
      return `${a.path} was recorded at ${one.toFixed(2)} Hz and ${b.path} at ${other.toFixed(2)} Hz: state a rate in the recipe.`;
    }
    if (first === undefined || second === undefined) {
      const [has, lacks] = first === undefined ? [b, a] : [a, b];
      // A recipe names streams alone: numbers and poses go along with their recording.
      const remedy = name.startsWith('stream ')
        ? 'choose the streams in the recipe, or export them apart.'
        : 'export them apart.';
      return `${has.path} has the ${name} and ${lacks.path} has not: ${remedy}`;
    }
    return `The ${name} is ${first} in ${a.path} and ${second} in ${b.path}: export them apart.`;
  }
  return null;
}
