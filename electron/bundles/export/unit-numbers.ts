import { exportedSeries, exportedTracks } from '../../../shared/bundles/exported.ts';
import { featureName } from '../../../shared/bundles/feature-name.ts';
import type { Grid } from '../../../shared/bundles/grid.ts';
import type { Layer } from '../../../shared/review/review.ts';
import type { OpenWorkstationEpisode } from '../../workstation-types.ts';
import { type Missing, missingNumbers, poseRows, seriesRows, type UnitNumbers } from '../unit-samples.ts';

export { featureName };

/** Numbers of every frame under one name: what the robot measured, what it was told, or the like. */
export interface NamedNumbers extends UnitNumbers {
  readonly key: string;
  /** One a component. */
  readonly names: readonly string[];
}

const POSE = ['x', 'y', 'z', 'qx', 'qy', 'qz', 'qw'];

/**
 * What the robot measured (`observation.state`: series of that role, then where bodies were), what it was told (`action`),
 * and every other series by itself (`observation.<name>`), at each frame; and what has no number somewhere.
 */
export function unitNumbers(
  episode: OpenWorkstationEpisode,
  grid: Grid,
): { numbers: NamedNumbers[]; missing: Missing[] } {
  const { series, tracks } = episode.opened.episode;
  const state: NamedNumbers[] = [];
  const action: NamedNumbers[] = [];
  const others: NamedNumbers[] = [];
  const missing: Missing[] = [];
  const take = (into: NamedNumbers[], key: string, what: string, names: readonly string[], numbers: UnitNumbers) => {
    missing.push(...missingNumbers(what, numbers, grid.ticks));
    into.push({ key, names, ...numbers });
  };
  for (const { id, name, role, components } of exportedSeries(series)) {
    const into = role === 'state' ? state : role === 'action' ? action : others;
    const names = components.map((component) => `${featureName(name)}.${component}`);
    take(into, `observation.${featureName(name)}`, name, names, seriesRows(episode, id, grid));
  }
  for (const track of exportedTracks(tracks)) {
    const names = POSE.map((part) => `${featureName(track.name)}.${part}`);
    take(state, 'observation.state', track.name, names, poseRows(episode, track, grid));
  }
  const frames = grid.ticks.length;
  const numbers = [
    ...(state.length > 0 ? [sideBySide('observation.state', state, frames)] : []),
    ...(action.length > 0 ? [sideBySide('action', action, frames)] : []),
    // Two that are called the same are one, side by side: a table has one column of a name.
    ...[...new Set(others.map(({ key }) => key))].map((key) =>
      sideBySide(
        key,
        others.filter((one) => one.key === key),
        frames,
      ),
    ),
  ];
  return { numbers, missing };
}

/** 1 where a person was in control, by the recoveries that were marked: everything but the policy's own, and scripts. */
export function interventions(labels: Layer | null, ticks: Int32Array): Uint8Array {
  const recoveries = Object.values(labels?.recoveries ?? {}).filter(
    ({ controlMode }) => controlMode !== 'policy' && controlMode !== 'scripted',
  );
  return Uint8Array.from(ticks, (tick) =>
    Number(recoveries.some((one) => one.ticks[0] <= tick && tick <= one.ticks[1])),
  );
}

function sideBySide(key: string, parts: readonly NamedNumbers[], frames: number): NamedNumbers {
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const values = new Float64Array(frames * width);
  let column = 0;
  for (const part of parts) {
    for (let frame = 0; frame < frames; frame++) {
      const row = part.values.subarray(frame * part.width, (frame + 1) * part.width);
      values.set(row, frame * width + column);
    }
    column += part.width;
  }
  return { key, names: parts.flatMap(({ names }) => names), values, width };
}
