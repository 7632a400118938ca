import type { Problem } from '../../../shared/episode/episode.ts';
import { worstQuaternion } from '../common/step-rows.ts';
import { type CheckFindings, type OpenedEpisode, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { type DemoFile, readDemoFile, samplesOf } from './demos.ts';

/** robomimic's own bound of actions, with what float32 may round. */
const BOUND = 1 + 1e-6;
const UNIT_TOLERANCE = 1e-2;

/** The demonstration's own arrays, and, told with the first of a file, what the file says of all of them. */
export async function checkRobomimic(
  file: OpenFile,
  { episode, values }: OpenedEpisode,
  ports: SourcePorts,
): Promise<CheckFindings> {
  let all: DemoFile;
  try {
    all = await readDemoFile(file, ports);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    // Opening has said why.
    return { problems: [] };
  }
  const problems: Problem[] = [];
  const add = (severity: Problem['severity'], code: string, what: string, stream?: string) =>
    problems.push({ severity, code, message: `${file.name}: ${what}`, ...(stream ? { stream } : {}) });
  const actions = `data/${file.inner}/actions`;
  const action = episode.series.find(({ id }) => id === actions);
  const numbers = values.get(actions);
  if (action && numbers) {
    const outside = numbers.findIndex((value) => Math.abs(value) > BOUND);
    if (outside >= 0) {
      const step = Math.floor(outside / action.components.length);
      const count = numbers.reduce((sum, value) => sum + Number(Math.abs(value) > BOUND), 0);
      const value = (numbers[outside] as number).toFixed(3);
      add(
        'error',
        'action-range',
        `${file.inner} has ${count} actions outside of −1…1, the first ${value} at step ${step}: robomimic expects them normalised.`,
        actions,
      );
    }
  }
  for (const { id } of episode.tracks) {
    const quaternion = values.get(`data/${file.inner}/obs/${id}_quat`);
    if (!quaternion) continue;
    const worst = worstQuaternion({ values: quaternion, columns: 4, at: 0 }, UNIT_TOLERANCE);
    if (worst.count === 0) continue;
    add(
      'error',
      'quaternion-length',
      `${file.inner}: ${id}_quat has ${worst.count} quaternions whose length is not 1 (${worst.length.toFixed(3)} at step ${worst.step}): they are no rotations.`,
      id,
    );
  }
  if (file.inner === all.demos[0]) wholeFile(all, add);
  const masks = [...all.masks].map(([key, demos]) => `${key} ${demos.length}`);
  const notes = [
    `${file.name}: ${all.demos.length} demonstrations, ${all.environment.name ?? 'no environment named'}, ${all.rate.hz} Hz (${all.rate.where})`,
    ...(masks.length > 0 ? [`Masks: ${masks.join(', ')}`] : []),
  ];
  return { problems, notes };
}

type Add = (severity: Problem['severity'], code: string, what: string) => void;

/** Sums, masks and the environment: once a file. */
function wholeFile({ tree, demos, masks, environment }: DemoFile, add: Add): void {
  const total = tree.groups.data?.attributes.total;
  const counts = demos.map((demo) => samplesOf(tree, demo) ?? 0);
  const sum = counts.reduce((all, count) => all + count, 0);
  if (total === undefined) add('warning', 'missing-count', 'data states no total: write the sum of all num_samples.');
  else if (total !== sum) {
    add(
      'error',
      'total-mismatch',
      `data states ${String(total)} samples in total, the demonstrations ${sum} together: write total anew.`,
    );
  }
  if (environment.args === null) {
    add(
      'warning',
      'missing-environment',
      'data states no env_args that can be read: policies cannot be rolled out from this file.',
    );
  }
  const known = new Set(demos);
  for (const [key, names] of masks) {
    const missing = names.filter((name) => !known.has(name));
    if (missing.length > 0) {
      const some = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ' …' : '');
      add(
        'error',
        'mask-unknown',
        `mask/${key} names ${some}, not among the ${demos.length} demonstrations: write the mask anew.`,
      );
    }
    const twice = names.length - new Set(names).size;
    if (twice > 0)
      add('warning', 'mask-repeats', `mask/${key} names ${twice} demonstrations twice: write the mask anew.`);
  }
  const train = masks.get('train');
  const both = masks.get('valid')?.filter((name) => train?.includes(name)) ?? [];
  if (both.length > 0) {
    add(
      'error',
      'mask-overlap',
      `mask/train and mask/valid share ${both.length} demonstrations (${both.slice(0, 5).join(', ')}): validation would see what was trained on.`,
    );
  }
}
