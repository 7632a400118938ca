import path from 'node:path';
import type { Problem } from '../../../shared/episode/episode.ts';
import { isRecord, type Json } from '../common/json-file.ts';
import type { CheckFindings, OpenedEpisode, OpenFile, SourcePorts } from '../source.ts';
import { stampedCameras } from './clocks.ts';
import { findCompanions, ROLES } from './companions.ts';
import { outcomeOfFolders } from './place.ts';

const GRIPPER_SLACK = 0.05;
const GRIPPER = 'observation/robot_state/gripper_position';
const REQUIRED = ['uuid', 'lab', 'success', 'trajectory_length', 'current_task'];

/** That metadata, trajectory and videos speak of one episode, beyond what opening tells of counts, clocks and values. */
export async function checkDroid(
  file: OpenFile,
  { episode, values }: OpenedEpisode,
  ports: SourcePorts,
): Promise<CheckFindings> {
  const tree = await ports.hdf5.inspect(file.path).catch(() => null);
  // Opening has said why.
  if (!tree) return { problems: [] };
  const { metadata, cameras, unread } = await findCompanions(file, ports, stampedCameras(tree));
  const problems: Problem[] = [];
  const add = (severity: Problem['severity'], code: string, message: string) =>
    problems.push({ severity, code, message });
  const steps = episode.clocks[0]?.count ?? 0;
  if (metadata) {
    const { name } = metadata;
    const facts = metadata.values;
    const absent = REQUIRED.filter((key) => facts[key] === undefined || facts[key] === null);
    if (absent.length > 0) add('warning', 'missing-metadata', `${name} states no ${absent.join(', ')}: write it in.`);
    const length = facts.trajectory_length;
    if (typeof length === 'number' && length !== steps) {
      add(
        'error',
        'count-mismatch',
        `${name} states a trajectory of ${length} steps, ${file.name} holds ${steps}: one of the two is of another episode.`,
      );
    }
    const folders = outcomeOfFolders(file.pathBelowRoot);
    if (typeof facts.success === 'boolean' && folders !== null && folders !== (facts.success ? 'success' : 'failure')) {
      const message = `${name} states success = ${facts.success}, but the episode lies in the folder ${folders}: move it or correct the metadata.`;
      problems.push({ severity: 'error', code: 'outcome-mismatch', message, isJudgement: true });
    }
    if (typeof facts.uuid === 'string' && facts.uuid !== '' && !name.includes(facts.uuid)) {
      add(
        'warning',
        'uuid-mismatch',
        `${name} is the metadata of ${facts.uuid} by its content: look whether it was copied from another episode.`,
      );
    }
    problems.push(...pathProblems(name, facts));
    for (const role of ROLES) {
      const serial = facts[`${role}_cam_serial`];
      const isStamped = tree.datasets[`observation/timestamp/cameras/${String(serial)}_estimated_capture`];
      if (serial === undefined || serial === null || serial === '' || isStamped) continue;
      add(
        'warning',
        'no-timestamps',
        `${file.name} holds no stamps of the ${role} camera ${String(serial)}, so its frames are shown one a step.`,
      );
    }
  }
  const counts = new Map(
    episode.streams.filter(({ fault }) => !fault).map(({ id, count }) => [path.posix.basename(id), count]),
  );
  const all = [...counts.values()];
  if (all.length > 1 && Math.max(...all) - Math.min(...all) > 1) {
    const each = [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
    add(
      'warning',
      'count-mismatch',
      `The videos of ${episode.name} differ by more than one frame within the ${steps} steps (${each}): frames were lost.`,
    );
  }
  const out = values.get(GRIPPER)?.find((value) => value < -GRIPPER_SLACK || value > 1 + GRIPPER_SLACK);
  if (out !== undefined) {
    add(
      'warning',
      'gripper-range',
      `${file.name}: ${GRIPPER} reaches ${out.toFixed(2)}: grippers are 0 open to 1 closed.`,
    );
  }
  const notes = [
    `${file.name}: ${steps} steps, ${cameras.length} cameras`,
    ...(unread.length > 0 ? [`Not read, for the camera maker's tools alone: ${unread.join(', ')}`] : []),
  ];
  return { problems, notes, judgements: [`${file.name}: ${episode.outcome ?? 'no outcome stated'}`] };
}

/** Paths are below the lab's folder: whole ones, and ones that climb, are not followed. */
function pathProblems(name: string, facts: Record<string, Json>): Problem[] {
  const paths = Object.entries(facts).filter(([key]) => /_path$/.test(key));
  return paths.flatMap(([key, value]): Problem[] => {
    if (typeof value !== 'string' || isRecord(value)) return [];
    const isWhole = /^([\\/]|[A-Za-z]:|~)/.test(value);
    const climbs = value.split(/[\\/]/).includes('..');
    if (!isWhole && !climbs) return [];
    const message = `${name}: ${key} is ${value}, which leads outside of the episode and was not read: write it relative to the lab's folder.`;
    return [{ severity: 'error', code: 'outside', message }];
  });
}
