import type { Series } from '../../../shared/episode/episode.ts';
import { columnNames, pickColumns, plainSeries } from '../common/hdf5-steps.ts';
import type { StepRows } from '../common/step-rows.ts';

export const STEPS = 'steps';
export const JOINTS = 'observations/qpos';
export const VELOCITIES = 'observations/qvel';
export const EFFORT = 'observations/effort';
export const ACTION = 'action';
export const BASE_ACTION = 'base_action';
/** Ends the id of the series of a dataset's grippers. */
const GRIPPERS = '/grippers';

interface Known {
  name: string;
  role: Series['role'];
  unit: string;
  /** Of the grippers, which are normalised and so have a scale of their own; "" where all columns are alike. */
  gripperName: string;
  gripperUnit: string;
}

/** Datasets of one number a joint, by path. */
const KNOWN: Readonly<Record<string, Known>> = {
  [JOINTS]: { name: 'Joint positions', role: 'state', unit: 'rad', gripperName: 'Grippers', gripperUnit: '0…1' },
  [VELOCITIES]: {
    name: 'Joint velocities',
    role: 'state',
    unit: 'rad/s',
    gripperName: 'Gripper velocities',
    gripperUnit: '1/s',
  },
  [EFFORT]: { name: 'Joint efforts', role: 'state', unit: '', gripperName: '', gripperUnit: '' },
  [ACTION]: {
    name: 'Action: joints',
    role: 'action',
    unit: 'rad',
    gripperName: 'Action: grippers',
    gripperUnit: '0…1',
  },
};
export const EXPECTED = [JOINTS, VELOCITIES, ACTION];
export const NUMERIC = [ACTION, JOINTS, VELOCITIES, EFFORT, BASE_ACTION];

/** Of a ViperX arm, as its driver names them; the gripper follows. */
const ARM = ['waist', 'shoulder', 'elbow', 'forearm roll', 'wrist angle', 'wrist rotate'];
const ARM_COLUMNS = ARM.length + 1;

export interface NamedRows {
  series: Series;
  values: Float64Array;
}

/** The series of a dataset: joints and grippers apart where the columns are those of ViperX arms (7 an arm, left first). */
export function seriesOf(dataset: string, rows: StepRows, count: number): NamedRows[] {
  const about = { count, clock: STEPS };
  if (dataset === BASE_ACTION) {
    const components = rows.columns === 2 ? ['forward (m/s)', 'turn (rad/s)'] : columnNames('base', rows.columns);
    const series = plainSeries({
      ...about,
      id: dataset,
      name: 'Base action',
      group: 'Base action',
      role: 'action',
      components,
    });
    return [{ series, values: rows.values }];
  }
  const { name, role, unit, gripperName, gripperUnit } = KNOWN[dataset] as Known;
  const arms = sidesOf(rows.columns);
  const of = (id: string, words: string, itsUnit: string, components: string[], values: Float64Array): NamedRows => {
    return {
      series: plainSeries({ ...about, id, name: words, group: words, role, unit: itsUnit, components }),
      values,
    };
  };
  if (!arms) return [of(dataset, name, unit, columnNames(name, rows.columns), rows.values)];
  const names = arms.flatMap((side) => [...ARM, 'gripper'].map((part) => `${side}${part}`));
  if (gripperName === '') return [of(dataset, name, unit, names, rows.values)];
  const all = Array.from({ length: rows.columns }, (_, column) => column);
  const isGripper = (column: number) => column % ARM_COLUMNS === ARM.length;
  const named = (columns: number[]) => columns.map((column) => names[column] as string);
  const joints = all.filter((column) => !isGripper(column));
  const grippers = all.filter(isGripper);
  return [
    of(dataset, name, unit, named(joints), pickColumns(rows, joints)),
    of(`${dataset}${GRIPPERS}`, gripperName, gripperUnit, named(grippers), pickColumns(rows, grippers)),
  ];
}

export function gripperSeries(dataset: string): string {
  return `${dataset}${GRIPPERS}`;
}

/** What comes before the names of each arm's joints; null for another number of columns. */
function sidesOf(columns: number): string[] | null {
  if (columns === 2 * ARM_COLUMNS) return ['left ', 'right '];
  return columns === ARM_COLUMNS ? [''] : null;
}
