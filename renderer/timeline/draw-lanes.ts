import type { TickRange } from '../../shared/time/ranges.ts';
import { lowerBound, upperBound } from '../../shared/time/sampling.ts';
import { columnsOf } from './decimation.ts';
import { drawStrip, STRIP_PX } from './draw-strip.ts';
import { type Gap, gapsWithin } from './gaps.ts';
import type { Lane, Mark, TimelineModel } from './lanes.ts';
import { drawSegmentsSmall } from './marks/draw-segments.ts';
import type { Palette } from './palette.ts';
import { rulerMarks, tickLinesVisible } from './ruler.ts';
import { type TimeWindow, xOfTime } from './zoom.ts';

/** No length in words is shorter. */
const LEAST_ROOM_PX = 40;

/** Everything a drawing needs to know. The context is scaled so that one unit is one CSS pixel. */
export interface Scene {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly window: TimeWindow;
  readonly widthPx: number;
  readonly model: TimelineModel;
}

/** Gives the canvas a CSS box and as many pixels as the screen has in it, and answers a context in CSS pixels, wiped. */
export function prepareCanvas(canvas: HTMLCanvasElement, widthPx: number, heightPx: number): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(widthPx * ratio));
  const height = Math.max(1, Math.round(heightPx * ratio));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    // Its own size is in device pixels: on a screen with several to a CSS pixel it would be laid out that much larger.
    canvas.style.width = `${widthPx}px`;
    canvas.style.height = `${heightPx}px`;
  }
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, widthPx, heightPx);
  return context;
}

export function drawRuler(scene: Scene, heightPx: number): void {
  const { context, palette, window, widthPx, model } = scene;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, widthPx, heightPx);
  drawGapBands(scene, model.gaps, 0, heightPx);
  context.font = `11px ${palette.fontUi}`;
  context.textBaseline = 'middle';
  const taken: Taken[] = [];
  for (const mark of rulerMarks(window, widthPx)) {
    const x = Math.round(xOfTime(window, widthPx, mark.ns)) + 0.5;
    const isLabelled = mark.label !== undefined;
    context.strokeStyle = isLabelled ? palette.borderStrong : palette.border;
    line(context, x, heightPx - (isLabelled ? 12 : 4), x, heightPx);
    if (mark.label === undefined) continue;
    context.fillStyle = palette.muted;
    // Beside its mark, where a playhead that stands on the mark does not cover it.
    const width = context.measureText(mark.label).width;
    if (x + 8 + width >= widthPx) continue;
    context.fillText(mark.label, x + 8, heightPx / 2 - 1);
    // With the patch that other words stand on.
    taken.push({ from: x - 4, to: x + 14 + width });
  }
  nameGaps(scene, model.gaps, 0, heightPx, taken);
  drawTickLines(scene, heightPx - 3, heightPx);
}

/** One short line a tick, where there is room to tell them apart: steps of the recording become visible. */
function drawTickLines({ context, palette, window, widthPx, model }: Scene, top: number, bottom: number): void {
  const from = lowerBound(model.times, window.startNs);
  const to = upperBound(model.times, window.endNs);
  if (!tickLinesVisible(to - from, widthPx)) return;
  context.strokeStyle = palette.muted;
  for (let tick = from; tick < to; tick++) {
    const x = Math.round(xOfTime(window, widthPx, model.times[tick] as number)) + 0.5;
    line(context, x, top, x, bottom);
  }
}

/** All lanes, one under the other, at their heights; "seen" is left free for drawSeen, segments for marks/MarksLayer.tsx. */
export function drawLanes(scene: Scene, lanes: readonly Lane[]): void {
  const { context, palette, widthPx } = scene;
  let top = 0;
  for (const lane of lanes) {
    if (lane.content.kind === 'samples') drawSamples(scene, lane, top);
    if (lane.content.kind === 'marks') drawMarks(scene, lane.content.marks, top, lane.heightPx);
    top += lane.heightPx;
    context.strokeStyle = palette.border;
    line(context, 0, top - 0.5, widthPx, top - 0.5);
  }
}

