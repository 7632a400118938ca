import uPlot from 'uplot';
import { formatTime } from '../../../shared/time/nanoseconds.ts';
import { nearest } from '../../../shared/time/sampling.ts';
import type { Player } from '../../playback/player.ts';
import { createFramePainter } from '../../timeline/frame-painter.ts';
import { setHover, useHover } from '../../timeline/hover.ts';
import { onThemeChange, type Palette, readPalette } from '../../timeline/palette.ts';
import { setTimelineWindow, useTimeline } from '../../timeline/selection.ts';
import { isSideways, panByWheel, zoomByWheel } from '../../timeline/wheel.ts';
import { clampWindow, type TimeWindow } from '../../timeline/zoom.ts';
import { type PlotLine, plotData } from './plot-data.ts';

export interface DrawnLine extends PlotLine {
  stroke(palette: Palette): string;
  /** Lengths of strokes and holes, CSS pixels. */
  dash?: number[] | undefined;
  /** Colour of what lies between the line and zero; a line further on in the list is drawn over it. */
  fill?: ((palette: Palette) => string) | undefined;
}

/** Values that the plot marks across its whole width: a joint's limits. */
export interface PlotLimit {
  value: number;
  stroke(palette: Palette): string;
}

/** A time that the plot marks at its top: a loop that took too long. */
export interface PlotMark {
  startNs: number;
  endNs: number;
}

export interface PlotViewOptions {
  host: HTMLElement;
  /** What the plot is called to who cannot see it. */
  title: string;
  player: Player;
  lines: readonly DrawnLine[];
  limits?: readonly PlotLimit[];
  marks?: readonly PlotMark[];
  /** Bottom and top of the scale for what is in sight; null where nothing is. */
  range(least: number | null, most: number | null): [number, number];
  /** The moment under the pointer, here or anywhere on the axis, while it is in sight; else null. */
  onMoment(timeNs: number | null): void;
}

/** Room for figures beside the plot, and of one of them. */
const AXIS_PX = 34;
const DIGIT_PX = 5.8;
/** Half the width of a mark's sign. */
const MARK_PX = 4;
/** A drag narrower than this is a click that slipped. */
const LEAST_DRAG_PX = 4;

/**
 * One plot with its playhead, on the time axis of the timeline: the same window, the same moment under the pointer, and what
 * is zoomed here is zoomed there. The curves are drawn when the window or the size changes; a tick moves only the playhead.
 */
export class PlotView {
  private plot: uPlot | undefined;
  private readonly playhead = document.createElement('div');
  private readonly stops: (() => void)[] = [];

  constructor(private readonly options: PlotViewOptions) {
    const { player, host } = options;
    this.playhead.style.cssText =
      'position:absolute;top:0;bottom:0;left:0;width:0;border-left:1px solid var(--color-text);pointer-events:none;will-change:transform';
    const isBusy = () => player.state().playing;
    const painter = createFramePainter(() => this.movePlayhead(), isBusy);
    const curves = createFramePainter(() => this.drawWindow(), isBusy);
    const observer = new ResizeObserver(() => this.build());
    observer.observe(host);
    this.stops.push(
      player.onShown(() => painter.request()),
      () => painter.cancel(),
      () => curves.cancel(),
      useTimeline.subscribe((now, before) => {
        if (now.window !== before.window) curves.request();
      }),
      useHover.subscribe(({ ns }) => this.showMoment(ns)),
      () => observer.disconnect(),
      onThemeChange(() => this.build()),
    );
    this.build();
  }

  remove(): void {
    for (const stop of this.stops) stop();
    if (this.plot && momentUnder(this.plot) !== null) setHover(null);
    this.plot?.destroy();
  }

