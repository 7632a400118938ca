import { SIDE_COLORS, SIDE_LETTERS } from '../../../shared/geometry/sensor-marks.ts';
import { type Area, Canvas, type Rgb, textWidthPx } from './canvas.ts';
import { PANEL_HEIGHT, PANEL_WIDTH, type PanelPlan, type PanelTile, TEXT_AREA } from './layout.ts';
import { drawDifference, drawPicture, type StoredPicture } from './resize.ts';

export interface PanelPoint {
  x: number;
  y: number;
}

/** A projected sensor in pixels of its tile. */
export interface PanelMark {
  side: 'left' | 'right';
  center: PanelPoint;
  axes: { x: PanelPoint | null; y: PanelPoint | null; z: PanelPoint | null };
  /** Ringed in red, with the word that says why. */
  ring: string | null;
}

/** What a panel says of a tick besides its pictures. Plain data. */
export interface PanelTick {
  tick: number;
  /** From the episode's start, as recorded. */
  timeNs: number;
  /** In the order of the plan's bodies: x y z qx qy qz qw in metres; null for "no data". Frozen for ever: never measured yet. */
  bodies: ({ pose: number[]; frozenS: number | null } | null)[];
  /** By tile. */
  marks: PanelMark[][];
  /** By tile: framed in red, with the word that says why. */
  frames: (string | null)[];
  notes: { text: string; color: Rgb }[];
}

/** A picture, or in one word why there is none: that tile is grey. */
export type PanelImage = StoredPicture | { missing: string };

const TILE_LABEL: Rgb = [200, 200, 200];
const TEXT: Rgb = [225, 225, 225];
const QUIET: Rgb = [150, 150, 150];
const RED: Rgb = [255, 0, 0];
/** Words in the ring's colour, brighter, for they stand on black and on pictures. */
export const ALARM: Rgb = [255, 70, 60];
const WHITE: Rgb = [255, 255, 255];
const GREY: Rgb = [128, 128, 128];
const AXES: Record<'x' | 'y' | 'z', Rgb> = { x: [255, 0, 0], y: [0, 255, 0], z: [0, 128, 255] };

/** Heights of capitals, in pixels: what Hershey's 0.38, 0.42, 0.45 and 0.55 come to. */
const SIZES = { value: 8, label: 9, name: 9.5, title: 11.5, tick: 17 } as const;

/** Composes the panels of one recording, one after the other. */
export class Composer {
  readonly #plan: PanelPlan;
  readonly #backdrop: Uint8Array;
  readonly #references = new Map<number, StoredPicture>();

  constructor(plan: PanelPlan) {
    this.#plan = plan;
    this.#backdrop = new Uint8Array(PANEL_WIDTH * PANEL_HEIGHT * 3);
    const canvas = new Canvas(this.#backdrop, PANEL_WIDTH, PANEL_HEIGHT);
    for (const [line, text] of plan.facts.entries()) {
      this.#line(canvas, text, 268 + 20 * line, { color: TEXT, capitalPx: SIZES.name });
    }
    if (plan.bodies.length > 0) this.#line(canvas, 'OptiTrack', 20, { color: TEXT, capitalPx: SIZES.title });
    for (const [at, { name, color }] of plan.bodies.entries()) {
      this.#line(canvas, name, bodyBaseline(at), { color, capitalPx: SIZES.name });
    }
    if (plan.bodiesLeftOut > 0) {
      const text = `+ ${plan.bodiesLeftOut} more`;
      const right = TEXT_AREA.x + TEXT_AREA.width - 10 - textWidthPx(text, SIZES.value);
      canvas.text(text, right, 20, { color: QUIET, capitalPx: SIZES.value });
    }
  }

  /** What changes of an image are shown against from now on; the first picture that comes where none was set. */
  setReference(image: number, picture: StoredPicture): void {
    this.#references.set(image, picture);
  }

  /** Fills `into`, RGB of the panel's size. */
  compose(tick: PanelTick, images: readonly PanelImage[], into: Uint8Array): void {
    into.set(this.#backdrop);
    const canvas = new Canvas(into, PANEL_WIDTH, PANEL_HEIGHT);
    for (const [at, tile] of this.#plan.tiles.entries()) {
      canvas.within(tile.area, () => {
        this.#picture(canvas, tile, images[tile.image] ?? { missing: 'none' });
        drawMarks(canvas, tile.area, tick.marks[at] ?? []);
        const word = tick.frames[at];
        if (word) this.#frame(canvas, tile.area, word);
        const style = { color: TILE_LABEL, capitalPx: SIZES.label, edge: true };
        canvas.text(tile.label, tile.area.x + 8, tile.area.y + 16, style);
      });
    }
    for (const [at, body] of tick.bodies.entries()) this.#body(canvas, at, body);
    this.#moment(canvas, tick);
  }

  #picture(canvas: Canvas, { area, image, shows }: PanelTile, picture: PanelImage): void {
    if ('missing' in picture) {
      canvas.fill(area, GREY);
      const color: Rgb = [60, 60, 60];
      const width = textWidthPx(picture.missing, SIZES.label);
      const left = area.x + (area.width - width) / 2;
      canvas.text(picture.missing, Math.max(area.x + 8, left), area.y + area.height / 2, {
        color,
        capitalPx: SIZES.label,
      });
      return;
    }
    if (shows === 'picture') {
      drawPicture(picture, canvas.pixels, PANEL_WIDTH, area);
      return;
    }
    const known = this.#references.get(image);
    const isUsable = known?.bytes.length === picture.bytes.length && known.width === picture.width;
    if (!isUsable) this.#references.set(image, { ...picture, bytes: picture.bytes.slice() });
    drawDifference(picture, isUsable ? known.bytes : picture.bytes, canvas.pixels, PANEL_WIDTH, area);
  }

  #frame(canvas: Canvas, area: Area, word: string): void {
    canvas.frame(area, 4, RED);
    const style = { color: ALARM, capitalPx: SIZES.label, strokePx: 1.6, edge: true };
    canvas.text(word, area.x + 12, area.y + area.height - 14, style);
  }

