import type { BodyTrack } from '../../../shared/geometry/body-track.ts';
import type { Calibration } from '../../../shared/geometry/calibration.ts';
import { type ProjectedPoint, type ProjectedSensor, residualPx } from '../../../shared/geometry/projection.ts';
import { SIDE_COLORS, SIDE_LETTERS, sensorsIn } from '../../../shared/geometry/sensor-marks.ts';
import type { ShownTick } from '../../playback/player.ts';
import type { Box } from '../fit.ts';
import type { PictureMark } from '../image-view.ts';
import { phaseAt, type RingPhase, useInHand } from '../in-hand.ts';
import { type Measurement, usePaneState } from '../pane-state.ts';

const AXIS_COLORS = { x: '#ff3b30', y: '#34c759', z: '#4aa8ff' } as const;
const FROZEN_COLOR = '#ff1a1a';
/** As --color-ring. */
const RING_COLOR = '#ffd21e';
const RING_PX = 16;

export interface OverlaySources {
  stream: string;
  tracks: readonly BodyTrack[];
  /** The chosen folder; undefined for none. */
  calibration(): Calibration | undefined;
}

/** Draws where the calibration says the sensors are, over a camera's picture. */
export class ProjectionOverlay implements PictureMark {
  private readonly context: CanvasRenderingContext2D;
  private isBlank = true;
  private widthPx = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly sources: OverlaySources,
  ) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser draws no 2D canvas; use another one.');
    this.context = context;
  }

  draw(shown: ShownTick, box: Box): void {
    const { isOverlayShown, measurement } = usePaneState.getState();
    const calibration = isOverlayShown ? this.sources.calibration() : undefined;
    const camera = calibration?.cameras.find(({ stream }) => stream === this.sources.stream);
    const sensors =
      calibration && camera ? sensorsIn(calibration, camera, this.sources.tracks, shown.header.timeNs) : [];
    const isMeasured = measurement?.stream === this.sources.stream && measurement.tick === shown.header.tick;
    this.fit(box);
    this.clear();
    if (sensors.length === 0 && !isMeasured) return;
    this.isBlank = false;
    const storedWidth = camera?.width ?? 640;
    const scale = box.width / storedWidth;
    const { context } = this;
    context.save();
    context.scale(devicePixelRatio, devicePixelRatio);
    this.widthPx = box.width;
    for (const { side, projected, isFrozen } of sensors) this.sensor(side, projected, isFrozen, scale);
    const { inHand } = useInHand.getState();
    const phase = inHand && phaseAt(inHand, shown.header.tick);
    for (const { side, projected } of phase ? sensors : [])
      if (inHand?.sides.includes(side)) this.ring(projected.center, phase as RingPhase, inHand.word, scale);
    if (isMeasured && measurement) this.cross(measurement, scale);
    context.restore();
  }

  private sensor(side: 'left' | 'right', { center, axes }: ProjectedSensor, isFrozen: boolean, scale: number): void {
    const { context } = this;
    const x = center.u * scale;
    const y = center.v * scale;
    context.lineWidth = 1.5;
    context.font = '600 10px sans-serif';
    for (const axis of ['x', 'y', 'z'] as const) {
      const tip: ProjectedPoint | undefined = axes[axis];
      if (!tip) continue;
      context.strokeStyle = AXIS_COLORS[axis];
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(tip.u * scale, tip.v * scale);
      context.stroke();
      this.letter(axis.toUpperCase(), tip.u * scale + 3, tip.v * scale + 3, AXIS_COLORS[axis]);
    }
    this.dot(x, y, 6, '#ffffff');
    this.dot(x, y, 4.5, SIDE_COLORS[side]);
    context.font = '700 12px sans-serif';
    this.letter(SIDE_LETTERS[side], x + 9, y - 7, SIDE_COLORS[side]);
    if (!isFrozen) return;
    context.strokeStyle = FROZEN_COLOR;
    context.lineWidth = 2.5;
    context.beginPath();
    context.arc(x, y, 11, 0, 2 * Math.PI);
    context.stroke();
    context.font = '700 10px sans-serif';
    this.word('FROZEN', x, 15, y + 10, FROZEN_COLOR);
  }

  /** Round the sensor in hand: dashed in the time around the event, whole and with a word within it. */
  private ring({ u, v }: ProjectedPoint, phase: RingPhase, word: string, scale: number): void {
    const { context } = this;
    const [x, y] = [u * scale, v * scale];
    for (const [color, width] of [
      ['rgb(0 0 0 / 75%)', 5],
      [RING_COLOR, 2.5],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.setLineDash(phase === 'now' ? [] : [5, 4]);
      context.beginPath();
      context.arc(x, y, RING_PX, 0, 2 * Math.PI);
      context.stroke();
    }
    context.setLineDash([]);
    if (phase !== 'now') return;
    context.font = '700 10px sans-serif';
    this.word(word, x, RING_PX + 3, y - RING_PX + 4, RING_COLOR);
  }

  private dot(x: number, y: number, radius: number, color: string): void {
    this.context.fillStyle = color;
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.context.fill();
  }

  /** Beside a sensor: at its right, or at its left where the picture would cut it off. */
  private word(text: string, x: number, besidePx: number, y: number, color: string): void {
    const { width } = this.context.measureText(text);
    const left = x - besidePx - width;
    const isCut = x <= this.widthPx && x + besidePx + width > this.widthPx;
    this.letter(text, isCut && left >= 0 ? left : x + besidePx, y, color);
  }

  /** A dark edge keeps letters readable on any picture. */
  private letter(text: string, x: number, y: number, color: string): void {
    const { context } = this;
    context.strokeStyle = 'rgb(0 0 0 / 75%)';
    context.lineWidth = 3;
    context.lineJoin = 'round';
    context.strokeText(text, x, y);
    context.fillStyle = color;
    context.fillText(text, x, y);
    context.lineWidth = 1.5;
  }

  private cross({ u, v }: Measurement, scale: number): void {
    const { context } = this;
    for (const [color, width] of [
      ['rgb(0 0 0 / 75%)', 3],
      ['#ffffff', 1],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(u * scale - 8, v * scale);
      context.lineTo(u * scale + 8, v * scale);
      context.moveTo(u * scale, v * scale - 8);
      context.lineTo(u * scale, v * scale + 8);
      context.stroke();
    }
  }

  private fit(box: Box): void {
    const width = Math.round(box.width * devicePixelRatio);
    const height = Math.round(box.height * devicePixelRatio);
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.isBlank = true;
  }

  clear(): void {
    if (this.isBlank) return;
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.isBlank = true;
  }
}

/** How far every calibration folder puts its nearest sensor from where a person says it is, best first. */
export function measure(
  click: { u: number; v: number },
  stream: string,
  calibrations: readonly Calibration[],
  tracks: readonly BodyTrack[],
  shown: ShownTick,
): Measurement {
  const results = calibrations.flatMap((calibration) => {
    const camera = calibration.cameras.find((candidate) => candidate.stream === stream);
    if (!camera) return [];
    const nearest = sensorsIn(calibration, camera, tracks, shown.header.timeNs)
      .map(({ side, projected }) => ({ side, residualPx: residualPx(click, projected.center) }))
      .sort((a, b) => a.residualPx - b.residualPx)[0];
    return nearest ? [{ calibration: calibration.id, name: calibration.name, ...nearest }] : [];
  });
  results.sort((a, b) => a.residualPx - b.residualPx);
  return { stream, tick: shown.header.tick, ...click, results };
}
