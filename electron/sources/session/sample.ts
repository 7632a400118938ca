import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { alignClocks, toReference } from '../../../shared/time/alignment.ts';
import { secondsToNs } from '../../../shared/time/nanoseconds.ts';
import { parquetTable, type TableColumn } from '../common/parquet-table.ts';
import { sampleNoise } from '../common/sample-noise.ts';
import type { SampleTools } from '../sample-tools.ts';
import { SESSION_COLUMN } from './joints.ts';
import { MANIFEST_FILE, SESSION_FILE, SESSION_SCHEMA } from './names.ts';
import type { JointColumn, Manifest, Session, SessionMarker } from './schema.ts';
import { manifestOf, mappedStream, prettyJson } from './write.ts';

const WIDTH_PX = 320;
const CAMERA_HZ = 30;
const JOINTS_HZ = 100;
/** The robot's clock counts from its start and runs fast against the wall's. */
const ROBOT_STARTED_SECONDS = 812.4;
const ROBOT_DRIFT = 38e-6;
const JOINTS = ['waist', 'shoulder', 'upper_arm', 'elbow', 'forearm', 'wrist', 'flange'];
const LIMIT_RAD = 3.15;

interface Plan {
  folder: string;
  session: string;
  startUnixSeconds: number;
  facts: Pick<Session, 'site' | 'shift' | 'operator' | 'robot' | 'checkpoint' | 'software_version' | 'environment'>;
  fails: boolean;
  /** Frames that the wrist camera lost, as shares of the length. */
  lost?: [from: number, to: number];
}

const PLANS: readonly Plan[] = [
  {
    folder: 'pick_place/2026-04-14/RG-0052',
    session: 'RG-0052',
    startUnixSeconds: 1_776_171_642.25,
    facts: {
      ...{ site: 'oakland-2', shift: 'night', operator: 'j.lee', robot: 'arm-03', checkpoint: 'place_v3/step_60000' },
      ...{ software_version: '2.4.1', environment: { lighting: 'dimmed', table: 'B', object: 'red block' } },
    },
    fails: true,
  },
  {
    folder: 'pick_place/2026-04-15/RG-0057',
    session: 'RG-0057',
    startUnixSeconds: 1_776_243_907.5,
    facts: {
      ...{ site: 'oakland-2', shift: 'day', operator: 'm.ortiz', robot: 'arm-01', checkpoint: 'place_v3/step_80000' },
      ...{ software_version: '2.4.1', environment: { lighting: 'daylight', table: 'A', object: 'red block' } },
    },
    fails: false,
    lost: [0.55, 0.65],
  },
];

/** Two sessions of one task: one with a failure, a hand-off and a recovery; one whose wrist camera lost frames. */
export async function writeSessionSample(directory: string, tools: SampleTools): Promise<void> {
  for (const [index, plan] of PLANS.entries()) {
    tools.onProgress?.(index / PLANS.length, `Recording ${plan.session}`);
    await writeOne(path.join(directory, plan.folder), plan, tools, sampleNoise(tools.seed + index));
  }
  tools.onProgress?.(1, 'Done');
}

