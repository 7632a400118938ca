import path from 'node:path';
import { toReference } from '../../shared/time/alignment.ts';
import { Fault } from '../fault.ts';
import { MAX_RESIDUAL_SECONDS, type Session, type TimeUnit } from '../sources/session/schema.ts';
import { settleTimes } from '../sources/session/stream-times.ts';
import type { VideoProbe } from '../sources/source.ts';
import { type OwnClock, type Tie, type TiedClock, tieClocks, WALL } from './clock-ties.ts';
import { isWallClock, type RawJoints, readRawJoints } from './joint-table.ts';
import type { RawFile, RawFolder } from './raw-folder.ts';
import { ofCamera, type RawCamera, readCameras, stretchNotice } from './raw-streams.ts';
import { readMarkers, readPairs } from './small-files.ts';

export interface IngestOptions {
  /** Folder of the dump. Nothing in it is changed. */
  raw: string;
  /** Folder of the session; default `<raw>-session`. Must not exist. */
  out?: string;
  /** What is said of the session; `session` defaults to the folder's name. */
  facts: Partial<
    Pick<
      Session,
      | 'session'
      | 'task'
      | 'instruction'
      | 'site'
      | 'shift'
      | 'operator'
      | 'robot'
      | 'checkpoint'
      | 'software_version'
      | 'environment'
      | 'outcome'
    >
  >;
  notes?: readonly string[];
  /** Paths of the raw folder, where names do not tell. */
  joints?: string;
  markers?: string;
  timeColumn?: string;
  wallColumn?: string;
  timeUnit?: TimeUnit;
  stampUnit?: TimeUnit;
  jointsRateHz?: number;
  /** Seconds to add to a stream's clock ("joints" or a camera) to get the wall's, or the first camera's where there is no wall's. */
  offsets?: Readonly<Record<string, number>>;
  /** The same moments in a camera's video (seconds as a player shows them; default the first camera) and by the robot's clock. */
  sync?: { camera?: string; videoSeconds: readonly number[]; jointSeconds: readonly number[] };
  /** A file of moments that several clocks stamped, a column each. */
  pairs?: string;
  /** Cameras without stamps started at the same moment. */
  together?: boolean;
  withDrift?: boolean;
  /** Default 0.03. */
  maxResidualSeconds?: number;
  /** Clock of markers whose times are no Unix time; default the robot's. */
  markersClock?: string;
  /** Unix seconds of the first sample, where no stream knows the wall's clock. */
  startedUnixSeconds?: number;
  /** Copies even where a hard link would do. */
  copies?: boolean;
  /** "regrasp 0.1.0". */
  madeBy: string;
  signal?: AbortSignal;
  onProgress?(message: string): void;
}

export interface IngestSummary {
  out: string;
  /** False: the folder was there already, of these very files. */
  ingested: boolean;
  streams: {
    file: string;
    samples: number;
    tiedBy: string;
    driftPpm: number;
    residual: { pairs: number; rmsSeconds: number; maxSeconds: number } | null;
  }[];
  markers: number;
  files: number;
  bytes: number;
  /** Sentences a person should read. */
  notices: string[];
}

/** A dump as it was understood, before anything is written. */
export interface IngestPlan {
  options: IngestOptions;
  raw: RawFolder;
  cameras: RawCamera[];
  joints: RawJoints | null;
  tied: ReadonlyMap<string, TiedClock>;
  /** The first sample of all, by the clock that all are laid over. */
  zeroSeconds: number;
  startUnixSeconds: number | null;
  /** Nanoseconds of the session, by clock. */
  times: ReadonlyMap<string, Float64Array>;
  session: string;
  markers: Session['markers'];
  /** Of every raw file, by its path there. */
  hashes: ReadonlyMap<string, string>;
  notices: string[];
}

export const JOINTS = 'joints';

