import { aboutAxis, multiply, type QuaternionXyzw } from '../../shared/geometry/pose.ts';
import { type SceneState, SLIP_SECONDS, type Story, sceneAt } from './choreography.ts';
import { type Random, seededRandom, seedFor } from './random.ts';
import { pieceCenter, pieceRotation, recordedSensorPose, type Side } from './rig.ts';
import type { Fault, TruthEpisode, TruthEvent } from './truth.ts';

/**
 * Everything of an episode but its pixels: when the recorder ticked, what the motion capture sent, which faults were
 * planted and where. Pixels follow from `sceneSeconds` and the few per-tick marks. Seconds from the first tick.
 */
export interface EpisodePlan {
  name: string;
  story: Story;
  seed: number;
  startUnixSeconds: number;
  createdAt: string;
  /** Ascending recorder stamps. */
  tickSeconds: Float64Array;
  /** Scene time that the pictures of a tick show. */
  sceneSeconds: Float64Array;
  /** Tick whose three camera pictures a stalled recorder wrote again; -1 = its own. */
  repeats: Int32Array;
  /** LED flicker by tick. */
  washes: ReadonlyMap<number, { side: Side; strength: number }>;
  /** Capture stamps of the gels, one a tick. */
  gelSeconds: Record<Side, Float64Array>;
  tracks: readonly PlannedTrack[];
  truth: TruthEpisode;
}

export interface PlannedTrack {
  body: Body;
  seconds: Float64Array;
  /** (N × 7) x y z qx qy qz qw, metres. */
  poses: Float64Array;
}

export const BODIES = ['motherboard', 'sensor_left', 'sensor_right'] as const;
export type Body = (typeof BODIES)[number];

export interface PlanOptions {
  name: string;
  story: Story;
  seed: number;
  seconds: number;
  /** Whether recording faults are planted. */
  faults: boolean;
  startUnixSeconds: number;
  createdAt: string;
}

const TICK_HZ = 29.97;
const MOCAP_HZ = 100.03;
/** Exposure and transfer: a picture shows the scene this long before its tick is stamped. */
const CAMERA_LATENCY_S = 0.008;

/** When each fault is planted, seconds from the first tick. A fault that does not fit into the recording is left out. */
export const FAULT_TIMES = {
  lateStart: { motherboard: 0.62, sensor_left: 0.9, sensor_right: 1.1 },
  flickerLeft: 2.4,
  teleport: { from: 3.1, to: 3.16 },
  droppedFive: 4.0,
  flickerRight: 5.6,
  droppedTwo: 6.9,
  mocapRepeats: { from: 7.6, to: 8.8 },
  solverFlip: { from: 10.3, to: 10.7 },
  stillness: { from: 13.3, to: 14.8 },
  stall: { from: 15.6, to: 16.3 },
  mocapGap: { from: 17.9, to: 18.7 },
} as const;

/** How many ticks the plan will have; far cheaper than the plan. */
export function countTicks(options: PlanOptions): number {
  return planTicks(options, randomFor(options)('ticks'), fitting(options)).tickSeconds.length;
}

const randomFor = (options: PlanOptions) => (part: string) =>
  seededRandom(seedFor(options.seed, `${options.name}/${part}`));
const fitting = (options: PlanOptions) => (until: number) => options.faults && until < options.seconds - 0.2;