async function writeOne(folder: string, plan: Plan, tools: SampleTools, noise: () => number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { failure } = tools.scene;
  const frames = Math.max(2, Math.round(tools.seconds * CAMERA_HZ));
  /** A camera that stamps its frames; stamps wobble by a few milliseconds. */
  const front = Float64Array.from({ length: frames }, (_, i) =>
    i === 0 ? 0 : i / CAMERA_HZ + (noise() - 0.5) * 0.004,
  );
  const [lostFrom, lostTo] = (plan.lost ?? [2, 2]).map((share) => share * tools.seconds) as [number, number];
  const wrist = Float64Array.from({ length: frames }, (_, i) => 0.011 + i / CAMERA_HZ).filter(
    (at) => at < lostFrom || at >= lostTo,
  );
  const rows = Math.max(2, Math.round(tools.seconds * JOINTS_HZ));
  const robotOf = (seconds: number) => ROBOT_STARTED_SECONDS + seconds / (1 + ROBOT_DRIFT);
  const own = Float64Array.from({ length: rows }, (_, i) => robotOf(0.004 + i / JOINTS_HZ));
  // Once a second the recorder notes both clocks, a millisecond apart at worst.
  const noted = Array.from({ length: 600 }, (_, i) => i);
  const robotNotes = noted.map(robotOf);
  const wallNotes = noted.map((second) => second + (noise() - 0.5) * 0.002);
  const { line, residual } = alignClocks(robotNotes, wallNotes);
  const joints = Float64Array.from(own, (seconds) => secondsToNs(toReference(line, seconds)));

  const unit = (seconds: number) => Number(seconds.toFixed(6));
  const stampsFile = (name: string, times: Float64Array): Promise<void> => {
    const lines = Array.from(times, (at, frame) => `${frame},${(plan.startUnixSeconds + at).toFixed(6)}`);
    return writeFile(path.join(folder, name), `frame,wall_time_s\n${lines.join('\n')}\n`);
  };
  await stampsFile('cam_front.timestamps.csv', front);
  await stampsFile('cam_wrist.timestamps.csv', wrist);
  // Frames stand where their written stamps say, to the microsecond.
  const written = (times: Float64Array) =>
    times.map((at) => secondsToNs(Number((plan.startUnixSeconds + at).toFixed(6)) - plan.startUnixSeconds));
  for (const [file, camera, times] of [
    ['cam_front.mp4', 'front', front],
    ['cam_wrist.mp4', 'left_wrist', wrist],
  ] as const) {
    await tools.writeVideo(path.join(folder, file), {
      ...{ width: WIDTH_PX, height: (WIDTH_PX * 3) / 4, rateHz: CAMERA_HZ },
      frames: pictures(tools, camera, times),
    });
  }
  const table = jointTable(tools, own, joints);
  await writeFile(path.join(folder, 'joints.parquet'), parquetTable(table.columns));

  const wall = { from: 'stamps' as const, unit: 's' as const, column: 'wall_time_s', origin_s: plan.startUnixSeconds };
  const shared = { ...wall, offset_s: 0, drift_ppm: 0, tied_by: 'shared clock' as const, residual: null };
  const markers: SessionMarker[] = [
    { name: 'Pick up the block', kind: 'task', start_s: 0, end_s: unit(failure.startSeconds), by: 'task list' },
    {
      name: 'Place it on the pad',
      kind: 'task',
      start_s: unit(failure.recoveredSeconds),
      end_s: unit(tools.seconds * 0.96),
      by: 'task list',
    },
  ];
  if (plan.fails) {
    markers.push(
      {
        name: 'Grasp slip',
        kind: 'failure',
        code: 'grasp_slip',
        start_s: unit(failure.startSeconds),
        end_s: unit(failure.handoffSeconds),
        by: 'monitor',
      },
      { name: 'Operator takes over', kind: 'handoff', start_s: unit(failure.handoffSeconds), by: 'j.lee' },
      {
        name: 'Recovery',
        kind: 'recovery',
        start_s: unit(failure.handoffSeconds),
        end_s: unit(failure.recoveredSeconds),
        by: 'j.lee',
      },
    );
  }
  const session: Session = {
    schema: SESSION_SCHEMA,
    session: plan.session,
    task: 'pick_place',
    instruction: 'Pick up the red block and place it on the blue pad.',
    ...plan.facts,
    outcome: plan.fails ? 'recovered' : 'success',
    start_unix_s: plan.startUnixSeconds,
    markers,
    notes: plan.fails
      ? [
          {
            text: 'Block slipped twice this shift; the left gel looks worn.',
            by: 'j.lee',
            at_s: unit((failure.handoffSeconds + failure.recoveredSeconds) / 2),
          },
        ]
      : [],
    streams: [
      { file: 'cam_front.mp4', kind: 'cam', name: 'front', clock: { ...shared, file: 'cam_front.timestamps.csv' } },
      { file: 'cam_wrist.mp4', kind: 'cam', name: 'wrist', clock: { ...shared, file: 'cam_wrist.timestamps.csv' } },
      {
        ...{ file: 'joints.parquet', kind: 'joints' },
        clock: {
          ...{ from: 'stamps', column: 'robot_time_s', unit: 's' },
          ...{
            origin_s: line.originSeconds,
            offset_s: line.offsetSeconds,
            drift_ppm: line.drift * 1e6,
            tied_by: 'paired stamps',
          },
          residual: { pairs: residual.pairs, rms_s: unit(residual.rmsSeconds), max_s: unit(residual.maxSeconds) },
        },
      },
    ],
    joints: table.described,
  };
  await writeFile(path.join(folder, SESSION_FILE), prettyJson(session));
  const counts: Record<string, number> = {
    'cam_front.mp4': front.length,
    'cam_wrist.mp4': wrist.length,
    'joints.parquet': rows,
  };
  const names = [SESSION_FILE, ...Object.keys(counts), 'cam_front.timestamps.csv', 'cam_wrist.timestamps.csv'];
  const files = await Promise.all(names.map((name) => describeFile(folder, name, counts[name])));
  const map = {
    'cam_front.mp4': mappedStream(written(front)),
    'cam_wrist.mp4': mappedStream(written(wrist)),
    'joints.parquet': mappedStream(joints, SESSION_COLUMN),
  };
  await writeFile(path.join(folder, MANIFEST_FILE), prettyJson(manifestOf(session, map, files, 'regrasp sample')));
}