function drawSamples(scene: Scene, lane: Lane, top: number): void {
  if (lane.content.kind !== 'samples') return;
  const { context, palette, window, widthPx, model } = scene;
  const { losses, holds, fault, curve, strip } = lane.content;
  const height = lane.heightPx - 1;
  const colour = lane.side === 'left' ? palette.left : lane.side === 'right' ? palette.right : palette.muted;
  const x0 = Math.max(0, xOfTime(window, widthPx, model.startNs));
  const x1 = Math.min(widthPx, xOfTime(window, widthPx, model.endNs));
  if (fault) {
    hatch(scene, x0, top, x1 - x0, height, palette.bad);
    label(scene, fault, x0 + 4, top + height / 2, x1 - x0 - 8, palette.bad);
    return;
  }
  const barTop = curve ? top + height - 3 : strip ? top + 3 : top + Math.round(height / 2) - 2;
  const barHeight = curve ? 2 : strip ? 3 : 4;
  context.globalAlpha = curve ? 0.9 : 0.65;
  context.fillStyle = colour;
  let from = x0;
  for (const loss of gapsWithin(losses, window.startNs, window.endNs)) {
    const start = xOfTime(window, widthPx, loss.startNs);
    if (start > from) context.fillRect(from, barTop, start - from, barHeight);
    from = Math.max(from, xOfTime(window, widthPx, loss.endNs));
  }
  if (x1 > from) context.fillRect(from, barTop, x1 - from, barHeight);
  context.globalAlpha = 1;
  if (curve) drawCurve(scene, lane, top, height - 4, colour);
  if (strip) drawStrip(scene, strip, top + height - STRIP_PX, colour);
  for (const hold of gapsWithin(holds, window.startNs, window.endNs)) drawHold(scene, hold, top, height);
  drawGapBands(scene, losses, top, height);
  nameGaps(scene, losses, top, height);
}

/** The envelope of a signal over the pixel columns, joined where columns are empty between two samples. */
function drawCurve(scene: Scene, lane: Lane, top: number, height: number, colour: string): void {
  if (lane.content.kind !== 'samples' || !lane.content.curve) return;
  const { context, palette, window, widthPx } = scene;
  const { signal, top: scaleTop } = lane.content.curve;
  const { least, most } = columnsOf(signal, window, widthPx);
  const y = (value: number) => top + height - Math.min(1, value / scaleTop) * (height - 2);
  const limit = lossOfPixels(scene, lane);
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.25;
  context.beginPath();
  let last = -1;
  for (let column = 0; column < least.length; column++) {
    const low = least[column] as number;
    const high = most[column] as number;
    if (Number.isNaN(low)) continue;
    if (last < 0 || column - last > limit) context.moveTo(column + 0.5, y(low));
    else context.lineTo(column + 0.5, y(low));
    if (high !== low) context.lineTo(column + 0.5, y(high));
    last = column;
  }
  context.stroke();
  context.lineWidth = 1;
  context.fillStyle = palette.bad;
  for (let column = 0; column < most.length; column++) {
    // A value beyond the scale is cut off: an arrow head says so.
    if ((most[column] as number) > scaleTop) triangle(context, column + 0.5, top + 1, 3.5);
  }
}

/** Columns that may lie empty between two samples before the line breaks: what the shortest loss of the lane covers. */
function lossOfPixels({ window, widthPx, model }: Scene, lane: Lane): number {
  const shortest =
    lane.content.kind === 'samples'
      ? lane.content.losses.reduce((least, loss) => Math.min(least, loss.endNs - loss.startNs), model.endNs)
      : model.endNs;
  return Math.max(1, (shortest / (window.endNs - window.startNs)) * widthPx - 1);
}

function drawHold(scene: Scene, hold: Gap, top: number, height: number): void {
  const { context, palette, window, widthPx } = scene;
  const x = xOfTime(window, widthPx, hold.startNs);
  const width = Math.max(2, xOfTime(window, widthPx, hold.endNs) - x);
  context.save();
  context.strokeStyle = palette.warning;
  context.setLineDash([2, 3]);
  context.strokeRect(x + 0.5, top + 1.5, width - 1, height - 3);
  context.restore();
  const shown = Math.max(0, x);
  label(scene, 'held', shown + 4, top + 8, x + width - shown - 8, palette.warning);
}

