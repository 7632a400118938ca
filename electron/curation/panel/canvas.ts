import { BOTTOM_UNITS, CAPITAL_UNITS, GAP_UNITS, glyphOf, TOP_UNITS } from './glyphs.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

/** A rectangle of pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface TextStyle {
  color: Rgb;
  /** Height of a capital in pixels. */
  capitalPx: number;
  /** Width of a stroke in pixels; default 1.25. */
  strokePx?: number;
  /** A dark edge, for text on pictures. */
  edge?: boolean;
}

/** Share of dark that the edge of a text or a mark lays over a picture. */
const EDGE = 0.72;
const BLACK: Rgb = [0, 0, 0];

/** How far a disc of this radius covers a pixel whose centre lies `distance` away, 0…1: one pixel of transition. */
const covered = (radius: number, distance: number): number => Math.min(1, Math.max(0, radius - distance + 0.5));

/** Draws on RGB pixels (interleaved, rows top to bottom), smooth at the edges. Everything is clipped to the area given. */
export class Canvas {
  private clip: Area;

  constructor(
    readonly pixels: Uint8Array,
    readonly width: number,
    readonly height: number,
  ) {
    this.clip = { x: 0, y: 0, width, height };
  }

  /** Draws within an area only: marks of one picture never reach its neighbour. */
  within(area: Area, draw: () => void): void {
    const before = this.clip;
    this.clip = area;
    draw();
    this.clip = before;
  }

  fill({ x, y, width, height }: Area, [red, green, blue]: Rgb): void {
    const { pixels } = this;
    for (let row = y; row < y + height; row += 1) {
      let at = (row * this.width + x) * 3;
      for (let column = 0; column < width; column += 1) {
        pixels[at++] = red;
        pixels[at++] = green;
        pixels[at++] = blue;
      }
    }
  }

  /** Coordinates are those of pixel edges: the centre of the first pixel is (0.5, 0.5). */
  line(x1: number, y1: number, x2: number, y2: number, widthPx: number, color: Rgb): void {
    const reach = widthPx / 2 + 1;
    const dx = x2 - x1;
    const dy = y2 - y1;
    const squared = dx * dx + dy * dy;
    this.each(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2), reach, color, (x, y) => {
      const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / squared));
      return covered(widthPx / 2, Math.hypot(x - x1 - along * dx, y - y1 - along * dy));
    });
  }

  disc(x: number, y: number, radiusPx: number, color: Rgb): void {
    this.each(x, y, x, y, radiusPx + 1, color, (px, py) => covered(radiusPx, Math.hypot(px - x, py - y)));
  }

  /** A circle's line, as wide inwards as outwards. */
  ring(x: number, y: number, radiusPx: number, widthPx: number, color: Rgb): void {
    const reach = radiusPx + widthPx / 2 + 1;
    this.each(x, y, x, y, reach, color, (px, py) =>
      covered(widthPx / 2, Math.abs(Math.hypot(px - x, py - y) - radiusPx)),
    );
  }

  /** A frame inside an area's edges. */
  frame({ x, y, width, height }: Area, widthPx: number, color: Rgb): void {
    this.fill({ x, y, width, height: widthPx }, color);
    this.fill({ x, y: y + height - widthPx, width, height: widthPx }, color);
    this.fill({ x, y, width: widthPx, height }, color);
    this.fill({ x: x + width - widthPx, y, width: widthPx, height }, color);
  }

  /** `y` is the baseline. Answers where the text ends. */
  text(text: string, x: number, y: number, style: TextStyle): number {
    const { capitalPx, color, strokePx = 1.25, edge = false } = style;
    const unit = capitalPx / CAPITAL_UNITS;
    if (edge) this.glyphs(text, x, y, unit, strokePx + 2.2, EDGE, BLACK);
    return this.glyphs(text, x, y, unit, strokePx, 1, color);
  }

  private glyphs(
    text: string,
    x: number,
    y: number,
    unit: number,
    strokePx: number,
    share: number,
    color: Rgb,
  ): number {
    let pen = x;
    for (const character of text) {
      const mask = glyphMask(character, unit, strokePx);
      this.blend(mask, Math.round(pen) + mask.left, Math.round(y) + mask.top, share, color);
      pen += (glyphOf(character).widthUnits + GAP_UNITS) * unit;
    }
    return pen - GAP_UNITS * unit;
  }

  private blend({ width, height, shares }: Mask, left: number, top: number, share: number, color: Rgb): void {
    const { clip } = this;
    for (let row = Math.max(0, clip.y - top); row < Math.min(height, clip.y + clip.height - top); row += 1) {
      for (let column = Math.max(0, clip.x - left); column < Math.min(width, clip.x + clip.width - left); column += 1) {
        const part = (shares[row * width + column] as number) * share;
        if (part > 0) this.mix(((top + row) * this.width + left + column) * 3, part, color);
      }
    }
  }

  private each(
    left: number,
    top: number,
    right: number,
    bottom: number,
    reach: number,
    color: Rgb,
    shareAt: (x: number, y: number) => number,
  ): void {
    const { clip } = this;
    const lastX = Math.min(clip.x + clip.width - 1, Math.ceil(right + reach));
    const lastY = Math.min(clip.y + clip.height - 1, Math.ceil(bottom + reach));
    for (let y = Math.max(clip.y, Math.floor(top - reach)); y <= lastY; y += 1) {
      for (let x = Math.max(clip.x, Math.floor(left - reach)); x <= lastX; x += 1) {
        const share = shareAt(x + 0.5, y + 0.5);
        if (share > 0) this.mix((y * this.width + x) * 3, share, color);
      }
    }
  }

  private mix(at: number, share: number, color: Rgb): void {
    const { pixels } = this;
    for (let channel = 0; channel < 3; channel += 1) {
      const before = pixels[at + channel] as number;
      pixels[at + channel] = before + share * ((color[channel] as number) - before) + 0.5;
    }
  }
}

