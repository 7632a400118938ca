import type { Series, Track } from '../../../shared/episode/episode.ts';
import { posesOfEuler } from '../common/euler.ts';
import { inWords } from '../common/hdf5-pictures.ts';
import { columnNames, pickColumns, plainSeries, type StepReader } from '../common/hdf5-steps.ts';
import type { StepRows } from '../common/step-rows.ts';
import { MASTER } from './clocks.ts';

const ACTION = 'action/';
const STATE = 'observation/robot_state/';
const CONTROLLER = 'observation/controller_info/';
/** Ends the id of the angles of a Cartesian pose, which have a unit of their own. */
const ROTATION = '/rotation';
/** Poses xyz and Euler angles, by dataset: the tracks of the 3D scene. */
const POSES = [
  { dataset: `${STATE}cartesian_position`, id: 'end_effector', name: 'End effector' },
  { dataset: `${ACTION}target_cartesian_position`, id: 'target', name: 'Target' },
  { dataset: `${ACTION}cartesian_position`, id: 'target', name: 'Target' },
];

export interface DroidSeries {
  series: Series[];
  tracks: Track[];
  values: Map<string, Float64Array>;
  poses: Map<string, Float64Array>;
}

/** What is plotted: the action, the robot's state and the controller's flags; the action's copy of the state is not. */
export function plottedDatasets(datasets: readonly string[]): string[] {
  const isPlotted = (name: string) =>
    (name.startsWith(ACTION) && !name.startsWith(`${ACTION}robot_state/`)) ||
    name.startsWith(STATE) ||
    name.startsWith(CONTROLLER);
  return datasets.filter(isPlotted);
}

export async function readSeries(reader: StepReader, datasets: readonly string[], steps: number): Promise<DroidSeries> {
  const found: DroidSeries = { series: [], tracks: [], values: new Map(), poses: new Map() };
  const read = new Map<string, StepRows>();
  for (const dataset of datasets) {
    const rows = await reader.read(dataset);
    if (!rows) continue;
    read.set(dataset, rows);
    add(dataset, rows);
  }
  for (const { dataset, id, name } of POSES) {
    const rows = read.get(dataset);
    if (rows?.columns !== 6 || found.poses.has(id)) continue;
    const base = { id, name, side: null, count: steps, clock: MASTER };
    found.tracks.push({ ...base, rule: 'nearest', quaternionOrder: 'xyzw', upAxis: 'z', projected: false });
    found.poses.set(id, posesOfEuler(rows.values, rows.columns));
  }
  return found;

  function add(dataset: string, rows: StepRows): void {
    const isAction = dataset.startsWith(ACTION);
    const isFlag = dataset.startsWith(CONTROLLER);
    const own = dataset.slice(dataset.lastIndexOf('/') + 1);
    const words = isAction ? `Action: ${own.replaceAll('_', ' ')}` : inWords(own);
    const role = isAction ? ('action' as const) : isFlag ? ('other' as const) : ('state' as const);
    const about = { role, count: steps, clock: MASTER };
    const isPose = /cartesian_position$/.test(own) && rows.columns === 6;
    if (!isPose) {
      const group = isFlag ? 'Controller' : words;
      const components = isFlag ? [words] : componentsOf(own, rows.columns);
      found.series.push(plainSeries({ ...about, id: dataset, name: words, group, unit: unitOf(own), components }));
      found.values.set(dataset, rows.values);
      return;
    }
    const rotation = `${words.replace(/ position$/, '')} rotation`;
    const position = { ...about, id: dataset, name: words, group: words, unit: 'm', components: ['x', 'y', 'z'] };
    const angles = { ...about, id: `${dataset}${ROTATION}`, name: rotation, group: rotation, unit: 'rad' };
    found.series.push(plainSeries(position), plainSeries({ ...angles, components: ['roll', 'pitch', 'yaw'] }));
    found.values.set(dataset, pickColumns(rows, [0, 1, 2]));
    found.values.set(angles.id, pickColumns(rows, [3, 4, 5]));
  }
}

function componentsOf(own: string, columns: number): string[] {
  if (/^joint|^motor|torque/.test(own)) return Array.from({ length: columns }, (_, i) => `joint ${i + 1}`);
  if (/^cartesian_velocity$/.test(own) && columns === 6) return ['x', 'y', 'z', 'roll', 'pitch', 'yaw'];
  return columnNames(inWords(own), columns);
}

/** Velocities of actions are shares of the controller's largest, so they have none. */
function unitOf(own: string): string {
  if (/^joint_positions?$/.test(own)) return 'rad';
  if (own === 'joint_velocities') return 'rad/s';
  if (/torques/.test(own)) return 'N·m';
  return /gripper_position$/.test(own) ? '0…1' : '';
}