/** Understands a dump: its streams, and how their clocks lie to each other. Writes nothing. */
export async function planIngest(
  options: IngestOptions,
  raw: RawFolder,
  hashes: ReadonlyMap<string, string>,
  probe: VideoProbe,
): Promise<IngestPlan> {
  const { timeColumn, wallColumn, timeUnit, jointsRateHz, maxResidualSeconds = MAX_RESIDUAL_SECONDS } = options;
  const cameras = await readCameras(raw, probe, options.stampUnit);
  options.signal?.throwIfAborted();
  const joints = raw.joints
    ? await readRawJoints(raw.joints, { timeColumn, wallColumn, timeUnit, rateHz: jointsRateHz })
    : null;
  const clocks: OwnClock[] = cameras.map(({ clock }) => clock);
  if (joints && raw.joints)
    clocks.push({ name: JOINTS, file: raw.joints.below, own: joints.own, isWall: isWallClock(joints.own) });
  const ties = await tiesOf(options, cameras, joints, clocks);
  const tied = tieClocks(clocks, ties, { maxResidualSeconds, withDrift: options.withDrift ?? true });
  const lines = (name: string) => (tied.get(name) as TiedClock).line;
  const firsts = clocks.map(({ name, own }) => {
    const first = own.reduce((low, value) => (value < low ? value : low), Number.POSITIVE_INFINITY);
    return toReference(lines(name), first);
  });
  const zeroSeconds = Math.min(...firsts);
  const notices = [...(joints?.notices ?? []), ...cameras.flatMap((camera) => stretchNotice(camera) ?? [])];
  const times = new Map<string, Float64Array>();
  for (const { name, file, own } of clocks) {
    const placed = settleTimes(
      file,
      own.map((seconds) => toReference(lines(name), seconds) - zeroSeconds),
      'recorded',
    );
    notices.push(...placed.problems.map(({ message }) => message));
    times.set(name, placed.times);
  }
  const hasWall = tied.has(WALL) && zeroSeconds > 1e9;
  if (hasWall && options.startedUnixSeconds !== undefined) {
    throw new Fault('UNUSABLE', 'The streams know the time of day themselves: leave --started-at out.');
  }
  const markersClock = options.markersClock ?? (joints ? JOINTS : (cameras[0]?.name as string));
  const line = markersClock === WALL || tied.has(markersClock) ? tied.get(markersClock)?.line : undefined;
  if (!line)
    throw new Fault(
      'UNUSABLE',
      `"${markersClock}" is no clock here for markers: there are ${[...tied.keys()].join(', ')}.`,
    );
  const markersFile = markersPath(options, raw);
  const markers =
    markersFile === null
      ? []
      : await readMarkers(
          markersFile,
          { wall: hasWall ? (tied.get(WALL) as TiedClock).line : null, own: line },
          zeroSeconds,
        );
  const startUnixSeconds = hasWall ? zeroSeconds : (options.startedUnixSeconds ?? null);
  const session = options.facts.session ?? path.basename(raw.folder);
  return {
    options,
    raw,
    cameras,
    joints,
    tied,
    zeroSeconds,
    startUnixSeconds,
    times,
    session,
    markers,
    hashes,
    notices,
  };
}

function markersPath({ markers, raw: folder }: IngestOptions, { markers: found }: RawFolder): string | null {
  if (found) return found.path;
  return markers === undefined ? null : path.resolve(folder, markers);
}

async function tiesOf(
  options: IngestOptions,
  cameras: readonly RawCamera[],
  joints: RawJoints | null,
  clocks: readonly OwnClock[],
): Promise<Tie[]> {
  const ties: Tie[] = [];
  const names = clocks.map(({ name }) => name);
  const { offsets = {}, sync, pairs } = options;
  if (sync) ties.push(syncTie(sync, cameras, joints));
  if (pairs !== undefined) ties.push(...(await readPairs(path.resolve(pairs), names)));
  if (joints?.wall) {
    const rows = Array.from(joints.own.keys()).filter(
      (row) => Number.isFinite(joints.own[row]) && Number.isFinite(joints.wall?.[row]),
    );
    const of = (side: Float64Array) => rows.map((row) => side[row] as number);
    ties.push({ from: JOINTS, to: WALL, by: 'paired stamps', fromSeconds: of(joints.own), toSeconds: of(joints.wall) });
  }
  const hasWall = clocks.some(({ isWall }) => isWall) || ties.some(({ to, from }) => to === WALL || from === WALL);
  const first = cameras[0]?.name;
  for (const [name, offsetSeconds] of Object.entries(offsets)) {
    const isOfWall = clocks.find((clock) => clock.name === name)?.isWall;
    // The wall's clock needs no offset to itself: what is meant is how the first camera lies to it.
    const to = isOfWall || !hasWall ? first : WALL;
    if (!names.includes(name))
      throw new Fault('UNUSABLE', `There is no stream "${name}" to offset: there are ${names.join(', ')}.`);
    if (to === undefined || to === name)
      throw new Fault('UNUSABLE', `${name} has nothing to be offset against: leave --offset out.`);
    // Stated by a person, it goes before what was found.
    ties.unshift({ from: name, to, by: 'given offset', offsetSeconds });
  }
  if (options.together) {
    const unstamped = cameras.filter(({ stamps }) => stamps === null);
    for (const one of cameras) {
      for (const other of unstamped) {
        if (one === other) continue;
        const offsetSeconds = (one.clock.own[0] as number) - (other.clock.own[0] as number);
        ties.push({ from: other.name, to: one.name, by: 'assumed', offsetSeconds });
      }
    }
  }
  return ties;
}

function syncTie(
  { camera, videoSeconds, jointSeconds }: NonNullable<IngestOptions['sync']>,
  cameras: readonly RawCamera[],
  joints: RawJoints | null,
): Tie {
  const found =
    camera === undefined ? cameras[0] : cameras.find(({ name }) => name === camera || `cam_${name}` === camera);
  if (!found) {
    const known = cameras.map(({ name }) => name).join(', ') || 'none';
    throw new Fault('UNUSABLE', `There is no camera "${camera ?? ''}" for --sync-video: there are ${known}.`);
  }
  if (!joints) throw new Fault('UNUSABLE', 'There are no joints for --sync-joints: name their table by --joints.');
  const fromSeconds = videoSeconds.map((seconds) => ofCamera(found, seconds));
  return { from: found.name, to: JOINTS, by: 'sync events', fromSeconds, toSeconds: [...jointSeconds] };
}

/** Where a raw file is kept in the session. */
export function keptName({ below }: RawFile): string {
  return `raw/${below}`;
}
