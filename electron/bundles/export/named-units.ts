import { INNER } from '../../../shared/episode/name-within.ts';
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
    const id = `${String(at + 1).padStart(4, '0')}-${featureName(stemOf(made.unit.path)).slice(0, 80)}`;
    return { ...made, id, folder: `${FOLDERS[made.unit.kind]}/${id}` };
  });
}

/** Without endings of files; of a recording that is one of several in a file, the recording's name is what tells it from those. */
function stemOf(path: string): string {
  const [file = '', ...inner] = path.split(INNER);
  return [file.replace(/\.[^./]+$/, '').replace(/^data\//, ''), ...inner].join('_');
}