  #body(canvas: Canvas, at: number, body: PanelTick['bodies'][number]): void {
    const top = bodyBaseline(at);
    const style = { color: TEXT, capitalPx: SIZES.value };
    if (!body) {
      this.#line(canvas, 'no data', top + 16, { ...style, color: QUIET });
      return;
    }
    const { side } = this.#plan.bodies[at] as PanelPlan['bodies'][number];
    const [x = 0, y = 0, z = 0, qx = 0, qy = 0, qz = 0, qw = 0] = body.pose;
    this.#line(canvas, `x=${signed(x, 3)}  y=${signed(y, 3)}  z=${signed(z, 3)}`, top + 16, style);
    this.#line(canvas, `qx=${signed(qx, 2)}  qy=${signed(qy, 2)}`, top + 31, style);
    this.#line(canvas, `qz=${signed(qz, 2)}  qw=${signed(qw, 2)}`, top + 46, style);
    const right = TEXT_AREA.x + TEXT_AREA.width - 12;
    if (side) {
      canvas.disc(right - 4, top - 4, 5, WHITE);
      canvas.disc(right - 4, top - 4, 4, rgbOf(SIDE_COLORS[side]));
    }
    if (body.frozenS === null) return;
    const text = Number.isFinite(body.frozenS) ? `FROZEN ${body.frozenS.toFixed(1)} s` : 'FROZEN';
    const left = right - (side ? 18 : 0) - textWidthPx(text, SIZES.label);
    canvas.text(text, left, top, { color: ALARM, capitalPx: SIZES.label, strokePx: 1.5 });
  }

  #moment(canvas: Canvas, { tick, timeNs, notes }: PanelTick): void {
    const label = this.#line(canvas, 'tick', 338, { color: QUIET, capitalPx: SIZES.name });
    const number = { color: WHITE, capitalPx: SIZES.tick, strokePx: 2 };
    const end = canvas.text(String(tick), label + 10, 338, number);
    canvas.text(`/ ${this.#plan.ticks - 1}`, end + 10, 338, { color: QUIET, capitalPx: SIZES.name });
    this.#line(canvas, `${(timeNs / 1e9).toFixed(3)} s`, 362, { color: TEXT, capitalPx: SIZES.title });
    for (const [line, { text, color }] of notes.entries()) {
      this.#line(canvas, text, 394 + 18 * line, { color, capitalPx: SIZES.label });
    }
  }

  #line(canvas: Canvas, text: string, baseline: number, style: Parameters<Canvas['text']>[3]): number {
    const room = TEXT_AREA.width - 16;
    let fitting = text;
    while (fitting.length > 1 && textWidthPx(fitting, style.capitalPx) > room) fitting = `${fitting.slice(0, -2)}…`;
    return canvas.text(fitting, TEXT_AREA.x + 8, baseline, style);
  }
}

const bodyBaseline = (at: number): number => 46 + 66 * at;

/** Always with its sign, and minus nothing is nothing. */
function signed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  const isZero = Number(text) === 0;
  return isZero ? `+${text.replace('-', '')}` : value < 0 ? text : `+${text}`;
}

/** All axes first: one sensor's must not hide another's place and letter. */
function drawMarks(canvas: Canvas, area: Area, marks: readonly PanelMark[]): void {
  const at = ({ x, y }: PanelPoint) => [area.x + x, area.y + y] as const;
  for (const { center, axes } of marks) {
    for (const axis of ['x', 'y', 'z'] as const) {
      const tip = axes[axis];
      if (!tip) continue;
      canvas.line(...at(center), ...at(tip), 1.5, AXES[axis]);
      const [x, y] = at(tip);
      canvas.text(axis.toUpperCase(), x + 3, y + 3, { color: AXES[axis], capitalPx: 6, edge: true });
    }
  }
  for (const { side, center, ring } of marks) {
    const [x, y] = at(center);
    const color = rgbOf(SIDE_COLORS[side]);
    canvas.disc(x, y, 3, WHITE);
    canvas.disc(x, y, 2, color);
    canvas.text(SIDE_LETTERS[side], x + 8, y - 5, { color, capitalPx: 8, strokePx: 1.6, edge: true });
    if (ring === null) continue;
    canvas.ring(x, y, 6, 1.5, RED);
    canvas.text(ring, x + 10, y + 11, { color: ALARM, capitalPx: 7, strokePx: 1.4, edge: true });
  }
}

function rgbOf(hex: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}
