import { worstQuaternion } from '../common/step-rows.ts';
import type { OopsieArray } from './read.ts';
import type { Findings } from './rule.ts';

const UNIT_TOLERANCE = 1e-2;
const MAX_ADDITIONAL_BYTES = 100 * 2 ** 20;
const BYTES: Record<string, number> = {
  ...{ float16: 2, float32: 4, float64: 8, int8: 1, int16: 2, int32: 4, int64: 8, bool: 1 },
  ...{ uint8: 1, uint16: 2, uint32: 4, uint64: 8 },
};

/** Rules of the numbers themselves; equal lengths and finite values are told by opening. */
export function checkArrays(findings: Findings): void {
  const { arrays, found, variant } = findings.read;
  if (variant === 'legacy') return;
  const isBiarm = found.profile?.isBiarm;
  for (const array of arrays) {
    checkJoints(findings, array);
    if (array.key === 'cartesian_position' && array.role !== 'additional') checkPoses(findings, array, isBiarm);
    if (array.key === 'cartesian_velocity' && array.role === 'action') checkTwists(findings, array, isBiarm);
    if (array.key === 'gripper_binary' && array.role === 'action') checkBinary(findings, array);
  }
  const bytes = arrays
    .filter(({ role }) => role === 'additional')
    .reduce(
      (sum, { dataset }) => sum + dataset.shape.reduce((product, size) => product * size, BYTES[dataset.dtype] ?? 8),
      0,
    );
  if (bytes > MAX_ADDITIONAL_BYTES) {
    findings.error(
      'additional-size',
      `its additional data unpack to ${(bytes / 2 ** 20).toFixed(1)} MiB where 100 MiB are taken: record less of it, or as a video.`,
    );
  }
}

function checkJoints(findings: Findings, { key, role, path, dataset }: OopsieArray): void {
  const { profile } = findings.read.found;
  const names = role === 'state' ? profile?.stateJointNames : role === 'action' ? profile?.actionJointNames : null;
  if (!key.startsWith('joint_') || !names) return;
  const width = dataset.shape.at(-1) ?? 0;
  if (names.length === width) return;
  const field = role === 'state' ? 'robot_state_joint_names' : 'action_joint_names';
  findings.error('joint-names', `${path} has ${width} columns for ${names.length} names in ${field}.`, path);
}

function checkPoses(findings: Findings, { path, dataset, rows }: OopsieArray, isBiarm: boolean | undefined): void {
  const width = dataset.shape.length === 2 ? (dataset.shape[1] ?? 0) : 0;
  const wanted = isBiarm === undefined ? [7, 14] : [isBiarm ? 14 : 7];
  if (!wanted.includes(width)) {
    const shape = dataset.shape.join(' × ');
    findings.error(
      'pose-width',
      `${path} is ${shape} where T × ${wanted.join(' or ')} is expected (x y z qx qy qz qw an arm).`,
      path,
    );
    return;
  }
  if (!rows) return;
  for (let at = 3; at < width; at += 7) {
    const worst = worstQuaternion({ ...rows, at }, UNIT_TOLERANCE);
    if (worst.count === 0) continue;
    const amount = `${worst.count} quaternion${worst.count === 1 ? '' : 's'} in columns ${at} to ${at + 3}`;
    findings.error(
      'quaternion-length',
      `${path} has ${amount} whose length is not 1 within ${UNIT_TOLERANCE} (${worst.length.toFixed(3)} at step ${worst.step}).`,
      path,
    );
  }
}

function checkTwists(findings: Findings, { path, dataset }: OopsieArray, isBiarm: boolean | undefined): void {
  const width = dataset.shape.at(-1) ?? 0;
  const wanted = isBiarm === undefined ? [6, 12] : [isBiarm ? 12 : 6];
  if (dataset.shape.length === 2 && wanted.includes(width)) return;
  findings.error(
    'velocity-width',
    `${path} is ${dataset.shape.join(' × ')} where T × ${wanted.join(' or ')} is expected (3 linear and 3 angular an arm).`,
    path,
  );
}

function checkBinary(findings: Findings, { path, rows }: OopsieArray): void {
  if (!rows) return;
  const isWrong = (value: number) => value !== 0 && value !== 1 && !Number.isNaN(value);
  const first = rows.values.findIndex(isWrong);
  if (first < 0) return;
  const count = rows.values.filter(isWrong).length;
  const step = Math.floor(first / rows.columns);
  findings.error(
    'gripper-binary',
    `${path} has ${count} value${count === 1 ? '' : 's'} other than 0 and 1 (${rows.values[first]} at step ${step}).`,
    path,
  );
}