export function planEpisode(options: PlanOptions): EpisodePlan {
  const random = randomFor(options);
  const fits = fitting(options);
  const sceneTime = fits(FAULT_TIMES.stillness.to + 0.3) ? pausing : (seconds: number) => seconds;
  const { tickSeconds, dropped } = planTicks(options, random('ticks'), fits);
  const sceneSeconds = tickSeconds.map((at) => sceneTime(Math.max(0, at - CAMERA_LATENCY_S)));
  const ticks = (from: number, to: number): [number, number] => [
    tickSeconds.findIndex((at) => at >= from),
    tickSeconds.findLastIndex((at) => at <= to),
  ];
  const faults: Fault[] = [...dropped];

  const repeats = new Int32Array(tickSeconds.length).fill(-1);
  const { stall, stillness, mocapGap, mocapRepeats, solverFlip, teleport } = FAULT_TIMES;
  if (fits(stall.to)) {
    const [first, last] = ticks(stall.from, stall.to);
    for (let tick = first; tick <= last; tick++) repeats[tick] = first - 1;
    faults.push({
      kind: 'recorder-stall',
      ticks: [first - 1, last],
      streams: ['realsense/cam0', 'realsense/cam1', 'realsense/cam2'],
    });
  }
  const washes = new Map<number, { side: Side; strength: number }>();
  if (fits(FAULT_TIMES.flickerLeft)) {
    const [tick] = ticks(FAULT_TIMES.flickerLeft, options.seconds);
    washes.set(tick, { side: 'left', strength: 1 });
    faults.push({ kind: 'led-flicker', ticks: [tick, tick], streams: ['gelsight/left/frames'] });
  }
  if (fits(FAULT_TIMES.flickerRight)) {
    const [tick] = ticks(FAULT_TIMES.flickerRight, options.seconds);
    washes.set(tick, { side: 'right', strength: 1 }).set(tick + 1, { side: 'right', strength: 0.4 });
    faults.push({ kind: 'led-flicker', ticks: [tick, tick + 1], streams: ['gelsight/right/frames'] });
  }
  if (fits(stillness.to)) {
    faults.push({ kind: 'real-stillness', ticks: ticks(stillness.from, stillness.to), bodies: [...BODIES] });
  }

  const tracks = BODIES.map((body) => planTrack(body, options, random(body), sceneTime, fits));
  if (options.faults) {
    for (const body of BODIES) {
      const at = FAULT_TIMES.lateStart[body];
      faults.push({ kind: 'late-optitrack-start', ticks: [0, ticks(0, at)[1]], bodies: [body] });
    }
  }
  const bodyFault = (kind: Fault['kind'], span: { from: number; to: number }, body: Body) => {
    if (!fits(span.to)) return;
    const track = tracks.find((candidate) => candidate.body === body) as PlannedTrack;
    const first = track.seconds.findIndex((at) => at >= span.from);
    const last = track.seconds.findLastIndex((at) => at <= span.to);
    const samples: [number, number] | undefined = last >= first ? [first, last] : undefined;
    faults.push({ kind, ticks: ticks(span.from, span.to), bodies: [body], ...(samples ? { samples } : {}) });
  };
  bodyFault('pose-teleport', teleport, 'sensor_right');
  bodyFault('solver-flip', solverFlip, 'sensor_left');
  bodyFault('optitrack-loss', mocapRepeats, 'sensor_right');
  bodyFault('optitrack-loss', mocapGap, 'sensor_left');

  faults.sort((a, b) => a.ticks[0] - b.ticks[0] || a.kind.localeCompare(b.kind));
  const gelRandom = random('gels');
  const gel = () => tickSeconds.map((at) => at - 0.011 + gelRandom.normal(0.0012));
  return {
    name: options.name,
    story: options.story,
    seed: options.seed,
    startUnixSeconds: options.startUnixSeconds,
    createdAt: options.createdAt,
    tickSeconds,
    sceneSeconds,
    repeats,
    washes,
    gelSeconds: { left: gel(), right: gel() },
    tracks,
    truth: { ticks: tickSeconds.length, tactileOffsetTicks: 0, faults, events: eventsOf(options, ticks) },
  };
}

/** What the cameras saw at a tick. */
export function sceneOfTick(plan: EpisodePlan, tick: number): SceneState {
  return sceneAt(plan.story, plan.sceneSeconds[tick] as number);
}

/** Seven numbers of a body as it truly was at a scene time. */
export function truePose(body: Body, story: Story, sceneSeconds: number): number[] {
  const scene = sceneAt(story, sceneSeconds);
  if (body === 'motherboard')
    return [...pieceCenter(scene.piece).map((mm) => mm / 1000), ...pieceRotation(scene.piece)];
  const side = body === 'sensor_left' ? 'left' : 'right';
  return recordedSensorPose(side, scene.hands[side].gelCenter, scene.hands[side].tool);
}

/** Real time → scene time with the stillness in it; slowing down and speeding up take 0.3 s each. */
export function pausing(seconds: number): number {
  const { from, to } = FAULT_TIMES.stillness;
  const ramp = 0.3;
  if (seconds <= from - ramp) return seconds;
  if (seconds <= from) {
    const into = seconds - (from - ramp);
    return from - ramp + into - (into * into) / (2 * ramp);
  }
  const held = from - ramp / 2;
  if (seconds <= to) return held;
  if (seconds <= to + ramp) return held + (seconds - to) ** 2 / (2 * ramp);
  return held + ramp / 2 + (seconds - to - ramp);
}

function planTicks(options: PlanOptions, random: Random, fits: (until: number) => boolean) {
  const stamps: number[] = [];
  const dropped: Fault[] = [];
  const holes = [
    { at: FAULT_TIMES.droppedFive, count: 5 },
    { at: FAULT_TIMES.droppedTwo, count: 2 },
  ].filter((hole) => fits(hole.at + 0.3));
  for (let i = 0; i / TICK_HZ < options.seconds; i++) {
    const nominal = i / TICK_HZ;
    const hole = holes.find(({ at, count }) => nominal >= at && nominal < at + count / TICK_HZ);
    if (hole) {
      const known = dropped.find((fault) => fault.ticks[0] === stamps.length - 1);
      if (known) known.lost = (known.lost ?? 0) + 1;
      else {
        dropped.push({ kind: 'dropped-ticks', ticks: [stamps.length - 1, stamps.length], lost: 1 });
      }
      random.next();
      continue;
    }
    stamps.push(i === 0 ? 0 : nominal + random.normal(0.0013));
  }
  return { tickSeconds: Float64Array.from(stamps), dropped };
}

