import type { Problem, Track } from '../../../shared/episode/episode.ts';
import { type Hdf5Reader, type Hdf5Tree, type OpenFile, SourceFault } from '../source.ts';

/** A tracked body as it was read: stamps in Unix seconds and one pose a stamp. */
export interface Body {
  track: Track;
  seconds: Float64Array;
  /** (count × 7) x y z qx qy qz qw, metres. */
  poses: Float64Array;
}

const VALUES_PER_POSE = 7;
/** Order people know them by; others follow by name. */
const KNOWN = ['motherboard', 'sensor_left', 'sensor_right'];

/** Reads every OptiTrack body. One without samples is listed all the same, with a problem that says so. */
export async function readBodies(
  file: OpenFile,
  tree: Hdf5Tree,
  reader: Hdf5Reader,
): Promise<{ bodies: Body[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const bodies: Body[] = [];
  const names = Object.keys(tree.groups)
    .map((group) => /^optitrack\/([^/]+)$/.exec(group)?.[1])
    .filter((name) => name !== undefined)
    .sort((a, b) => rank(a) - rank(b));
  if (names.length === 0) {
    const message = `${file.name}: no OptiTrack body was recorded, so there are no poses and no overlay.`;
    problems.push({ severity: 'warning', code: 'missing-track', message, stream: 'optitrack' });
  }
  const read = await Promise.all(names.map((name) => readBody(file, tree, reader, name)));
  for (const { body, problem } of read) {
    bodies.push(body);
    if (problem) problems.push({ ...problem, stream: `optitrack/${body.track.id}` });
  }
  return { bodies, problems };
}

type BodyProblem = Omit<Problem, 'stream'> | null;

async function readBody(
  file: OpenFile,
  tree: Hdf5Tree,
  reader: Hdf5Reader,
  name: string,
): Promise<{ body: Body; problem: BodyProblem }> {
  const at = `optitrack/${name}`;
  const { [`${at}/timestamps`]: stamps, [`${at}/pose`]: pose } = tree.datasets;
  if (!stamps || !pose) {
    const missing = stamps ? 'poses' : pose ? 'timestamps' : 'timestamps and poses';
    return unusable(
      name,
      'missing-track',
      `${file.name}: ${at} has no ${missing}, so the body ${name} cannot be placed.`,
    );
  }
  if (pose.shape.length !== 2 || pose.shape[1] !== VALUES_PER_POSE) {
    return unusable(
      name,
      'wrong-shape',
      `${file.name}: ${at}/pose is ${pose.shape.join(' × ')}, not N × 7 (x y z qx qy qz qw): the body cannot be placed.`,
    );
  }
  if (stamps.shape.length !== 1) {
    const shape = stamps.shape.join(' × ') || 'a single value';
    const message = `${file.name}: ${at}/timestamps is ${shape}, not one stamp a row: the body cannot be placed in time.`;
    return unusable(name, 'wrong-shape', message);
  }
  const rows = Math.min(stamps.shape[0] ?? 0, pose.shape[0] ?? 0);
  if (rows === 0) {
    return unusable(
      name,
      'body-not-recorded',
      `${file.name}: the body ${name} was not recorded (no samples): check that it was tracked.`,
      'warning',
    );
  }
  try {
    const [seconds, poses] = await Promise.all([
      reader.numbers(file.path, `${at}/timestamps`),
      reader.numbers(file.path, `${at}/pose`),
    ]);
    return {
      body: {
        track: trackOf(name, rows),
        seconds: seconds.data.subarray(0, rows),
        poses: poses.data.subarray(0, rows * VALUES_PER_POSE),
      },
      problem: mismatch(file, at, stamps.shape[0], pose.shape[0]),
    };
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return unusable(name, error.code, error.message);
  }
}

function mismatch(file: OpenFile, at: string, stamps: number | undefined, poses: number | undefined): BodyProblem {
  if (stamps === poses) return null;
  const message = `${file.name}: ${at} has ${stamps} timestamps but ${poses} poses; the surplus is left out, and the rest can be used.`;
  return { severity: 'error', code: 'count-mismatch', message };
}

function unusable(
  name: string,
  code: string,
  message: string,
  severity: Problem['severity'] = 'error',
): { body: Body; problem: BodyProblem } {
  const body = { track: trackOf(name, 0), seconds: new Float64Array(0), poses: new Float64Array(0) };
  return { body, problem: { severity, code, message } };
}

/** Leaves a body without samples: what cannot be placed in time must not be drawn. */
export function untrack(body: Body): void {
  body.track = trackOf(body.track.id, 0);
  body.seconds = new Float64Array(0);
  body.poses = new Float64Array(0);
}

function trackOf(name: string, count: number): Track {
  const side = name === 'sensor_left' ? 'left' : name === 'sensor_right' ? 'right' : null;
  return {
    id: name,
    name: name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase()),
    side,
    count,
    clock: `optitrack/${name}/timestamps`,
    rule: 'nearest',
    quaternionOrder: 'xyzw',
    // OptiTrack's own convention; only later conversions, which say so, turned it.
    upAxis: 'y',
    projected: side !== null,
  };
}

function rank(name: string): number {
  const at = KNOWN.indexOf(name);
  return at < 0 ? KNOWN.length : at;
}
