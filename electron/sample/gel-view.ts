import { type QuaternionXyzw, rotate, type Vector3 } from '../../shared/geometry/pose.ts';
import { endFace, type SceneState } from './choreography.ts';
import { HEIGHT_PX, pieceRotation, type Shrink, type Side, WIDTH_PX } from './rig.ts';

/** What the camera behind a gel sees: three coloured lights on a soft skin that the piece's knob presses in. */

const PX_PER_MM = 22;
/** The knob's size along the gel's width and height, and how soft its print's edges are. */
const KNOB_MM = { wide: 16, tall: 10, soft: 1.5 };
const RIBS_MM = [-4.5, 0, 4.5];
const RIB_HALF_MM = 1.1;
/** The print template covers this much around the knob's centre. */
const TEMPLATE_HALF = { x: 225, y: 150 };
/** Where the light of each channel comes from (x right, y down) and how strongly slopes catch it. */
const LIGHTS = [
  { x: 0.95, y: 0.3 },
  { x: -0.62, y: 0.78 },
  { x: -0.3, y: -0.95 },
] as const;
const CELL_PX = { x: 16, y: 12 };
/** Cells of the print: its slopes are steeper. */
const PRINT_CELL_PX = { x: 2, y: 3 };
const SLOPE_GAIN = 62;
const PRESS_GAIN = [-9, 7, 11] as const;

/** Where the piece's knob is, seen from a gel. */
export interface Contact {
  /** Pixels of the gel's picture in its full size. */
  x: number;
  y: number;
  /** How far the knob's centre presses in. */
  depthMm: number;
  /** How much deeper it presses per mm down the picture: the piece tilts in the grip. */
  peel: number;
}

/** Undefined when the gel touches nothing. */
export function contactOf(side: Side, state: SceneState): Contact | undefined {
  const hand = state.hands[side];
  const end = endFace(side, state.piece);
  const back: QuaternionXyzw = [-hand.tool[0], -hand.tool[1], -hand.tool[2], hand.tool[3]];
  const offset: Vector3 = [end[0] - hand.gelCenter[0], end[1] - hand.gelCenter[1], end[2] - hand.gelCenter[2]];
  const [ahead, up, across] = rotate(back, offset);
  const depthMm = -ahead;
  if (depthMm <= 0 || Math.abs(up) > 16 || Math.abs(across) > 20) return undefined;
  const upright = rotate(back, rotate(pieceRotation(state.piece), [0, 1, 0]));
  return {
    x: WIDTH_PX / 2 + across * PX_PER_MM,
    y: HEIGHT_PX / 2 - up * PX_PER_MM,
    depthMm: Math.min(depthMm, 2),
    peel: upright[0] / Math.max(0.2, upright[1]),
  };
}

/** Draws the gel of one side. */
export class GelView {
  /** Height × width × 3 bytes, red first, without noise. */
  readonly frame: Uint8Array;
  private readonly rest: Uint8Array;
  /** What each light adds to its channel over the knob's print, at a gain of one: three values a template pixel. */
  private readonly print: Float32Array;
  private readonly clamped: Uint8ClampedArray;
  private readonly size: GelSize;
  private touched: { top: number; bottom: number } | undefined;

  constructor(side: Side, shrink: Shrink = 1) {
    this.size = gelSize(shrink);
    this.rest = restFrame(side, this.size);
    this.frame = this.rest.slice();
    this.clamped = new Uint8ClampedArray(this.frame.buffer);
    this.print = printLight(this.size);
  }

  render(contact: Contact | undefined): void {
    const { shrink, width, height, pxPerMm, half, columns, printCell } = this.size;
    const bytesPerRow = width * 3;
    if (this.touched) {
      const [from, to] = [this.touched.top * bytesPerRow, this.touched.bottom * bytesPerRow];
      this.frame.set(this.rest.subarray(from, to), from);
      this.touched = undefined;
    }
    if (!contact) return;
    const middleY = contact.y / shrink;
    const centerX = Math.round(contact.x / shrink);
    const centerY = Math.round(middleY);
    const top = Math.max(0, centerY - half.y);
    const bottom = Math.min(height, centerY + half.y + 1);
    const left = Math.max(0, centerX - half.x);
    const right = Math.min(width, centerX + half.x + 1);
    if (bottom <= top || right <= left) return;
    this.touched = { top, bottom };
    const { clamped, print } = this;
    for (let y = top; y < bottom; y++) {
      const cellY = y - ((y - centerY + half.y) % printCell.y);
      const depth = contact.depthMm + (contact.peel * (cellY - middleY)) / pxPerMm;
      if (depth <= 0) continue;
      const gain = Math.min(1.3, depth);
      let o = (y * width + left) * 3;
      let i = ((y - centerY + half.y) * columns + left - centerX + half.x) * 3;
      for (const end = o + (right - left) * 3; o < end; o++, i++) {
        const added = print[i]!;
        if (added !== 0) clamped[o] = clamped[o]! + added * gain;
      }
    }
  }
}

