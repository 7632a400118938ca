import type { Problem } from '../../../shared/episode/episode.ts';
import { type BuiltClock, nominalClock } from '../common/clocks.ts';
import { nthSmallest } from '../common/nth-smallest.ts';
import { gapWarning, recordedClock } from '../common/recorded-clock.ts';
import { keepStamps } from '../common/stamps.ts';
import { type Hdf5Tree, type OpenFile, SourceFault, type SourcePorts } from '../source.ts';

export const MASTER = 'robot';
const USUAL_HZ = 15;
const ROBOT = 'observation/timestamp/robot_state';
const STEP_START = 'observation/timestamp/control/step_start';
const CAMERA = /^observation\/timestamp\/cameras\/(.+)_estimated_capture$/;
/** Clocks without anything that ties them, further apart than this, were not set alike. */
const MAX_SECONDS_APART = 10;
/** Clocks of two machines this far apart are worth a warning, though it is taken out. */
const WORTH_TELLING_SECONDS = 1;

export interface DroidClocks {
  master: BuiltClock;
  /** By serial number; cameras without usable stamps go by the steps. */
  cameras: ReadonlyMap<string, BuiltClock>;
  startSeconds: number | null;
  rateHz: number;
  /** True where nothing was recorded and the rate is the usual one. */
  isAssumed: boolean;
  /** Seconds that the robot's clock is ahead of the workstation's, where both are known. */
  robotAheadSeconds: number | null;
  problems: Problem[];
}

/** Serial numbers that the trajectory holds stamps of. */
export function stampedCameras(tree: Hdf5Tree): string[] {
  return Object.keys(tree.datasets).flatMap((dataset) => CAMERA.exec(dataset)?.[1] ?? []);
}

/**
 * The robot's own stamps are the master. Cameras are stamped by the workstation's clock: it is laid on the robot's by the
 * times at which the workstation read the robot, and, without those, by the first stamps where the two are far apart.
 */
export async function buildClocks(
  file: OpenFile,
  tree: Hdf5Tree,
  { hdf5 }: SourcePorts,
  steps: number,
): Promise<DroidClocks> {
  const problems: Problem[] = [];
  const numbers = async (dataset: string): Promise<Float64Array | null> => {
    if (!tree.datasets[dataset]) return null;
    try {
      const { data, shape } = await hdf5.numbers(file.path, dataset);
      return shape.length <= 2 && data.length === (shape[0] ?? 0) ? fitted(data, steps) : null;
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      problems.push({ severity: 'error', code: error.code, message: error.message, stream: dataset });
      return null;
    }
  };
  const fromMs = (stamps: Float64Array | null) => stamps?.map((ms) => ms / 1000) ?? null;
  const seconds = await numbers(`${ROBOT}/robot_timestamp_seconds`);
  const nanos = await numbers(`${ROBOT}/robot_timestamp_nanos`);
  const robot = seconds?.map((second, row) => second + (nanos?.[row] ?? 0) / 1e9) ?? null;
  const read = fromMs(await numbers(`${ROBOT}/read_start`));
  const workstation = read ?? fromMs(await numbers(STEP_START));
  const isRobot = robot !== null && keepStamps(robot) !== null;
  const masterSeconds = isRobot ? robot : workstation;
  const kept = masterSeconds && keepStamps(masterSeconds);
  const where = `${file.name}: the ${isRobot ? "robot's" : "workstation's"} clock`;
  let master: BuiltClock;
  if (masterSeconds && kept) {
    const words = { id: MASTER, name: isRobot ? 'Robot' : 'Control loop', where, row: 'step' };
    master = recordedClock(words, masterSeconds, kept, kept.firstSeconds, 0);
    const gaps = gapWarning(master, where);
    if (gaps) master.problems.push(gaps);
  } else {
    const hz = file.stated.rateHz ?? USUAL_HZ;
    const from = file.stated.rateHz === undefined ? 'assumed' : 'stated for this folder';
    master = nominalClock(MASTER, `Steps at ${hz} Hz (${from}: no stamps)`, steps, hz);
    const message = `${file.name} holds no usable stamps of the robot, so steps stand ${hz} a second: state the rate of this folder.`;
    if (steps > 0) master.problems.push({ severity: 'warning', code: 'no-timestamps', message });
  }
  problems.push(...master.problems.map((problem) => ({ ...problem, stream: MASTER })));
  const robotAheadSeconds = isRobot && read ? medianDifference(robot, read) : null;
  if (robotAheadSeconds !== null && Math.abs(robotAheadSeconds) > WORTH_TELLING_SECONDS) {
    const how = robotAheadSeconds > 0 ? 'ahead of' : 'behind';
    const message = `${file.name}: the robot's clock is ${Math.abs(robotAheadSeconds).toFixed(2)} s ${how} the workstation's; cameras are shifted by that: set both by one time server.`;
    problems.push({ severity: 'warning', code: 'clock-offset', message });
  }
  const cameras = new Map<string, BuiltClock>();
  for (const serial of stampedCameras(tree)) {
    const dataset = `observation/timestamp/cameras/${serial}_estimated_capture`;
    const stamps = fromMs(await numbers(dataset));
    const usable = stamps && keepStamps(stamps);
    if (!stamps || !usable || !kept) {
      if (stamps && !usable && steps > 1) {
        const message = `${file.name}: ${dataset} holds no usable stamps, so the camera's frames are shown one a step.`;
        problems.push({ severity: 'warning', code: 'clock-unusable', message, stream: dataset });
      }
      continue;
    }
    let origin = kept.firstSeconds - (robotAheadSeconds ?? 0);
    const apart = usable.firstSeconds - origin;
    if (Math.abs(apart) > MAX_SECONDS_APART) {
      const message = `${file.name}: ${serial} starts ${apart.toFixed(0)} s from the robot's first stamp and nothing ties the two clocks; its first frame is laid on the first step.`;
      problems.push({ severity: 'warning', code: 'clock-offset', message, stream: dataset });
      origin = usable.firstSeconds;
    }
    const words = {
      id: dataset,
      name: `Camera ${serial}`,
      where: `${file.name}: the clock of camera ${serial}`,
      row: 'frame',
    };
    const clock = recordedClock(words, stamps, usable, origin);
    problems.push(...clock.problems.map((problem) => ({ ...problem, stream: dataset })));
    cameras.set(serial, clock);
  }
  const period = master.clock.medianPeriodNs;
  return {
    master,
    cameras,
    startSeconds: kept && kept.firstSeconds > 1e9 ? kept.firstSeconds : null,
    rateHz: kept && period ? 1e9 / period : (file.stated.rateHz ?? USUAL_HZ),
    isAssumed: !kept && file.stated.rateHz === undefined,
    robotAheadSeconds,
    problems,
  };
}

/** One stamp a step: what is missing at the end is unwritten. */
function fitted(stamps: Float64Array, steps: number): Float64Array {
  const rows = new Float64Array(steps);
  rows.set(stamps.subarray(0, steps));
  return rows;
}

function medianDifference(a: Float64Array, b: Float64Array): number | null {
  const differences = a.map((value, row) => value - (b[row] as number)).filter(Number.isFinite);
  return differences.length === 0 ? null : nthSmallest(differences, differences.length >> 1);
}
