import { aboutAxis, multiply, type QuaternionXyzw, rotate, type Vector3 } from '../../shared/geometry/pose.ts';
import { PIECE_LENGTH_MM, type PiecePose, pieceRotation, type Side, toolFacing } from './rig.ts';

/** What the operator's hands and the piece do. Millimetres, radians. */

export interface HandPose {
  gelCenter: Vector3;
  /** Tool frame → motion-capture frame: x presses, y is up the housing. */
  tool: QuaternionXyzw;
}

export interface SceneState {
  piece: PiecePose;
  hands: Record<Side, HandPose>;
}

export type Story = 'transfer' | 'slip-and-recovery';

/** One pass of a story; longer recordings carry the piece back and forth. */
export const STORY_SECONDS = 20;
/** The keys below are told in beats. */
const STORY_BEATS = 22;
const SECONDS_A_BEAT = STORY_SECONDS / STORY_BEATS;

interface PieceKey {
  at: number;
  piece: PiecePose;
}

/** A hand either hangs free in the room or keeps a distance (negative: pressed in) to its end of the piece. */
type HandPlace = { kind: 'free'; gelCenter: Vector3; lean: Vector3 } | { kind: 'at-piece'; gap: number; rise: number };
interface HandKey {
  at: number;
  place: HandPlace;
}

const START: PiecePose = { leftEnd: [-168, 19, 62], yaw: 0.16, tilt: 0 };
const TARGET: PiecePose = { leftEnd: [20, 19, -66], yaw: -0.1, tilt: 0 };

const free = (x: number, y: number, z: number, lean: Vector3 = [0, 0, 0]): HandPlace => ({
  kind: 'free',
  gelCenter: [x, y, z],
  lean,
});
const near = (gap: number, rise = 0): HandPlace => ({ kind: 'at-piece', gap, rise });
const HOME: Record<Side, HandPlace> = {
  left: free(-262, 118, 96, [0.1, -0.35, -0.16]),
  right: free(268, 126, 88, [-0.1, 0.35, -0.16]),
};
const PRESSED = near(-0.9);

function lifted(piece: PiecePose, by: number): PiecePose {
  return { ...piece, leftEnd: [piece.leftEnd[0], piece.leftEnd[1] + by, piece.leftEnd[2]] };
}

function between(a: PiecePose, b: PiecePose, share: number): PiecePose {
  const mix = (x: number, y: number) => x + (y - x) * share;
  return {
    leftEnd: [mix(a.leftEnd[0], b.leftEnd[0]), mix(a.leftEnd[1], b.leftEnd[1]), mix(a.leftEnd[2], b.leftEnd[2])],
    yaw: mix(a.yaw, b.yaw),
    tilt: mix(a.tilt, b.tilt),
  };
}

interface Keys {
  piece: PieceKey[];
  left: HandKey[];
  right: HandKey[];
}

function transferKeys(from: PiecePose, to: PiecePose): Keys {
  const hand = (side: Side, hover: HandPlace, poke: HandPlace): HandKey[] => [
    { at: 0, place: HOME[side] },
    { at: 1.4, place: HOME[side] },
    { at: 3.6, place: near(46, 6) },
    { at: 4.7, place: near(0.6) },
    { at: 5.3, place: PRESSED },
    { at: 12.2, place: PRESSED },
    { at: 12.7, place: near(0.8) },
    { at: 13.6, place: near(40, 8) },
    { at: 14.5, place: hover },
    { at: 16.4, place: hover },
    { at: 17.6, place: poke },
    { at: 18.3, place: side === 'right' ? near(-0.7, 1) : poke },
    { at: 18.9, place: side === 'right' ? near(-0.7, 1) : poke },
    { at: 21.4, place: HOME[side] },
    { at: STORY_BEATS, place: HOME[side] },
  ];
  return {
    piece: [
      { at: 0, piece: from },
      { at: 5.5, piece: from },
      { at: 7.2, piece: lifted(from, 84) },
      { at: 10.3, piece: lifted(to, 78) },
      { at: 12.1, piece: to },
      { at: STORY_BEATS, piece: to },
    ],
    left: hand('left', near(74, 46), free(-150, 92, 70, [0.1, -0.2, -0.12])),
    right: hand('right', near(74, 46), near(12, 2)),
  };
}

