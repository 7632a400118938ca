import uPlot from 'uplot';
import { formatTime } from '../../../shared/time/nanoseconds.ts';
import { nearest } from '../../../shared/time/sampling.ts';
import type { Player } from '../../playback/player.ts';
import { robustTop } from '../../timeline/decimation.ts';
import { createFramePainter } from '../../timeline/frame-painter.ts';
import { onThemeChange, type Palette, readPalette } from '../../timeline/palette.ts';
import type { TimeWindow } from '../../timeline/zoom.ts';
import { type PlotCurve, plotData } from './plot-data.ts';

export interface PlotViewOptions {
  host: HTMLElement;
  readout: HTMLElement;
  player: Player;
  curves: readonly PlotCurve[];
  unit: string;
  /** Speeds: one spike of the clock must not flatten the rest. */
  isFromZero: boolean;
}

const DASHES: Record<string, number[] | undefined> = { y: [6, 3], z: [2, 2.5] };
const LEAST_WINDOW_NS = 50e6;

/** One plot with its playhead. The curves are drawn when the window or the size changes; a tick moves only the playhead. */
export class PlotView {
  private plot: uPlot | undefined;
  private top: number | undefined;
  private window: TimeWindow;
  private readonly whole: TimeWindow;
  private readonly playhead = document.createElement('div');
  private readonly stops: (() => void)[] = [];

  constructor(private readonly options: PlotViewOptions) {
    const { player, host } = options;
    const { times } = player;
    const endNs = Math.max(
      times.at(-1) ?? 0,
      ...options.curves.map(({ signal }) => signal.times[signal.times.length - 1] ?? 0),
    );
    this.whole = { startNs: Math.min(times[0] ?? 0, 0), endNs: Math.max(endNs, 1e6) };
    this.window = this.whole;
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

  /** The whole recording again. */
  showWhole(): void {
    this.showWindow(this.whole);
  }

  remove(): void {
    for (const stop of this.stops) stop();
    this.plot?.destroy();
  }

  private build(): void {
    const { host, curves } = this.options;
    const { clientWidth: width, clientHeight: height } = host;
    this.plot?.destroy();
    this.plot = undefined;
    if (width < 60 || height < 26) return;
    const palette = readPalette(host);
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
          x: { time: false, range: () => [this.window.startNs / 1e9, this.window.endNs / 1e9] },
          y: { range: (_, least, most) => this.verticalRange(least, most) },
        },
        axes: [
          { ...axis, size: 17, gap: 2, space: 64, values: (_, values) => values.map((value) => `${trimmed(value)} s`) },
          {
            ...axis,
            size: 34,
            gap: 4,
            space: 15,
            values: (_, values) => values.map(trimmed),
          },
        ],
        series: [
          {},
          ...curves.map(({ body, component }) => ({
            stroke: colorOf(body.side, palette),
            width: 1.25,
            dash: DASHES[component],
            points: { show: false },
          })),
        ],
        hooks: {
          setSelect: [(self: uPlot) => this.zoomTo(self)],
          setCursor: [(self: uPlot) => this.writeReadout(self)],
        },
      },
      this.data(width) as uPlot.AlignedData,
      host,
    );
    plot.over.append(this.playhead);
    plot.over.addEventListener('click', (event) => this.seekTo(plot, event));
    plot.over.addEventListener('dblclick', () => this.showWhole());
    this.plot = plot;
    this.movePlayhead();
  }

  private data(width: number): ReturnType<typeof plotData> {
    return plotData(this.options.curves, this.window, width - 46);
  }

  private showWindow(window: TimeWindow): void {
    this.window = window;
    if (!this.plot) return;
    this.plot.setData(this.data(this.plot.width) as uPlot.AlignedData);
    this.movePlayhead();
  }

  private verticalRange(least: number | null, most: number | null): [number, number] {
    if (this.options.isFromZero) {
      this.top ??= Math.max(...this.options.curves.map(({ signal }) => robustTop(signal.values, 0.05)), 0.05);
      return [0, this.top];
    }
    if (least === null || most === null) return [0, 1];
    const air = Math.max((most - least) * 0.08, 0.005);
    return [least - air, most + air];
  }

  private zoomTo(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const startNs = plot.posToVal(left, 'x') * 1e9;
    const endNs = plot.posToVal(left + width, 'x') * 1e9;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (endNs - startNs >= LEAST_WINDOW_NS) this.showWindow({ startNs, endNs });
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
    const isInside = timeNs >= this.window.startNs && timeNs <= this.window.endNs;
    playhead.hidden = !isInside;
    if (isInside) playhead.style.transform = `translateX(${Math.round(plot.valToPos(timeNs / 1e9, 'x'))}px)`;
  }

  private writeReadout(plot: uPlot): void {
    const { readout, curves, unit } = this.options;
    const { left } = plot.cursor;
    if (left === undefined || left < 0) {
      readout.hidden = true;
      return;
    }
    const timeNs = plot.posToVal(left, 'x') * 1e9;
    const parts = curves.map(({ body, component, signal }) => {
      const index = nearest(signal.times, timeNs);
      const value = index < 0 ? Number.NaN : (signal.values[index] as number);
      const name = `${letterOf(body)}${component ? ` ${component}` : ''}`;
      return `${name} ${Number.isFinite(value) ? value.toFixed(3) : '–'}`;
    });
    readout.textContent = `${formatTime(timeNs)}  ${parts.join('  ')}${unit ? ` ${unit}` : ''}`;
    readout.hidden = false;
  }
}

/** L and R for the sides, else the body's first letter. */
export function letterOf({ side, name }: { side: 'left' | 'right' | null; name: string }): string {
  if (side) return side === 'left' ? 'L' : 'R';
  return name.charAt(0).toUpperCase();
}

function colorOf(side: 'left' | 'right' | null, palette: Palette): string {
  if (side === 'left') return palette.left;
  return side === 'right' ? palette.right : palette.muted;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(3)));
}
