import { formatTime } from '../../shared/time/nanoseconds.ts';
import { normalizeRanges, type TickRange } from '../../shared/time/ranges.ts';
import type { OpenEpisode } from '../app/session.ts';
import { drawLanes, drawOverview, drawRuler, drawSeen, prepareCanvas, type Scene } from './draw-lanes.ts';
import { createFramePainter } from './frame-painter.ts';
import type { Lane, TimelineModel } from './lanes.ts';
import { onThemeChange, type Palette, readPalette } from './palette.ts';
import { setTimelineWindow, useTimeline } from './selection.ts';
import { pageTo, xOfTime } from './zoom.ts';

/** The elements React lays out once; everything that changes with time is painted into them from here. */
export interface TimelineElements {
  root: HTMLElement;
  ruler: HTMLCanvasElement;
  lanes: HTMLCanvasElement;
  seen: HTMLCanvasElement;
  overview: HTMLCanvasElement;
  /** The box that says how wide the lanes are. */
  measure: HTMLElement;
  shownLine: HTMLElement;
  commandedLine: HTMLElement;
  playhead: HTMLElement;
  selection: HTMLElement;
  loop: HTMLElement;
  overviewWindow: HTMLElement;
  overviewShown: HTMLElement;
}

export const RULER_PX = 22;
export const OVERVIEW_PX = 18;
/** Where an end of a range that lies outside is put: beyond what the overlay lets through. */
const OUT_OF_SIGHT_PX = 12;
const SEEN_EVERY_MS = 300;
const SPOKEN_EVERY_MS = 1000;

/** Paints one episode's timeline outside React. Positions move with every painted tick; lanes only when the window does. */
export class TimelineSurface {
  widthPx = 0;
  private palette: Palette;
  private lanes: readonly Lane[] = [];
  private seenTicks: TickRange[];
  private seenAt = 0;
  private spokenAt = 0;
  private readonly still;
  private readonly moving;
  private readonly stops: (() => void)[] = [];
  private readonly placers = new Set<() => void>();

  constructor(
    readonly elements: TimelineElements,
    readonly open: OpenEpisode,
    readonly model: TimelineModel,
  ) {
    const { player } = open;
    const isBusy = () => player.state().playing;
    this.palette = readPalette(elements.root);
    this.seenTicks = this.allSeen();
    this.still = createFramePainter(() => this.paintStill(), isBusy);
    this.moving = createFramePainter(() => this.paintMoving(), isBusy);
    const resize = new ResizeObserver(() => this.measure());
    resize.observe(elements.measure);
    this.stops.push(
      () => resize.disconnect(),
      onThemeChange(() => {
        this.palette = readPalette(elements.root);
        this.still.request();
      }),
      player.onShown(() => this.moving.request()),
      player.onCommanded(() => this.moving.requestWithPictures()),
      player.subscribe(() => this.moving.request()),
      useTimeline.subscribe((now, before) => {
        if (now.window !== before.window) this.still.request();
        this.moving.request();
      }),
    );
    this.measure();
  }

  lanesShown(): readonly Lane[] {
    return this.lanes;
  }

  /** Called whenever lanes are painted, in the same frame: another window, width or theme. Answers the way to stop. */
  onPainted(place: () => void): () => void {
    this.placers.add(place);
    return () => this.placers.delete(place);
  }

  setLanes(lanes: readonly Lane[]): void {
    this.lanes = lanes;
    this.still.request();
  }

  dispose(): void {
    this.still.cancel();
    this.moving.cancel();
    for (const stop of this.stops) stop();
  }

  private measure(): void {
    this.widthPx = this.elements.measure.clientWidth;
    this.elements.root.style.setProperty('--lanes-width', `${this.widthPx}px`);
    this.still.request();
    this.moving.request();
  }

  private allSeen(): TickRange[] {
    return normalizeRanges([...this.open.seenBefore, ...this.open.player.seen()]);
  }

  private scene(context: CanvasRenderingContext2D, isWhole = false): Scene {
    const { window, bounds } = useTimeline.getState();
    return {
      context,
      palette: this.palette,
      window: isWhole ? bounds : window,
      widthPx: this.widthPx,
      model: this.model,
    };
  }

