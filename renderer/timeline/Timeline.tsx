import { Activity, Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { masterClockOf } from '../../shared/episode/episode.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { latestAtOrBefore } from '../../shared/time/sampling.ts';
import { useFirstPicture } from '../app/first-picture.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { useView } from '../app/view-state.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { Tooltip } from '../design/index.ts';
import { useFindingsLane } from '../findings/use-queue.ts';
import { registerEpisodeFlags } from '../previews/flag-commands.ts';
import { useFlagsLane } from '../previews/flags-lane.ts';
import { useSignals } from '../signals/signals-state.ts';
import { attachGestures, type HoverAt } from './gestures.ts';
import { HoverPreview, type PreviewHandle } from './HoverPreview.tsx';
import { setHover, useHover } from './hover.ts';
import { buildTimeline, type Lane, noteLanes, problemLane, type TimelineModel } from './lanes.ts';
import { MarkMenu } from './marks/MarkMenu.tsx';
import { MarksLayer } from './marks/MarksLayer.tsx';
import { useMarkLanes } from './marks/use-mark-lanes.ts';
import { OverviewWindow } from './OverviewWindow.tsx';
import { setPlaces } from './places-to-see.ts';
import { recordedLanes } from './recorded-marks.ts';
import { openInTimeline, useTimeline } from './selection.ts';
import { type StripSource, withStrips } from './strips.ts';
import { type TimelineElements, TimelineSurface } from './surface.ts';
import styles from './Timeline.module.css';
import { describeUnder } from './under-pointer.ts';
import { isWhole, xOfTime } from './zoom.ts';

/** The lanes of the open episode over time: what was recorded, what is missing, what was seen, what people noted. */
export function Timeline() {
  const open = useSession((session) => session.open);
  if (!open) return <NoLanes />;
  return <ComingTimeline key={`${open.episode.id} ${open.revision}`} open={open} />;
}

function ComingTimeline({ open }: { open: OpenEpisode }) {
  return useFirstPicture(open.player) ? <EpisodeTimeline open={open} /> : <NoLanes />;
}

function NoLanes() {
  return <section aria-label="Timeline" data-scope="timeline" className={styles.empty} />;
}

function EpisodeTimeline({ open }: { open: OpenEpisode }) {
  const { episode, arrays, player } = open;
  const holdPeriods = useSession((session) => session.datasetSettings?.holdPeriods ?? 3);
  const review = useSession((session) => session.review);
  const model = useMemo(() => buildTimeline({ episode, arrays }, holdPeriods), [episode, arrays, holdPeriods]);
  const places = useMemo(() => {
    const tickOf = (ns: number) => Math.max(0, latestAtOrBefore(model.times, ns));
    const problems = problemLane(model, episode, tickOf);
    return [...recordedLanes(episode.marks, tickOf), ...(problems ? [problems] : [])];
  }, [model, episode]);
  const findings = useFindingsLane();
  const flags = useFlagsLane(model.times.length - 1);
  const marked = useMemo(
    () => [...[findings, flags].filter((lane) => lane !== null), ...places],
    [findings, flags, places],
  );
  const strips = useStrips();
  const marks = useMarkLanes(model.times);
  const lanes = useMemo(() => {
    const periodNs = masterClockOf(episode).medianPeriodNs ?? 0;
    const [seen, ...recorded] = withStrips(model.lanes, strips, periodNs) as [Lane, ...Lane[]];
    const notes = noteLanes(review, model.times.length - 1);
    return [seen, ...marks, ...notes, ...marked, ...recorded];
  }, [model, review, marks, marked, strips, episode]);

  useEffect(() => openInTimeline(episode.id, player.times), [episode.id, player]);
  useEffect(() => setPlaces([...marks, ...marked]), [marks, marked]);
  useEffect(() => registerEpisodeFlags(), []);

  const { elements, surface } = useSurface(open, model, lanes);
  const preview = useRef<PreviewHandle>(null);
  const hoverLine = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!surface) return;
    const stopGestures = attachGestures(surface, (at) => showHover(at));
    const stopHover = useHover.subscribe(({ ns }) => showLine(ns));
    return () => {
      stopGestures();
      stopHover();
      setHover(null);
    };
    /** Also for a moment under the pointer elsewhere: in a plot. */
    function showLine(ns: number | null) {
      const line = hoverLine.current;
      if (!line || !surface) return;
      const x = ns === null ? -1 : xOfTime(useTimeline.getState().window, surface.widthPx, ns);
      line.hidden = x < 0 || x > surface.widthPx;
      if (!line.hidden) line.style.transform = `translateX(${Math.round(x)}px)`;
    }
    function showHover(at: HoverAt | null) {
      setHover(at?.ns ?? null);
      const top = surface?.elements.root.getBoundingClientRect().top ?? 0;
      preview.current?.show(at, top, at ? describeUnder(at, lanes, model) : '');
    }
  }, [surface, lanes, model]);

  return (
    <section ref={elements.root} aria-label="Timeline" data-scope="timeline" className={styles.timeline}>
      <div className={styles.corner}>
        <StripsButton areAbsent={strips?.state === 'absent'} />
        <CommandButton id="timeline.zoomOut" icon={<ZoomOut size={13} />} size="s" tooltipSide="top" />
        <CommandButton id="timeline.fit" icon={<Maximize2 size={12} />} size="s" tooltipSide="top" />
        <CommandButton id="timeline.zoomIn" icon={<ZoomIn size={13} />} size="s" tooltipSide="top" />
      </div>
      <canvas ref={elements.ruler} className={styles.ruler} data-testid="ruler" />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls has to be reachable by keyboard */}
      <section className={styles.scroller} aria-label="Lanes of the timeline" tabIndex={0}>
        <LaneLabels lanes={lanes} />
        <MarkMenu surface={surface}>
          <div ref={elements.measure} className={styles.lanes} data-testid="lanes">
            <canvas ref={elements.lanes} />
            <canvas ref={elements.seen} className={styles.seen} />
            {surface ? <MarksLayer surface={surface} lanes={lanes} /> : null}
          </div>
        </MarkMenu>
      </section>
      <WindowLength />
      <div className={styles.overview}>
        <canvas ref={elements.overview} />
        <OverviewWindow ref={elements.overviewWindow} />
        <div ref={elements.overviewShown} className={styles.overviewShown} />
      </div>
      <div className={styles.overlay}>
        <div ref={elements.loop} className={styles.loop} hidden />
        <div ref={elements.selection} className={styles.selection} data-testid="selection" hidden />
        <div ref={hoverLine} className={styles.hoverLine} hidden />
        <div ref={elements.commandedLine} className={styles.commandedLine} />
        <div ref={elements.shownLine} className={styles.shownLine} />
        <div
          ref={elements.playhead}
          role="slider"
          tabIndex={0}
          aria-label="Playhead"
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={Math.max(0, model.times.length - 1)}
          aria-valuenow={player.commandedTick()}
          className={styles.playhead}
          onKeyDown={(event) => stepVertically(event, open)}
        />
      </div>
      <HoverPreview ref={preview} open={open} />
    </section>
  );
}