/** The right gel loses the piece; its end falls on the table, the operator sets it down and grasps it again. */
const SLIP_AT = 7.3;
const FALLEN_AT = 8.25;
const RECOVERY_AT = 9.1;
const REGRASPED_AT = 14.3;
/** The same in seconds of scene time. */
export const SLIP_SECONDS = {
  slip: SLIP_AT * SECONDS_A_BEAT,
  fallen: FALLEN_AT * SECONDS_A_BEAT,
  recovery: RECOVERY_AT * SECONDS_A_BEAT,
  regrasped: REGRASPED_AT * SECONDS_A_BEAT,
};

function slipKeys(from: PiecePose, to: PiecePose): Keys {
  const carried = lifted(between(from, to, 0.42), 62);
  const drop = Math.asin((carried.leftEnd[1] - 13) / PIECE_LENGTH_MM);
  const fallen: PiecePose = { ...carried, tilt: -drop };
  const resting: PiecePose = {
    leftEnd: [carried.leftEnd[0], 11, carried.leftEnd[2] + 6],
    yaw: carried.yaw + 0.05,
    tilt: 0,
  };
  const shared = (side: Side): HandKey[] => [
    { at: 0, place: HOME[side] },
    { at: 1.1, place: HOME[side] },
    { at: 2.9, place: near(44, 5) },
    { at: 3.8, place: near(0.5) },
    { at: 4.3, place: PRESSED },
  ];
  const again = (side: Side): HandKey[] => [
    { at: 11.6, place: near(52, 34) },
    { at: 12.4, place: near(46, 14) },
    { at: 13.5, place: near(0.5, 7) },
    { at: REGRASPED_AT, place: near(-1.4, 7) },
    { at: 19.8, place: near(-1.4, 7) },
    { at: 20.2, place: near(0.8, 7) },
    { at: 20.8, place: near(38, 14) },
    { at: STORY_BEATS, place: HOME[side] },
  ];
  return {
    piece: [
      { at: 0, piece: from },
      { at: 4.5, piece: from },
      { at: 6, piece: lifted(from, 58) },
      { at: SLIP_AT, piece: carried },
      { at: 7.75, piece: { ...carried, tilt: -drop * 0.2 } },
      { at: FALLEN_AT, piece: fallen },
      { at: RECOVERY_AT, piece: fallen },
      { at: 10.3, piece: resting },
      { at: 14.5, piece: resting },
      { at: 15.9, piece: lifted(resting, 78) },
      { at: 18, piece: lifted(to, 66) },
      { at: 19.6, piece: to },
      { at: STORY_BEATS, piece: to },
    ],
    left: [
      ...shared('left'),
      { at: RECOVERY_AT, place: PRESSED },
      { at: 10.4, place: near(-0.7, 7) },
      { at: 10.8, place: near(2, 7) },
      ...again('left'),
    ],
    right: [
      ...shared('right'),
      { at: SLIP_AT - 0.5, place: PRESSED },
      { at: SLIP_AT, place: near(-0.45) },
      { at: 7.62, place: near(-0.3, 7) },
      { at: 7.9, place: near(7, 16) },
      { at: 8.7, place: free(186, 84, 34, [0, 0.1, 0]) },
      { at: RECOVERY_AT, place: free(192, 88, 38, [0, 0.1, 0]) },
      ...again('right'),
    ],
  };
}

const KEYS: Record<Story, [there: Keys, back: Keys]> = {
  transfer: [transferKeys(START, TARGET), transferKeys(TARGET, START)],
  'slip-and-recovery': [slipKeys(START, TARGET), transferKeys(TARGET, START)],
};

/** Hands and piece at a scene time ≥ 0. Continuous in time. */
export function sceneAt(story: Story, seconds: number): SceneState {
  const pass = Math.floor(seconds / STORY_SECONDS);
  const keys = pass === 0 ? KEYS[story][0] : KEYS.transfer[pass % 2 === 0 ? 0 : 1];
  const time = (seconds - pass * STORY_SECONDS) / SECONDS_A_BEAT;
  const piece = pieceAt(keys.piece, time);
  return {
    piece,
    hands: { left: handAt('left', keys, time, seconds), right: handAt('right', keys, time, seconds) },
  };
}