/** The lengths of a picture that is drawn smaller, in its own pixels. */
interface GelSize {
  shrink: Shrink;
  width: number;
  height: number;
  pxPerMm: number;
  half: { x: number; y: number };
  /** Of the print template. */
  columns: number;
  cell: { x: number; y: number };
  printCell: { x: number; y: number };
}

function gelSize(shrink: Shrink): GelSize {
  const shrunk = ({ x, y }: { x: number; y: number }) => ({ x: Math.ceil(x / shrink), y: Math.ceil(y / shrink) });
  const half = shrunk(TEMPLATE_HALF);
  return {
    ...{ shrink, width: WIDTH_PX / shrink, height: HEIGHT_PX / shrink, pxPerMm: PX_PER_MM / shrink },
    ...{ half, columns: 2 * half.x + 1, cell: shrunk(CELL_PX), printCell: shrunk(PRINT_CELL_PX) },
  };
}

function printLight({ half, columns, pxPerMm, printCell }: GelSize): Float32Array {
  const rows = 2 * half.y + 1;
  const heights = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      heights[y * columns + x] = printHeight((x - half.x) / pxPerMm, (y - half.y) / pxPerMm);
    }
  }
  const print = new Float32Array(columns * rows * 3);
  for (let y = 1; y + 1 < rows; y++) {
    for (let x = 1; x + 1 < columns; x++) {
      const i = y * columns + x;
      const slopeX = ((heights[i + 1]! - heights[i - 1]!) * pxPerMm) / 2;
      const slopeY = ((heights[i + columns]! - heights[i - columns]!) * pxPerMm) / 2;
      for (const [channel, light] of LIGHTS.entries()) {
        const slope = slopeX * light.x + slopeY * light.y;
        print[i * 3 + channel] = slope * SLOPE_GAIN + (heights[i] as number) * (PRESS_GAIN[channel] as number);
      }
    }
  }
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const o = (y * columns + x) * 3;
      const cell = ((y - (y % printCell.y)) * columns + x - (x % printCell.x)) * 3;
      print.copyWithin(o, cell, cell + 3);
    }
  }
  return print;
}

/** The faulty LED: the whole picture washed pink for a moment. */
export function washPink(frame: Uint8Array, strength: number): void {
  const [red, green, blue] = [96 * strength, 18 * strength, 74 * strength];
  for (let o = 0; o < frame.length; o += 3) {
    frame[o] = clamp(frame[o]! + red);
    frame[o + 1] = clamp(frame[o + 1]! + green);
    frame[o + 2] = clamp(frame[o + 2]! + blue);
  }
}

/**
 * The skin at rest: each light brightest near its own edge, dimmer towards the rim. Neighbouring pixels share a value in
 * small cells, finer than a step of brightness, because a smooth ramp on every pixel would not compress.
 */
function restFrame(side: Side, { width, height, cell }: GelSize): Uint8Array {
  const frame = new Uint8Array(width * height * 3);
  const warm = side === 'left' ? 6 : -4;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x - (x % cell.x) + cell.x / 2) / width - 0.5;
      const v = (y - (y % cell.y) + cell.y / 2) / height - 0.5;
      const dim = 1 - 2.6 * (u ** 4 + v ** 4);
      const o = (y * width + x) * 3;
      frame[o] = clamp((118 + warm + 66 * u + 22 * v) * dim);
      frame[o + 1] = clamp((112 - 46 * u + 52 * v) * dim);
      frame[o + 2] = clamp((128 - warm - 24 * u - 70 * v) * dim);
    }
  }
  return frame;
}

/** Height of the knob's print at mm from its centre, 0…1: a soft-edged block with three raised ribs. */
function printHeight(x: number, y: number): number {
  const block = ramp(KNOB_MM.wide / 2 - Math.abs(x)) * ramp(KNOB_MM.tall / 2 - Math.abs(y));
  const inside = ramp(KNOB_MM.tall / 2 - 0.4 - Math.abs(y));
  const ribs = RIBS_MM.reduce((most, rib) => Math.max(most, ramp(RIB_HALF_MM - Math.abs(x - rib), 0.8) * inside), 0);
  return block * 0.72 + ribs * 0.28;
}

function ramp(inside: number, soft: number = KNOB_MM.soft): number {
  const share = Math.min(1, Math.max(0, inside / soft + 0.5));
  return share * share * (3 - 2 * share);
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
}