/** What is known of how pictures follow each other; asked for while the strips are shown. */
function useStrips(): StripSource | null {
  const areShown = useView((view) => view.areStripsShown);
  const { state, signals } = useSignals(areShown);
  return useMemo(() => {
    if (!areShown) return null;
    if (signals) return { state: 'ready', images: signals.images, times: signals.timesNs };
    return { state: state === 'loading' ? 'coming' : 'absent' };
  }, [areShown, state, signals]);
}

function StripsButton({ areAbsent }: { areAbsent: boolean }) {
  const areShown = useView((view) => view.areStripsShown);
  const label = 'Motion and repeated pictures: not known yet, Detect among the findings finds them out';
  return (
    <CommandButton
      id="view.strips"
      icon={<Activity size={12} />}
      size="s"
      tooltipSide="top"
      pressed={areShown}
      {...(areAbsent ? { label } : {})}
    />
  );
}

/** A slider answers up and down as well; left, right, Home and End are keys of the table and reach it from there. */
function stepVertically(event: KeyboardEvent, { player }: OpenEpisode): void {
  if (event.code !== 'ArrowUp' && event.code !== 'ArrowDown') return;
  event.preventDefault();
  player.step(event.code === 'ArrowUp' ? 1 : -1, event.timeStamp);
}

function useSurface(open: OpenEpisode, model: TimelineModel, lanes: readonly Lane[]) {
  const elements = {
    root: useRef<HTMLElement>(null),
    ruler: useRef<HTMLCanvasElement>(null),
    lanes: useRef<HTMLCanvasElement>(null),
    seen: useRef<HTMLCanvasElement>(null),
    overview: useRef<HTMLCanvasElement>(null),
    measure: useRef<HTMLDivElement>(null),
    shownLine: useRef<HTMLDivElement>(null),
    commandedLine: useRef<HTMLDivElement>(null),
    playhead: useRef<HTMLDivElement>(null),
    selection: useRef<HTMLDivElement>(null),
    loop: useRef<HTMLDivElement>(null),
    overviewWindow: useRef<HTMLDivElement>(null),
    overviewShown: useRef<HTMLDivElement>(null),
  };
  const held = useRef(elements);
  const [surface, setSurface] = useState<TimelineSurface | null>(null);
  useEffect(() => {
    const found = Object.fromEntries(
      Object.entries(held.current).map(([name, ref]) => [name, ref.current]),
    ) as unknown as TimelineElements;
    const made = new TimelineSurface(found, open, model);
    setSurface(made);
    return () => made.dispose();
  }, [open, model]);
  useEffect(() => surface?.setLanes(lanes), [surface, lanes]);
  return { elements, surface };
}

function LaneLabels({ lanes }: { lanes: readonly Lane[] }) {
  return (
    <ul className={styles.labels} aria-label="Lanes">
      {lanes.map((lane) => (
        <Tooltip key={lane.id} content={lane.detail} side="right">
          <li className={styles.label} style={{ height: lane.heightPx }}>
            {lane.side ? (
              <b data-side={lane.side} title={lane.side === 'left' ? 'Left' : 'Right'}>
                {lane.side === 'left' ? 'L' : 'R'}
              </b>
            ) : null}
            <span>{lane.label}</span>
            {lane.content.kind === 'samples' && lane.content.curve ? (
              <small>
                {lane.content.curve.top.toFixed(2)} {lane.content.curve.unit}
              </small>
            ) : null}
          </li>
        </Tooltip>
      ))}
    </ul>
  );
}

/** How much of the recording is in sight, in words. */
function WindowLength() {
  const { window, bounds } = useTimeline();
  const whole = formatTime(bounds.endNs - bounds.startNs);
  return (
    <div className={styles.length}>
      {isWhole(window, bounds) ? `All ${whole}` : `${formatTime(window.endNs - window.startNs)} of ${whole}`}
    </div>
  );
}
