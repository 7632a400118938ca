import type { MadeUnit } from './make-unit.ts';
import { featureName } from './unit-numbers.ts';

const FOLDERS = { rollout: 'rollouts', failure: 'failures', recovery: 'recoveries', segment: 'segments' } as const;

/** A unit with the folder it has in a Regrasp bundle: "recoveries/0003-insert_2026-05-11_episode_007". */
export interface NamedUnit extends MadeUnit {
  readonly id: string;
  readonly folder: string;
}

/** In the plan's order; numbered, so that no two recordings' names can meet. */
export function namedUnits(units: readonly MadeUnit[]): NamedUnit[] {
  return units.map((made, at) => {
    const stem = made.unit.path.replace(/\.[^./]+$/, '').replace(/^data\//, '');
    const id = `${String(at + 1).padStart(4, '0')}-${featureName(stem).slice(0, 80)}`;
    return { ...made, id, folder: `${FOLDERS[made.unit.kind]}/${id}` };
  });
}
