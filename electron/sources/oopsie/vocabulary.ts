/** The names of the format: what may stand where, and what older files wrote instead. */

export const STATE_KEYS = ['joint_position', 'cartesian_position', 'gripper_position', 'base_position'] as const;

export const ARM_ACTIONS = ['joint_position', 'joint_velocity', 'cartesian_position', 'cartesian_velocity'] as const;
export const GRIPPER_ACTIONS = ['gripper_position', 'gripper_velocity', 'gripper_binary'] as const;
export const BASE_ACTIONS = ['base_position', 'base_velocity'] as const;
export const ACTION_KEYS: readonly string[] = [...ARM_ACTIONS, ...BASE_ACTIONS, ...GRIPPER_ACTIONS];

export const ORIENTATIONS: readonly string[] = [
  ...['quat', 'matrix', 'rot6d', 'rotvec'],
  ...['xyz', 'zyx', 'xyx', 'XYZ', 'ZYX', 'XYX'].map((axes) => `euler_${axes}`),
];

export const OUTCOMES: readonly string[] = ['success', 'success_suboptimal', 'success_side_effect', 'failure'];

/** Categories by slug, with what the first taxonomy wrote for them (told by its beginning). */
const CATEGORIES: Record<string, string> = {
  reaching: 'reaching failure',
  grasp: 'grasp failure',
  manipulation: 'manipulation failure',
  sequencing_semantic: 'sequencing or semantic failure',
  collision: 'collision failure',
  hardware: 'hardware/mechanical issue',
  not_attempted: 'task not attempted',
  other: 'other',
};
const SEVERITIES: Record<string, string> = {
  low: 'low severity',
  medium: 'medium severity',
  catastrophic: 'catastrophic',
};
const SUCCESSES: Record<string, string> = {
  success: 'clean success',
  success_side_effect: 'success with side-effects',
  success_suboptimal: 'suboptimal execution',
};

export const CATEGORY_SLUGS = Object.keys(CATEGORIES);
/** Only time ranges made by a model know this one. */
export const SEGMENT_CATEGORY_SLUGS = [...CATEGORY_SLUGS, 'sudden_termination'];
/** The mildest first. */
export const SEVERITY_SLUGS = Object.keys(SEVERITIES);

/** Slug of a category as any version wrote it; undefined for a word that none knows. */
export function categorySlug(word: string): string | undefined {
  return slugOf(CATEGORIES, word);
}

export function severitySlug(word: string): string | undefined {
  return slugOf(SEVERITIES, word);
}

/** Of the first taxonomy's success categories. */
export function outcomeSlug(word: string): string | undefined {
  return slugOf(SUCCESSES, word);
}

function slugOf(prose: Record<string, string>, word: string): string | undefined {
  const plain = word.trim().toLowerCase();
  if (Object.hasOwn(prose, plain)) return plain;
  return Object.keys(prose).find((slug) => slug !== 'other' && plain.startsWith(prose[slug] as string));
}
