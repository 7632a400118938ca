import uPlot from 'uplot';
import { nearest } from '../../../shared/time/sampling.ts';
import { gapOf, plotData } from '../../panes/plots/plot-data.ts';
import type { Player } from '../../playback/player.ts';
import { buildSignal } from '../../timeline/decimation.ts';
import { createFramePainter } from '../../timeline/frame-painter.ts';
import { onThemeChange, type Palette, readPalette } from '../../timeline/palette.ts';
import type { Evidence, EvidenceLine, EvidencePlot, Hue } from './evidence.ts';
import { scaleOf } from './plot-scale.ts';

export interface EvidenceViewOptions {
  host: HTMLElement;
  evidence: Pick<Evidence, 'window' | 'event'>;
  plot: EvidencePlot;
  player: Player;
  /** Only the last of several has the time below it. */
  hasTime: boolean;
  /** With the painted tick, and whether it lies in the window. */
  onTick(timeNs: number, isInside: boolean): void;
}

const AXIS_PX = 34;
const REPEAT_PX = 2;
/** Lines of one plot differ in more than colour: as in the legend (FindingPlot.module.css). */
const DASHES: readonly number[][] = [[], [6, 3], [2, 2]];

/** One quantity over an event's window: the event shaded, limits as labelled lines, the playhead; a click seeks. */
export class EvidenceView {
  private plot: uPlot | undefined;
  private readonly playhead = document.createElement('div');
  private readonly stops: (() => void)[] = [];

  constructor(private readonly options: EvidenceViewOptions) {
    const { player, host } = options;
    this.playhead.style.cssText =
      'position:absolute;top:0;bottom:0;left:0;width:0;border-left:1px solid var(--color-text);pointer-events:none;will-change:transform';
    const painter = createFramePainter(
      () => this.movePlayhead(),
      () => player.state().playing,
    );
    const observer = new ResizeObserver(() => this.build());
    observer.observe(host);
    this.stops.push(
      player.onShown(() => painter.request()),
      () => painter.cancel(),
      () => observer.disconnect(),
      onThemeChange(() => this.build()),
    );
    this.build();
  }

  remove(): void {
    for (const stop of this.stops) stop();
    this.plot?.destroy();
  }