async function describeFile(
  folder: string,
  name: string,
  count: number | undefined,
): Promise<Manifest['files'][number]> {
  const bytes = await readFile(path.join(folder, name));
  const role = name === SESSION_FILE ? 'session' : count === undefined ? 'raw' : 'stream';
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path: name, role, bytes: bytes.length, sha256, ...(count === undefined ? {} : { count }) };
}

function* pictures(tools: SampleTools, camera: string, times: Float64Array): Generator<Uint8Array> {
  for (const at of times) yield tools.scene.picture(camera, at, WIDTH_PX);
}

function jointTable(
  tools: SampleTools,
  own: Float64Array,
  joints: Float64Array,
): { columns: TableColumn[]; described: JointColumn[] } {
  const robots = Array.from(joints, (ns) => tools.scene.robot(ns / 1e9));
  // What is commanded comes a little before what is reached.
  const wanted = Array.from(joints, (ns) => tools.scene.robot(ns / 1e9 + 0.06));
  const columns: TableColumn[] = [
    { name: SESSION_COLUMN, type: 'int64', cells: Array.from(joints) },
    { name: 'robot_time_s', type: 'float64', cells: Array.from(own) },
  ];
  const described: JointColumn[] = [];
  const add = (name: string, about: Omit<JointColumn, 'name'>, cells: number[]) => {
    columns.push({ name, type: 'float32', cells });
    described.push({ name, ...about });
  };
  const sides = ['left', 'right'];
  for (const [states, prefix, role] of [
    [robots, '', 'state'],
    [wanted, 'target_', 'action'],
  ] as const) {
    const isTarget = role === 'action';
    sides.forEach((side, arm) => {
      JOINTS.forEach((joint, i) => {
        const group = `${isTarget ? 'Commanded' : 'Joint'} positions, ${side} arm`;
        const about = { group, role, unit: 'rad', limits: { min: -LIMIT_RAD, max: LIMIT_RAD } };
        add(
          `${prefix}${side}_${joint}`,
          about,
          states.map((state) => state.joints[arm * JOINTS.length + i] as number),
        );
      });
      const about = { group: isTarget ? 'Commanded grippers' : 'Grippers', role, unit: '', limits: { min: 0, max: 1 } };
      add(
        `${prefix}${side}_gripper`,
        about,
        states.map((state) => state.grippers[arm] as number),
      );
    });
  }
  return { columns, described };
}
