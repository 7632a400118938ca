import type { Series, Track } from '../../../shared/episode/episode.ts';
import { posesOf, type StepRows } from '../common/step-rows.ts';
import { limitsOf, type RobotProfile } from './profile.ts';
import type { OopsieArray, OopsieFile } from './read.ts';

export const STEPS = 'steps';
/** More columns than a plot can tell apart. */
const MAX_COLUMNS = 64;

interface Found {
  series: Series[];
  tracks: Track[];
  values: Map<string, Float64Array>;
  poses: Map<string, Float64Array>;
  /** Arrays that are there and not drawn, for the metadata. */
  notDrawn: Record<string, string>;
}

const TITLES: Record<string, string> = {
  joint_position: 'joint positions',
  joint_velocity: 'joint velocities',
  cartesian_velocity: 'tool velocity',
  gripper_position: 'gripper',
  gripper_velocity: 'gripper velocity',
  gripper_binary: 'gripper command',
  base_position: 'base',
  base_velocity: 'base velocity',
};
const TWIST = ['vx', 'vy', 'vz', 'wx', 'wy', 'wz'];
const POSE_WIDTH = 7;

/** Plots and poses of everything recorded by step. */
export function findSeries({ arrays, steps, found: { profile } }: OopsieFile): Found {
  const found: Found = { series: [], tracks: [], values: new Map(), poses: new Map(), notDrawn: {} };
  for (const array of arrays) {
    const { rows, path, key } = array;
    if (!rows || rows.columns === 0) continue;
    if (rows.columns > MAX_COLUMNS) {
      found.notDrawn[path] = `${array.dataset.shape.join(' × ')} ${array.dataset.dtype}, not drawn`;
    } else if (key.endsWith('cartesian_position') && (rows.columns === POSE_WIDTH || rows.columns === 2 * POSE_WIDTH)) {
      addPoses(array, rows);
    } else addPlain(array, rows);
  }
  return found;

  function addPlain({ path, key, role }: OopsieArray, rows: StepRows): void {
    const title = TITLES[key] ?? key.replaceAll('_', ' ');
    const group = role === 'additional' ? key : capital(role === 'action' ? `action: ${title}` : title);
    const components = namesOf(key, role, rows.columns, profile);
    const limits = key === 'joint_position' && profile ? limitsOf(profile, components) : null;
    const about = { group, role: role === 'additional' ? ('other' as const) : role, unit: '', components };
    add(path, group, about, rows.values, limits);
  }

  /** Position and rotation of each arm, and the poses of the arm in the scene. The quaternion's scalar stands last. */
  function addPoses({ path, role }: OopsieArray, rows: StepRows): void {
    const arms = rows.columns === POSE_WIDTH ? ([null] as const) : (['left', 'right'] as const);
    arms.forEach((side, arm) => {
      const body = side ? `${side} tool` : 'tool';
      const at = arm * POSE_WIDTH;
      const id = side ? `${path}/${side}` : path;
      const isAction = role === 'action';
      const named = (what: string) => capital(isAction ? `action: ${body} ${what}` : `${body} ${what}`);
      const kind = isAction ? ('action' as const) : ('state' as const);
      const position = { group: named('position'), role: kind, unit: 'm', components: ['x', 'y', 'z'] };
      const rotation = { group: named('rotation'), role: kind, unit: '', components: ['qx', 'qy', 'qz', 'qw'] };
      add(`${id}/position`, position.group, position, columnsOf(rows, at, 3), null);
      add(`${id}/rotation`, rotation.group, rotation, columnsOf(rows, at + 3, 4), null);
      const name = capital(isAction ? `commanded ${body}` : body);
      const base = { id, name, side, count: steps, clock: STEPS };
      const frame = { rule: 'nearest', quaternionOrder: 'xyzw', upAxis: 'z', projected: false } as const;
      found.tracks.push({ ...base, ...frame });
      found.poses.set(id, posesOf(steps, { ...rows, at }, { ...rows, at: at + 3 }, 'xyzw'));
    });
  }

  function add(
    id: string,
    name: string,
    about: Pick<Series, 'group' | 'role' | 'unit' | 'components'>,
    values: Float64Array,
    limits: Series['limits'],
  ): void {
    found.series.push({ id, name, ...about, limits, display: 'lines', count: steps, clock: STEPS });
    found.values.set(id, values);
  }
}

function namesOf(key: string, role: OopsieArray['role'], columns: number, profile: RobotProfile | null): string[] {
  const joints = role === 'action' ? profile?.actionJointNames : profile?.stateJointNames;
  if (key.startsWith('joint_') && joints?.length === columns) return joints;
  if (key === 'cartesian_velocity' && columns === 6) return TWIST;
  if (key === 'cartesian_velocity' && columns === 12)
    return ['left', 'right'].flatMap((arm) => TWIST.map((axis) => `${arm} ${axis}`));
  if (key.startsWith('base_') && columns === 3) return ['x', 'y', 'yaw'];
  if (key.startsWith('gripper_') && columns === 1) return ['gripper'];
  if (key.startsWith('gripper_') && columns === 2) return ['left', 'right'];
  return Array.from({ length: columns }, (_, i) => (key.startsWith('joint_') ? `joint ${i}` : String(i)));
}

function columnsOf({ values, columns }: StepRows, from: number, count: number): Float64Array {
  const steps = values.length / columns;
  const picked = new Float64Array(steps * count);
  for (let step = 0; step < steps; step++) {
    const start = step * columns + from;
    picked.set(values.subarray(start, start + count), step * count);
  }
  return picked;
}

function capital(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}