/** Hatched, and never thinner than a person can see. */
export function drawGapBands(scene: Scene, gaps: readonly Gap[], top: number, height: number): void {
  const { palette, window, widthPx } = scene;
  let until = Number.NEGATIVE_INFINITY;
  for (const gap of gapsWithin(gaps, window.startNs, window.endNs)) {
    const x = Math.max(0, xOfTime(window, widthPx, gap.startNs));
    const end = Math.min(widthPx, xOfTime(window, widthPx, gap.endNs));
    const width = Math.max(2, end - x);
    // Thousands of gaps far zoomed out share pixels: one band for all that fall together.
    if (x + width <= until) continue;
    hatch(scene, x, top, width, height, palette.bad);
    until = x + width;
  }
}

/** A stretch of the ruler that has words already. */
interface Taken {
  from: number;
  to: number;
}

/** How long each is in words, in the widest part of it where nothing else is said, if there is room. */
function nameGaps(scene: Scene, gaps: readonly Gap[], top: number, height: number, taken: readonly Taken[] = []): void {
  const { palette, window, widthPx } = scene;
  for (const gap of gapsWithin(gaps, window.startNs, window.endNs)) {
    const from = Math.max(0, xOfTime(window, widthPx, gap.startNs)) + 4;
    const to = Math.min(widthPx, xOfTime(window, widthPx, gap.endNs)) - 4;
    if (to - from < LEAST_ROOM_PX) continue;
    const free = widestFree({ from, to }, taken);
    label(scene, gapText(gap), free.from, top + height / 2, free.to - free.from, palette.text);
  }
}

/** `taken` stands from left to right, without overlaps. */
function widestFree({ from, to }: Taken, taken: readonly Taken[]): Taken {
  let [widest, start] = [{ from, to: from }, from];
  for (const other of [...taken, { from: to, to }]) {
    const end = Math.min(to, other.from);
    if (end - start > widest.to - widest.from) widest = { from: start, to: end };
    start = Math.max(start, other.to);
  }
  return widest;
}