  private build(): void {
    const { host, lines } = this.options;
    const { clientWidth: width, clientHeight: height } = host;
    this.describe();
    this.plot?.destroy();
    this.plot = undefined;
    if (width < 60 || height < 26) return;
    const palette = readPalette(host);
    const hasBands = lines.some(({ fill }) => fill);
    const font = `10px ${palette.fontUi}`;
    const axis = { stroke: palette.muted, font, grid: { stroke: palette.border, width: 1 }, ticks: { show: false } };
    const plot = new uPlot(
      {
        width,
        height,
        padding: [5, 12, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: true, y: false, setScale: false, dist: 4 }, points: { show: false } },
        scales: {
          x: {
            time: false,
            range: () => {
              const { startNs, endNs } = windowInSight();
              return [startNs / 1e9, endNs / 1e9];
            },
          },
          y: { range: (_, least, most) => this.options.range(least, most) },
        },
        axes: [
          { ...axis, size: 17, gap: 2, space: 64, values: (_, values) => values.map((value) => `${trimmed(value)} s`) },
          {
            ...axis,
            size: (_, values) => Math.max(AXIS_PX, ...(values ?? []).map((text) => text.length * DIGIT_PX + 8)),
            gap: 4,
            space: 15,
            values: (_, values) => values.map(trimmed),
          },
        ],
        series: [
          {},
          ...lines.map(({ stroke, dash, fill }) => ({
            stroke: stroke(palette),
            width: 1.25,
            ...(dash ? { dash } : {}),
            ...(fill ? { fill: fill(palette) } : {}),
            points: { show: false },
          })),
        ],
        hooks: {
          setSelect: [(self: uPlot) => this.zoomTo(self)],
          setCursor: [(self: uPlot) => setHover(momentUnder(self))],
          // Faint and under curves, but over bands, which would hide them.
          drawAxes: [(self: uPlot) => (hasBands ? undefined : this.drawLimits(self, palette, 0.55))],
          draw: [
            (self: uPlot) => (hasBands ? this.drawLimits(self, palette, 1) : undefined),
            (self: uPlot) => this.drawMarks(self, palette),
            // Scales are known when it has drawn, and not before.
            () => this.movePlayhead(),
          ],
        },
      },
      this.data(width) as uPlot.AlignedData,
      host,
    );
    plot.over.append(this.playhead);
    plot.over.addEventListener('click', (event) => this.seekTo(plot, event));
    plot.over.addEventListener('dblclick', showWhole);
    plot.over.addEventListener('wheel', (event) => turnWheel(plot, event), { passive: false });
    this.plot = plot;
  }

  private data(width: number): ReturnType<typeof plotData> {
    return plotData(this.options.lines, windowInSight(), width - 46);
  }

  private drawWindow(): void {
    if (!this.plot) return;
    this.plot.setData(this.data(this.plot.width) as uPlot.AlignedData);
    this.describe();
    this.movePlayhead();
  }

  private describe(): void {
    const { startNs, endNs } = windowInSight();
    const { host, title } = this.options;
    host.setAttribute('aria-label', `${title} from ${formatTime(startNs)} to ${formatTime(endNs)}`);
  }

  private drawLimits(plot: uPlot, palette: Palette, alpha: number): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.lineWidth = window.devicePixelRatio || 1;
    ctx.globalAlpha = alpha;
    ctx.setLineDash([2 * ctx.lineWidth, 4 * ctx.lineWidth]);
    for (const { value, stroke } of this.options.limits ?? []) {
      const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5;
      ctx.strokeStyle = stroke(palette);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.restore();
  }

  /** A sign at the top, told apart by its shape, and a line as long as the mark lasts. */
  private drawMarks(plot: uPlot, palette: Palette): void {
    const { ctx, bbox } = plot;
    const scale = window.devicePixelRatio || 1;
    const size = MARK_PX * scale;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = palette.warning;
    ctx.strokeStyle = palette.surface;
    ctx.lineWidth = scale;
    let last = Number.NEGATIVE_INFINITY;
    for (const { startNs, endNs } of this.options.marks ?? []) {
      const x = plot.valToPos(startNs / 1e9, 'x', true);
      const end = plot.valToPos(endNs / 1e9, 'x', true);
      if (end < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.fillRect(x, bbox.top, Math.max(scale, end - x), 2 * scale);
      // Signs that would hide each other are one sign.
      if (x - last < size) continue;
      last = x;
      ctx.beginPath();
      ctx.moveTo(x - size, bbox.top);
      ctx.lineTo(x + size, bbox.top);
      ctx.lineTo(x, bbox.top + 1.6 * size);
      ctx.closePath();
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
  }

  private zoomTo(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < LEAST_DRAG_PX) return;
    const startNs = plot.posToVal(left, 'x') * 1e9;
    const endNs = plot.posToVal(left + width, 'x') * 1e9;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    setTimelineWindow(clampWindow({ startNs, endNs }, useTimeline.getState().bounds));
  }

  private pressedAt(plot: uPlot, event: MouseEvent): number {
    const box = plot.over.getBoundingClientRect();
    return plot.posToVal(event.clientX - box.left, 'x') * 1e9;
  }

  private seekTo(plot: uPlot, event: MouseEvent): void {
    const { player } = this.options;
    const tick = nearest(player.times, this.pressedAt(plot, event));
    if (tick >= 0) player.seek(tick, event.timeStamp);
  }

  private movePlayhead(): void {
    const { plot, playhead } = this;
    const timeNs = this.options.player.shown()?.header.timeNs;
    if (!plot || timeNs === undefined) return;
    const { startNs, endNs } = windowInSight();
    const isInside = timeNs >= startNs && timeNs <= endNs;
    playhead.hidden = !isInside;
    if (isInside) playhead.style.transform = `translateX(${Math.round(plot.valToPos(timeNs / 1e9, 'x'))}px)`;
  }

  /** The moment under the pointer, here or anywhere on the axis: its line, and whoever tells the values there. */
  private showMoment(timeNs: number | null): void {
    const { plot } = this;
    if (!plot) return;
    const left = timeNs === null ? -1 : plot.valToPos(timeNs / 1e9, 'x');
    const isInSight = timeNs !== null && left >= 0 && left <= plot.over.clientWidth;
    plot.setCursor({ left: isInSight ? left : -10, top: isInSight ? 1 : -10 }, false);
    this.options.onMoment(isInSight ? timeNs : null);
  }
}

function windowInSight(): TimeWindow {
  return useTimeline.getState().window;
}

/** The whole recording again, here and in the timeline. */
export function showWhole(): void {
  setTimelineWindow(useTimeline.getState().bounds);
}

/** Nanoseconds from the start; null while the pointer is elsewhere. */
function momentUnder(plot: uPlot): number | null {
  const { left } = plot.cursor;
  return left === undefined || left < 0 ? null : plot.posToVal(left, 'x') * 1e9;
}

/** Nothing scrolls here, so the wheel zooms without a key; sideways it moves, as in the timeline. */
function turnWheel(plot: uPlot, event: WheelEvent): void {
  event.preventDefault();
  const { window, bounds } = useTimeline.getState();
  const box = plot.over.getBoundingClientRect();
  const anchorNs = plot.posToVal(event.clientX - box.left, 'x') * 1e9;
  setTimelineWindow(
    isSideways(event) ? panByWheel(window, bounds, box.width, event) : zoomByWheel(window, bounds, anchorNs, event),
  );
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(3)));
}
