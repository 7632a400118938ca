import type { Problem } from '../../../shared/episode/episode.ts';
import { type CheckFindings, type OpenedEpisode, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';
import { ACTION, EFFORT, gripperSeries, JOINTS, VELOCITIES } from './series.ts';

/** A joint turned further than this was not written in radians. */
const MOST_RADIANS = 2 * Math.PI + 0.5;
const GRIPPER_SLACK = 0.5;
/** Steps in a row at the very largest effort, as a share of all, that are no accident. */
const SATURATED_SHARE = 0.05;
const FEWEST_STEPS = 20;
const STANDING_STILL = 1e-6;

/** What a person would mend before training, beyond missing arrays, counts and values that opening tells of. */
export async function checkAloha(
  file: OpenFile,
  { episode, values }: OpenedEpisode,
  { hdf5 }: SourcePorts,
): Promise<CheckFindings> {
  const problems: Problem[] = [];
  const warn = (code: string, message: string, stream?: string) =>
    problems.push({ severity: 'warning', code, message: `${file.name}: ${message}`, ...(stream ? { stream } : {}) });
  const cameras = episode.streams.filter(({ kind, fault }) => kind === 'color' && !fault);
  const sizes = new Set(cameras.map(({ width, height }) => `${width} × ${height}`));
  if (sizes.size > 1) {
    const each = cameras.map(({ id, width, height }) => `${id.split('/').at(-1)} ${width} × ${height}`).join(', ');
    warn('size-mismatch', `the cameras differ in size (${each}), and ACT stacks them: record or scale them alike.`);
  }
  for (const id of [JOINTS, ACTION]) {
    const worst = largest(values.get(id));
    if (worst > MOST_RADIANS) {
      warn('unit', `${id} reaches ${worst.toFixed(1)}, more than a turn: joints are written in radians.`, id);
    }
    const gripper = values.get(gripperSeries(id));
    const out = gripper?.find((value) => value < -GRIPPER_SLACK || value > 1 + GRIPPER_SLACK);
    if (out !== undefined) {
      warn('gripper-range', `a gripper of ${id} is at ${out.toFixed(2)}: grippers are normalised to 0…1.`, id);
    }
  }
  const steps = episode.clocks[0]?.count ?? 0;
  const joints = values.get(JOINTS);
  const jointColumns = columnsOf(episode, JOINTS);
  if (joints && steps >= FEWEST_STEPS && isStill(joints, jointColumns)) {
    warn(
      'no-motion',
      `${JOINTS} stays the same from the first step to the last: look whether the arms were on.`,
      JOINTS,
    );
  }
  problems.push(...saturation(file, episode, values.get(EFFORT), steps));
  problems.push(...(await lengthProblems(file, episode, hdf5)));
  return { problems, notes: notesOf(file, episode, values) };
}

function columnsOf({ series }: OpenedEpisode['episode'], id: string): number {
  return series.find((each) => each.id === id)?.components.length ?? 1;
}

function largest(values: Float64Array | undefined): number {
  return values?.reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0) ?? 0;
}

function isStill(values: Float64Array, columns: number): boolean {
  return values.every(
    (value, at) => at < columns || Math.abs(value - (values[at - columns] as number)) < STANDING_STILL,
  );
}

/** A motor at its limit repeats one largest value exactly; noise never does. */
function saturation(
  file: OpenFile,
  episode: OpenedEpisode['episode'],
  effort: Float64Array | undefined,
  steps: number,
): Problem[] {
  if (!effort || steps < FEWEST_STEPS) return [];
  const names = episode.series.find(({ id }) => id === EFFORT)?.components ?? [];
  return names.flatMap((name, column): Problem[] => {
    let most = 0;
    let held = 0;
    let first = -1;
    for (let step = 0; step < steps; step++) {
      const size = Math.abs(effort[step * names.length + column] as number);
      if (size > most) [most, held, first] = [size, 1, step];
      else if (size === most && most > 0) held++;
    }
    if (held < SATURATED_SHARE * steps || held < 5) return [];
    const message = `${file.name}: the effort of ${name} stands at its largest (${most.toFixed(1)}) for ${held} of ${steps} steps, from step ${first}: the motor was at its limit or blocked.`;
    return [{ severity: 'warning', code: 'saturated', message, stream: EFFORT }];
  });
}

/** `compress_len` (cameras × steps) tells how long each padded row is: no longer than the row. */
async function lengthProblems(
  file: OpenFile,
  { streams }: OpenedEpisode['episode'],
  hdf5: SourcePorts['hdf5'],
): Promise<Problem[]> {
  const padded = streams.filter(({ encoding, shape }) => encoding === 'jpeg' && shape.length === 2);
  if (padded.length === 0) return [];
  try {
    const { datasets } = await hdf5.inspect(file.path);
    const about = datasets.compress_len;
    if (about?.shape.length !== 2) return [];
    const { data, shape } = await hdf5.numbers(file.path, 'compress_len');
    const longest = Math.max(...padded.map(({ shape: [, bytes = 0] }) => bytes));
    const bad = data.findIndex((length) => !(length > 0 && length <= longest));
    if (bad < 0) return [];
    const [camera, step] = [Math.floor(bad / (shape[1] as number)), bad % (shape[1] as number)];
    const message = `${file.name}: compress_len gives ${data[bad]} bytes to frame ${step} of camera ${camera}, where a row has ${longest}: write it anew from the pictures.`;
    return [{ severity: 'error', code: 'length-mismatch', message, stream: 'compress_len' }];
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return [{ severity: 'error', code: error.code, message: error.message, stream: 'compress_len' }];
  }
}

function notesOf(file: OpenFile, episode: OpenedEpisode['episode'], values: OpenedEpisode['values']): string[] {
  const [clock] = episode.clocks;
  const period = clock?.medianPeriodNs;
  const rate = period ? 1e9 / period : 0;
  const notes = [`${file.name}: ${clock?.count ?? 0} steps, ${clock?.name ?? ''}, ${episode.streams.length} cameras`];
  const shown = rateByVelocity(values.get(JOINTS), values.get(VELOCITIES), columnsOf(episode, JOINTS));
  if (shown !== null && rate > 0) {
    notes.push(`By how far the joints move at their velocities the rate is about ${shown.toFixed(0)} Hz.`);
  }
  return notes;
}

/** The rate at which velocities best explain the steps between positions (least squares); null where nothing moves. */
export function rateByVelocity(
  positions: Float64Array | undefined,
  velocities: Float64Array | undefined,
  columns: number,
): number | null {
  if (!positions || positions.length !== velocities?.length) return null;
  let products = 0;
  let squares = 0;
  for (let at = columns; at < positions.length; at++) {
    const moved = (positions[at] as number) - (positions[at - columns] as number);
    const velocity = velocities[at] as number;
    if (Number.isNaN(moved) || Number.isNaN(velocity)) continue;
    products += moved * velocity;
    squares += moved * moved;
  }
  return squares > 1e-9 && products > 0 ? products / squares : null;
}