function gapText(gap: Gap): string {
  const seconds = (gap.endNs - gap.startNs) / 1e9;
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms missing` : `${seconds.toFixed(2)} s missing`;
}

function drawMarks(scene: Scene, marks: readonly Mark[], top: number, laneHeight: number, named = true): void {
  const { context, palette, window, widthPx, model } = scene;
  const last = model.times.length - 1;
  const y = top + laneHeight / 2 - 0.5;
  const xOf = (tick: number) => xOfTime(window, widthPx, model.times[Math.min(tick, last)] ?? 0);
  for (const [index, mark] of marks.entries()) {
    const startNs = model.times[Math.min(mark.ticks[0], last)] ?? 0;
    const endNs = model.times[Math.min(mark.ticks[1], last)] ?? startNs;
    const x = xOfTime(window, widthPx, startNs);
    const end = xOfTime(window, widthPx, endNs);
    if (end < -6 || x > widthPx + 6) continue;
    const colour = palette[mark.tone];
    context.fillStyle = colour;
    if (mark.ticks[1] > mark.ticks[0]) {
      context.globalAlpha = 0.35;
      context.fillRect(x, y - 4, Math.max(2, end - x), 8);
      context.globalAlpha = 1;
    }
    drawShape(context, mark.shape, x, y);
    if (!named || mark.label === undefined) continue;
    const next = marks[index + 1];
    const room = (next ? xOf(next.ticks[0]) - MARK_PX : widthPx) - Math.max(0, x);
    label(scene, mark.label, Math.max(0, x) + MARK_PX, y, room - MARK_PX - 4, palette.text);
  }
}

const MARK_PX = 9;

/** Every kind of mark has a shape of its own. */
function drawShape(context: CanvasRenderingContext2D, shape: Mark['shape'], x: number, y: number): void {
  context.strokeStyle = context.fillStyle;
  context.lineWidth = 2;
  if (shape === 'note') diamond(context, x, y, 5);
  else if (shape === 'problem') triangle(context, x, y - 5, 10);
  else if (shape === 'flag') flag(context, x, y);
  else if (shape === 'task') context.fillRect(x - 4, y - 4, 8, 8);
  else if (shape === 'failure') {
    line(context, x - 4, y - 4, x + 4, y + 4);
    line(context, x - 4, y + 4, x + 4, y - 4);
  } else if (shape === 'sync') context.fillRect(x - 1, y - 6, 2, 12);
  else if (shape === 'overrun') polygon(context, [x - 5, y - 4, x + 5, y - 4, x, y + 5]);
  else if (shape === 'handoff') polygon(context, [x - 4, y - 5, x + 5, y, x - 4, y + 5]);
  else {
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    if (shape === 'recovery') context.fill();
    else context.stroke();
  }
  context.lineWidth = 1;
}

/** The ticks that were really painted: filled, on an outlined base, so that unseen parts read as empty. */
export function drawSeen(scene: Scene, seen: readonly TickRange[], heightPx: number): void {
  const { context, palette, window, widthPx, model } = scene;
  const x0 = Math.max(0, xOfTime(window, widthPx, model.startNs));
  const x1 = Math.min(widthPx, xOfTime(window, widthPx, model.endNs));
  const top = Math.round(heightPx / 2) - 3;
  context.fillStyle = palette.border;
  context.fillRect(x0, top + 2, x1 - x0, 1);
  context.fillStyle = palette.good;
  const last = model.times.length - 1;
  for (const [from, to] of seen) {
    const x = xOfTime(window, widthPx, model.times[Math.min(from, last)] ?? 0);
    const end = xOfTime(window, widthPx, model.times[Math.min(to + 1, last)] ?? 0);
    if (end < 0 || x > widthPx) continue;
    context.fillRect(x, top, Math.max(1, end - x), 5);
  }
}

/** The whole recording in a strip: seen ticks, gaps, marks. `scene.window` is the whole. */
export function drawOverview(scene: Scene, seen: readonly TickRange[], lanes: readonly Lane[], heightPx: number): void {
  const { context, palette, widthPx } = scene;
  context.fillStyle = palette.bg;
  context.fillRect(0, 0, widthPx, heightPx);
  drawGapBands(scene, scene.model.gaps, 0, heightPx);
  context.save();
  context.translate(0, heightPx - 8);
  drawSeen(scene, seen, 8);
  context.restore();
  for (const lane of lanes) {
    if (lane.content.kind === 'marks') drawMarks(scene, lane.content.marks, 0, heightPx - 5, false);
    if (lane.content.kind === 'segments') drawSegmentsSmall(scene, lane.content.segments, heightPx - 5);
  }
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  polygon(context, [x, y, x + size / 2, y + size * 0.9, x - size / 2, y + size * 0.9]);
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  polygon(context, [x, y - radius, x + radius, y, x, y + radius, x - radius, y]);
}

/** A pole at its place, and a pennant behind it. */
function flag(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.fillRect(x - 1, y - 6, 2, 12);
  polygon(context, [x, y - 6, x + 8, y - 3, x, y + 1]);
}

/** Filled; corners as x, y, x, y … */
function polygon(context: CanvasRenderingContext2D, corners: readonly number[]): void {
  context.beginPath();
  for (let index = 0; index < corners.length; index += 2) {
    context.lineTo(corners[index] as number, corners[index + 1] as number);
  }
  context.closePath();
  context.fill();
}

function hatch(scene: Scene, x: number, y: number, width: number, height: number, colour: string): void {
  const { context } = scene;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.globalAlpha = 0.14;
  context.fillStyle = colour;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 0.75;
  context.strokeStyle = colour;
  context.beginPath();
  const first = Math.floor((x - height) / 6) * 6;
  for (let at = first; at < x + width; at += 6) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
}

/** Text on a patch of surface, left out where it does not fit. */
function label(scene: Scene, text: string, x: number, y: number, room: number, colour: string): void {
  const { context, palette } = scene;
  context.font = `10px ${palette.fontUi}`;
  context.textBaseline = 'middle';
  const width = context.measureText(text).width;
  if (width > room) return;
  context.fillStyle = palette.surface;
  context.globalAlpha = 0.85;
  context.fillRect(x - 2, y - 6, width + 4, 12);
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.fillText(text, x, y + 0.5);
}