/** Width of a text in pixels. */
export function textWidthPx(text: string, capitalPx: number): number {
  const unit = capitalPx / CAPITAL_UNITS;
  const units = [...text].reduce((sum, character) => sum + glyphOf(character).widthUnits + GAP_UNITS, -GAP_UNITS);
  return Math.max(0, units) * unit;
}

/** How far a glyph covers the pixels around its pen position. */
interface Mask {
  left: number;
  top: number;
  width: number;
  height: number;
  shares: Float32Array;
}

/** Few sizes of few characters are ever written; names in foreign scripts must not make it grow without end. */
const MOST_MASKS = 2000;
const masks = new Map<string, Mask>();

function glyphMask(character: string, unit: number, strokePx: number): Mask {
  const key = `${character}${unit}/${strokePx}`;
  const known = masks.get(key);
  if (known) return known;
  if (masks.size >= MOST_MASKS) masks.clear();
  const { widthUnits, lines } = glyphOf(character);
  const margin = Math.ceil(strokePx / 2 + 1);
  const top = Math.floor((TOP_UNITS - CAPITAL_UNITS) * unit) - margin;
  const width = Math.ceil(widthUnits * unit) + 2 * margin;
  const height = Math.ceil((BOTTOM_UNITS - CAPITAL_UNITS) * unit) + margin - top;
  const shares = new Float32Array(width * height);
  const strokes = new Canvas(new Uint8Array(width * height * 3), width, height);
  for (const [x1, y1, x2, y2] of lines) {
    // Half a pixel: a stroke at a whole place covers one pixel and not two halves.
    const at = (x: number, y: number) => [x * unit + margin + 0.5, (y - CAPITAL_UNITS) * unit - top + 0.5] as const;
    strokes.line(...at(x1, y1), ...at(x2, y2), strokePx, [255, 255, 255]);
  }
  for (let at = 0; at < shares.length; at += 1) shares[at] = (strokes.pixels[at * 3] as number) / 255;
  const mask = { left: -margin, top, width, height, shares };
  masks.set(key, mask);
  return mask;
}