  private build(): void {
    const { host, evidence, plot: what, hasTime } = this.options;
    const { clientWidth: width, clientHeight: height } = host;
    this.plot?.destroy();
    this.plot = undefined;
    if (width < 80 || height < 24) return;
    const palette = readPalette(host);
    const { startNs, endNs } = evidence.window;
    const scale = scaleOf(what);
    const font = `10px ${palette.fontUi}`;
    const axis = { stroke: palette.muted, font, grid: { stroke: palette.border, width: 1 }, ticks: { show: false } };
    const made = new uPlot(
      {
        ...{ width, height, padding: [4, 8, hasTime ? 0 : 4, 0], legend: { show: false } },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [startNs / 1e9, endNs / 1e9] },
          y: { range: scale },
        },
        axes: [
          {
            ...axis,
            ...{ show: hasTime, size: 15, gap: 1, space: 58 },
            values: (_, values) => values.map((value) => `${trimmed(value)} s`),
          },
          { ...axis, size: AXIS_PX, gap: 4, space: 18, values: (_, values) => values.map(trimmed) },
        ],
        series: [
          {},
          ...what.lines.map(({ hue }, at) => ({
            ...{ stroke: colorOf(hue, palette), width: 1.25, points: { show: false } },
            dash: DASHES[at % DASHES.length] as number[],
          })),
        ],
        hooks: {
          drawAxes: [(self: uPlot) => this.drawEvent(self, palette)],
          draw: [
            (self: uPlot) => this.drawLimits(self, palette),
            (self: uPlot) => this.drawRepeats(self, palette),
            (self: uPlot) => this.drawCut(self, palette, scale[1]),
          ],
          ready: [() => this.movePlayhead()],
        },
      },
      this.data(Math.max(20, width - AXIS_PX - 8)) as uPlot.AlignedData,
      host,
    );
    made.over.append(this.playhead);
    made.over.addEventListener('click', (event) => this.seekTo(made, event));
    this.plot = made;
  }

  private data(widthPx: number): ReturnType<typeof plotData> {
    const lines = this.options.plot.lines.map(({ times, values }) => ({
      signal: buildSignal(times, values),
      gapNs: gapOf(times),
    }));
    return plotData(lines, this.options.evidence.window, widthPx);
  }

  private drawEvent(plot: uPlot, palette: Palette): void {
    const { ctx, bbox } = plot;
    const { startNs, endNs } = this.options.evidence.event;
    const ratio = devicePixelRatio || 1;
    const x = Math.max(bbox.left, plot.valToPos(startNs / 1e9, 'x', true));
    const end = Math.min(bbox.left + bbox.width, plot.valToPos(endNs / 1e9, 'x', true));
    ctx.save();
    ctx.fillStyle = palette.warning;
    ctx.globalAlpha = 0.16;
    ctx.fillRect(x, bbox.top, Math.max(2 * ratio, end - x), bbox.height);
    // Its edges as well: a shade alone is hard to see on some screens.
    ctx.globalAlpha = 0.8;
    for (const edge of [x, Math.max(x + 2 * ratio, end)]) ctx.fillRect(Math.round(edge), bbox.top, ratio, bbox.height);
    ctx.restore();
  }

  private drawLimits(plot: uPlot, palette: Palette): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.font = `${10 * ratio}px ${palette.fontUi}`;
    ctx.textAlign = 'right';
    ctx.lineWidth = ratio;
    for (const { value, label } of this.options.plot.limits) {
      const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5;
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.strokeStyle = palette.bad;
      ctx.setLineDash([4 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      // Above its line, or below it where there is no room.
      const isHigh = y - bbox.top < 11 * ratio;
      ctx.textBaseline = isHigh ? 'top' : 'bottom';
      const textY = isHigh ? y + 2 * ratio : y - ratio;
      ctx.setLineDash([]);
      ctx.strokeStyle = palette.raised;
      ctx.lineWidth = 3 * ratio;
      ctx.strokeText(label, bbox.left + bbox.width - 2 * ratio, textY);
      ctx.lineWidth = ratio;
      ctx.fillStyle = palette.bad;
      ctx.fillText(label, bbox.left + bbox.width - 2 * ratio, textY);
    }
    ctx.restore();
  }

  /** A row of marks a stream at the foot. */
  private drawRepeats(plot: uPlot, palette: Palette): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio || 1;
    const tickPx = Math.max(ratio, (bbox.width / Math.max(1, this.options.plot.lines[0]?.times.length ?? 1)) * 0.8);
    ctx.save();
    this.options.plot.repeats.forEach(({ hue, times }, row) => {
      const y = bbox.top + bbox.height - (row + 1) * (REPEAT_PX + 1) * ratio;
      ctx.fillStyle = colorOf(hue, palette);
      for (const ns of times) {
        const x = plot.valToPos(ns / 1e9, 'x', true);
        if (x >= bbox.left && x <= bbox.left + bbox.width) ctx.fillRect(x, y, tickPx, REPEAT_PX * ratio);
      }
    });
    ctx.restore();
  }

  /** A value beyond the scale is cut off: an arrow head says so. */
  private drawCut(plot: uPlot, palette: Palette, top: number): void {
    const { ctx, bbox } = plot;
    const half = 3 * (devicePixelRatio || 1);
    ctx.save();
    ctx.fillStyle = palette.bad;
    let last = Number.NEGATIVE_INFINITY;
    for (const { times, values } of this.options.plot.lines)
      for (let at = 0; at < values.length; at++) {
        if (!((values[at] as number) > top)) continue;
        const x = plot.valToPos((times[at] as number) / 1e9, 'x', true);
        if (x < bbox.left || x > bbox.left + bbox.width || Math.abs(x - last) < half) continue;
        last = x;
        ctx.beginPath();
        ctx.moveTo(x - half, bbox.top + 2 * half);
        ctx.lineTo(x + half, bbox.top + 2 * half);
        ctx.lineTo(x, bbox.top);
        ctx.fill();
      }
    ctx.restore();
  }

  private seekTo(plot: uPlot, event: MouseEvent): void {
    const { player } = this.options;
    const box = plot.over.getBoundingClientRect();
    const tick = nearest(player.times, plot.posToVal(event.clientX - box.left, 'x') * 1e9);
    if (tick >= 0) player.seek(tick, event.timeStamp);
  }

  private movePlayhead(): void {
    const { plot, playhead } = this;
    const { player, evidence, onTick } = this.options;
    const timeNs = player.shown()?.header.timeNs;
    if (!plot || timeNs === undefined) return;
    const isInside = timeNs >= evidence.window.startNs && timeNs <= evidence.window.endNs;
    playhead.hidden = !isInside;
    if (isInside) playhead.style.transform = `translateX(${Math.round(plot.valToPos(timeNs / 1e9, 'x'))}px)`;
    onTick(timeNs, isInside);
  }
}

export function valueAt({ times, values }: EvidenceLine, timeNs: number): number {
  const at = nearest(times, timeNs);
  return at < 0 ? Number.NaN : (values[at] as number);
}

function colorOf(hue: Hue, palette: Palette): string {
  if (hue === 'left') return palette.left;
  if (hue === 'right') return palette.right;
  return palette.series[hue % palette.series.length] as string;
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(4)));
}
