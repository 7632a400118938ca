import type { JointColumn } from './schema.ts';

const COMMANDED = /action|target|command|cmd|desired|goal|setpoint/i;
const QUANTITIES: [name: RegExp, group: string, commanded: string][] = [
  [/grip|finger/i, 'Gripper', 'Actions: gripper'],
  [/vel|speed|_dq|^dq/i, 'Joint velocities', 'Actions: velocities'],
  [/effort|torque|tau|current/i, 'Joint efforts', 'Actions: efforts'],
  [/force|wrench|ft_/i, 'Forces', 'Actions: forces'],
  [/joint|pos|_q\d|^q\d|state|axis|shoulder|elbow|wrist|waist|_rad|_deg/i, 'Joint positions', 'Actions'],
];
const UNITS: [name: RegExp, unit: string][] = [
  [/_rad(_?per_?s|_s|ps)$/i, 'rad/s'],
  [/_deg(_?per_?s|_s|ps)$/i, '°/s'],
  [/_rad$/i, 'rad'],
  [/_deg$/i, '°'],
  [/_nm$/i, 'N·m'],
  [/_mm$/i, 'mm'],
  [/_m$/i, 'm'],
];

/** Group, role and unit of a column by its name, for what the session does not declare; "" is a unit nobody said. */
export function guessColumn(name: string): Required<Pick<JointColumn, 'group' | 'role' | 'unit'>> {
  const isCommanded = COMMANDED.test(name);
  const unit = UNITS.find(([ending]) => ending.test(name))?.[1] ?? '';
  const quantity = QUANTITIES.find(([word]) => word.test(name));
  if (isCommanded) return { group: quantity?.[2] ?? 'Actions', role: 'action', unit };
  return quantity ? { group: quantity[1], role: 'state', unit } : { group: 'Other', role: 'other', unit };
}