  private paintStill(): void {
    const { ruler, lanes } = this.elements;
    if (this.widthPx < 1) return;
    drawRuler(this.scene(prepareCanvas(ruler, this.widthPx, RULER_PX)), RULER_PX);
    const heightPx = this.lanes.reduce((sum, lane) => sum + lane.heightPx, 0);
    drawLanes(this.scene(prepareCanvas(lanes, this.widthPx, heightPx)), this.lanes);
    for (const place of this.placers) place();
    this.paintSeen();
  }

  private paintSeen(): void {
    const { seen, overview } = this.elements;
    this.seenAt = performance.now();
    this.seenTicks = this.allSeen();
    const lane = this.lanes.find((candidate) => candidate.content.kind === 'seen');
    const heightPx = (lane?.heightPx ?? 1) - 1;
    drawSeen(this.scene(prepareCanvas(seen, this.widthPx, heightPx)), this.seenTicks, heightPx);
    const strip = this.scene(prepareCanvas(overview, this.widthPx, OVERVIEW_PX), true);
    drawOverview(strip, this.seenTicks, this.lanes, OVERVIEW_PX);
  }

  private paintMoving(): void {
    const { player } = this.open;
    const { times } = this.model;
    const commanded = player.commandedTick();
    const commandedNs = times[commanded] ?? 0;
    const shown = player.shown()?.header.tick ?? commanded;
    const shownNs = times[shown] ?? 0;
    const timeline = useTimeline.getState();
    if (this.isFollowing()) {
      const page = pageTo(timeline.window, timeline.bounds, commandedNs);
      if (page !== timeline.window) {
        setTimelineWindow(page);
        // In the same frame, or the playhead would stand on the page before for a moment.
        this.still.cancel();
        this.paintStill();
      }
    }
    const { window, bounds, selection } = useTimeline.getState();
    const x = (ns: number) => xOfTime(window, this.widthPx, ns);
    const { elements } = this;
    place(elements.shownLine, x(shownNs), this.widthPx);
    place(elements.commandedLine, x(commandedNs), this.widthPx);
    place(elements.playhead, x(commandedNs), this.widthPx);
    elements.root.toggleAttribute('data-behind', shown !== commanded);
    stretch(elements.selection, selection, times, x, this.widthPx);
    stretch(elements.loop, player.state().loop, times, x, this.widthPx);
    const whole = (ns: number) => xOfTime(bounds, this.widthPx, ns);
    place(elements.overviewShown, whole(shownNs), this.widthPx);
    elements.overviewWindow.style.transform = `translateX(${whole(window.startNs)}px)`;
    elements.overviewWindow.style.width = `${Math.max(6, whole(window.endNs) - whole(window.startNs))}px`;
    const now = performance.now();
    if (now - this.seenAt > SEEN_EVERY_MS) this.paintSeen();
    // A screen reader is told now and then while playing, at once when at rest.
    if (!player.state().playing || now - this.spokenAt > SPOKEN_EVERY_MS) {
      this.spokenAt = now;
      elements.playhead.setAttribute('aria-valuenow', String(commanded));
      elements.playhead.setAttribute('aria-valuetext', `${formatTime(commandedNs)}, tick ${commanded}`);
    }
  }

  private lastCommanded = -1;

  /** The window turns its page only when the playhead moved, so that one can look elsewhere while it rests. */
  private isFollowing(): boolean {
    const commanded = this.open.player.commandedTick();
    const moved = commanded !== this.lastCommanded;
    const isFirst = this.lastCommanded < 0;
    this.lastCommanded = commanded;
    return moved && !isFirst;
  }
}

/** Moves a thin element by transform only, so that nothing else has to be laid out; hides it out of sight. */
function place(element: HTMLElement, x: number, widthPx: number): void {
  element.style.transform = `translateX(${Math.round(x * 2) / 2}px)`;
  element.style.visibility = x < -1 || x > widthPx + 1 ? 'hidden' : 'visible';
}

function stretch(
  element: HTMLElement,
  range: TickRange | null,
  times: Float64Array,
  x: (ns: number) => number,
  widthPx: number,
): void {
  const start = range ? Math.max(-OUT_OF_SIGHT_PX, x(times[range[0]] ?? 0)) : 0;
  const end = range ? Math.min(widthPx + OUT_OF_SIGHT_PX, x(times[range[1]] ?? 0)) : -1;
  const isHidden = end < start;
  // An equal write of an attribute costs a restyling.
  if (element.hidden !== isHidden) element.hidden = isHidden;
  if (isHidden) return;
  element.style.transform = `translateX(${start}px)`;
  element.style.width = `${Math.max(1, end - start)}px`;
}