/** Motion-capture samples: measured every 10 ms, handed over in bursts of two or three, stamped on arrival. */
function planTrack(
  body: Body,
  options: PlanOptions,
  random: Random,
  sceneTime: (seconds: number) => number,
  fits: (until: number) => boolean,
): PlannedTrack {
  const { stillness, stall, mocapRepeats, mocapGap, solverFlip, teleport, lateStart } = FAULT_TIMES;
  const within = (span: { from: number; to: number }, at: number) => fits(span.to) && at >= span.from && at <= span.to;
  const seconds: number[] = [];
  const poses: number[] = [];
  const start = options.faults ? lateStart[body] : -0.4 - 0.02 * BODIES.indexOf(body);
  let last: number[] = [];
  let held: number[] | undefined;
  let measured = Math.ceil(start * MOCAP_HZ);
  while (measured / MOCAP_HZ < options.seconds + 0.12) {
    const burst = random.next() < 0.35 ? 3 : 2;
    const arrival = (measured + burst - 1) / MOCAP_HZ + random.between(0.0006, 0.0024);
    for (let i = 0; i < burst; i++, measured++) {
      const at = measured / MOCAP_HZ;
      const stamp = arrival - (burst - 1 - i) * random.between(0.0017, 0.0026);
      const noise = [0, 1, 2, 3, 4, 5].map((k) => random.normal(k < 3 ? 0.00003 : 0.0003));
      const lost = random.next() < 0.002;
      if (lost && !within(stillness, stamp)) continue;
      if (within(stall, stamp) || (body === 'sensor_left' && within(mocapGap, stamp))) continue;
      let pose = withNoise(truePose(body, options.story, sceneTime(Math.max(0, at))), noise);
      if (within(stillness, stamp)) {
        held ??= pose;
        pose = held;
      }
      if (body === 'sensor_right' && within(mocapRepeats, stamp)) pose = last;
      else last = pose;
      if (body === 'sensor_right' && within(teleport, stamp)) pose = teleported(pose);
      if (body === 'sensor_left' && within(solverFlip, stamp)) pose = flipped(pose);
      seconds.push(stamp);
      poses.push(...pose);
    }
  }
  return { body, seconds: Float64Array.from(seconds), poses: Float64Array.from(poses) };
}

function withNoise(pose: number[], noise: number[]): number[] {
  const [x, y, z, ...q] = pose as [number, number, number, number, number, number, number];
  const turn: QuaternionXyzw = [noise[3]! / 2, noise[4]! / 2, noise[5]! / 2, 1];
  const rotation = multiply(turn, q as unknown as QuaternionXyzw);
  const length = Math.hypot(...rotation);
  return [x + noise[0]!, y + noise[1]!, z + noise[2]!, ...rotation.map((value) => value / length)];
}

/** Markers taken for those of something else: elsewhere and turned, for a few samples. */
function teleported(pose: number[]): number[] {
  const q = multiply(aboutAxis([0.4, 1, -0.2], 1.35), pose.slice(3) as unknown as QuaternionXyzw);
  return [pose[0]! - 0.31, pose[1]! + 0.17, pose[2]! + 0.12, ...q];
}

/** The solver fits the marker tree the wrong way round: nearly the same place, half a turn off. */
function flipped(pose: number[]): number[] {
  const q = multiply(pose.slice(3) as unknown as QuaternionXyzw, aboutAxis([0.2, 1, 0.1], Math.PI * 0.96));
  return [pose[0]! + 0.006, pose[1]! - 0.004, pose[2]! + 0.003, ...q];
}

function eventsOf(options: PlanOptions, ticks: (from: number, to: number) => [number, number]): TruthEvent[] {
  if (options.story !== 'slip-and-recovery' || options.seconds <= SLIP_SECONDS.regrasped) return [];
  return [
    { kind: 'failure', name: 'slipped grasp', ticks: ticks(SLIP_SECONDS.slip, SLIP_SECONDS.fallen) },
    {
      kind: 'recovery',
      name: 'operator sets the piece down and grasps it again',
      ticks: ticks(SLIP_SECONDS.recovery, SLIP_SECONDS.regrasped),
    },
  ];
}