function pieceAt(keys: readonly PieceKey[], time: number): PiecePose {
  const [a, b, share] = around(keys, time);
  return between(a.piece, b.piece, share);
}

function handAt(side: Side, keys: Keys, time: number, seconds: number): HandPose {
  const [a, b, share] = around(keys[side], time);
  if (a.place.kind === 'at-piece' && b.place.kind === 'at-piece') {
    const mix = (x: number, y: number) => x + (y - x) * share;
    const place = { ...a.place, gap: mix(a.place.gap, b.place.gap), rise: mix(a.place.rise, b.place.rise) };
    return withTremor(resolve(side, place, pieceAt(keys.piece, time)), side, seconds, place.gap);
  }
  const from = resolve(side, a.place, pieceAt(keys.piece, Math.min(time, a.at)));
  const to = resolve(side, b.place, pieceAt(keys.piece, Math.max(time, b.at)));
  const arc = Math.sin(Math.PI * share) * 14;
  const gelCenter: Vector3 = [0, 1, 2].map(
    (i) => (from.gelCenter[i] as number) * (1 - share) + (to.gelCenter[i] as number) * share + (i === 1 ? arc : 0),
  ) as unknown as Vector3;
  return withTremor({ gelCenter, tool: blend(from.tool, to.tool, share) }, side, seconds, 100);
}

function resolve(side: Side, place: HandPlace, piece: PiecePose): HandPose {
  const level = toolFacing(rotate(aboutAxis([0, 1, 0], piece.yaw), [side === 'left' ? 1 : -1, 0, 0]));
  if (place.kind === 'free') {
    const [x, y, z] = place.lean;
    const lean = multiply(aboutAxis([0, 1, 0], y), multiply(aboutAxis([1, 0, 0], z), aboutAxis([0, 0, 1], x)));
    return { gelCenter: place.gelCenter, tool: multiply(lean, toolFacing([side === 'left' ? 1 : -1, 0, 0])) };
  }
  const end = endFace(side, piece);
  const back = rotate(level, [-place.gap, place.rise, 0]);
  return { gelCenter: [end[0] + back[0], end[1] + back[1], end[2] + back[2]], tool: level };
}

/** Centre of the end that the hand of this side holds. */
export function endFace(side: Side, piece: PiecePose): Vector3 {
  if (side === 'left') return piece.leftEnd;
  const along = rotate(pieceRotation(piece), [PIECE_LENGTH_MM, 0, 0]);
  return [piece.leftEnd[0] + along[0], piece.leftEnd[1] + along[1], piece.leftEnd[2] + along[2]];
}

/** Hands are never quite still, and steadier when they hold something. */
function withTremor(hand: HandPose, side: Side, seconds: number, gap: number): HandPose {
  const phase = side === 'left' ? 0 : 1.7;
  const size = 0.12 + 0.98 * Math.min(1, Math.max(0, (gap - 0.6) / 30));
  const sway = (rate: number, offset: number) => Math.sin(seconds * rate + offset + phase) * size;
  const [x, y, z] = hand.gelCenter;
  const turn = multiply(aboutAxis([0, 1, 0], sway(1.3, 0.4) * 0.008), aboutAxis([1, 0, 0], sway(1.9, 2.1) * 0.008));
  return {
    gelCenter: [x + sway(2.1, 0) * 0.6, y + sway(1.6, 1.1), z + sway(1.1, 2.3)],
    tool: multiply(turn, hand.tool),
  };
}

function around<K extends { at: number }>(keys: readonly K[], time: number): [K, K, number] {
  const after = keys.findIndex((key) => key.at > time);
  const b = after < 0 ? keys.length - 1 : Math.max(1, after);
  const [from, to] = [keys[b - 1] as K, keys[b] as K];
  const linear = Math.min(1, Math.max(0, (time - from.at) / (to.at - from.at)));
  return [from, to, linear * linear * (3 - 2 * linear)];
}

function blend(a: QuaternionXyzw, b: QuaternionXyzw, share: number): QuaternionXyzw {
  const sign = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3] < 0 ? -1 : 1;
  const mixed = a.map((value, i) => value * (1 - share) + sign * (b[i] as number) * share);
  const length = Math.hypot(...mixed);
  return mixed.map((value) => value / length) as unknown as QuaternionXyzw;
}
