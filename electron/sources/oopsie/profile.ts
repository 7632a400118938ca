import { isRecord, type Json } from '../common/json-file.ts';

/** What a robot profile says, as far as it can be used. Fields that are missing or of another type are empty. */
export interface RobotProfile {
  /** As written, for the rules and for people. */
  tree: Record<string, Json>;
  policyName: string;
  robotName: string;
  gripperName: string;
  isBiarm: boolean;
  usesMobileBase: boolean;
  /** Hz; null where it is missing or no rate. */
  controlFreq: number | null;
  cameras: string[];
  stateKeys: string[];
  actionSpace: string[];
  stateJointNames: string[] | null;
  actionJointNames: string[] | null;
  /** Sensors beyond the cameras, by key. */
  additional: Record<string, { sensor: string; format: string }>;
}

const MAX_LIST = 256;
const MAX_TEXT = 4096;
const MAX_DEPTH = 8;
const MAX_VALUES = 5000;
/** No robot is commanded faster. */
const MAX_RATE_HZ = 10_000;

/** One half-sentence when a profile is so large or deep that nobody wrote it for a robot; null when it may be used. */
export function absurdity(tree: Json): string | null {
  let values = 0;
  const look = (value: Json, depth: number, where: string): string | null => {
    if (++values > MAX_VALUES) return `it holds more than ${MAX_VALUES} values`;
    if (typeof value === 'string' && value.length > MAX_TEXT) return `${where} is ${value.length} characters long`;
    if (typeof value !== 'object' || value === null) return null;
    if (depth > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`;
    if (Array.isArray(value) && value.length > MAX_LIST) return `${where} lists ${value.length} things`;
    for (const [key, child] of Object.entries(value)) {
      const reason = look(child, depth + 1, Array.isArray(value) ? where : key);
      if (reason) return reason;
    }
    return null;
  };
  return look(tree, 0, 'it');
}

export function profileOf(tree: Record<string, Json>): RobotProfile {
  const text = (key: string) => (typeof tree[key] === 'string' ? (tree[key] as string) : '');
  const additional: RobotProfile['additional'] = {};
  if (isRecord(tree.additional_data)) {
    for (const [key, entry] of Object.entries(tree.additional_data)) {
      const { sensor, format } = isRecord(entry) ? entry : {};
      additional[key] = { sensor: String(sensor ?? ''), format: String(format ?? '') };
    }
  }
  return {
    tree,
    policyName: text('policy_name'),
    robotName: text('robot_name'),
    gripperName: text('gripper_name'),
    isBiarm: tree.is_biarm === true,
    usesMobileBase: tree.uses_mobile_base === true,
    controlFreq: isRate(tree.control_freq) ? tree.control_freq : null,
    cameras: textsOf(tree.camera_names) ?? [],
    stateKeys: textsOf(tree.robot_state_keys) ?? [],
    actionSpace: textsOf(tree.action_space) ?? [],
    stateJointNames: textsOf(tree.robot_state_joint_names) ?? textsOf(tree.observation_joint_names),
    actionJointNames: textsOf(tree.action_joint_names),
    additional,
  };
}

export function isRate(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= MAX_RATE_HZ;
}

function textsOf(value: Json | undefined): string[] | null {
  if (!Array.isArray(value)) return null;
  return value.filter((each) => typeof each === 'string');
}

/**
 * Limits by column, where a profile gives them: the format has no such field, but labs add `joint_limits` as a list of
 * [lower, upper], as {lower: [], upper: []} or by joint name.
 */
export function limitsOf(
  { tree }: RobotProfile,
  names: readonly string[],
): ({ min: number; max: number } | null)[] | null {
  const given = tree.joint_limits ?? tree.robot_state_joint_limits;
  if (!given || typeof given !== 'object') return null;
  const limits = names.map((name, i) => {
    if (Array.isArray(given)) return pairOf(given[i]);
    if (name in given) return pairOf(given[name]);
    const { lower, upper } = given;
    return Array.isArray(lower) && Array.isArray(upper) ? pairOf([lower[i] ?? null, upper[i] ?? null]) : null;
  });
  return limits.some((limit) => limit !== null) ? limits : null;
}

function pairOf(value: Json | undefined): { min: number; max: number } | null {
  const [min, max] = Array.isArray(value)
    ? value
    : isRecord(value)
      ? [value.lower ?? value.min, value.upper ?? value.max]
      : [];
  return typeof min === 'number' && typeof max === 'number' && min < max ? { min, max } : null;
}
