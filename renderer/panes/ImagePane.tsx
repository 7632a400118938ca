import { Info } from 'lucide-react';
import { type PointerEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Stream } from '../../shared/episode/episode.ts';
import { notify } from '../app/notices.ts';
import { EmptyState, type MenuEntry, Tooltip } from '../design/index.ts';
import { useChosenCalibration } from './calibration-choice.ts';
import { switchOrder } from './channel-order.ts';
import styles from './ImagePane.module.css';
import { ImageView } from './image-view.ts';
import { useInHand } from './in-hand.ts';
import { measure, ProjectionOverlay } from './overlay/overlay.ts';
import { bodyTracks } from './overlay/tracks.ts';
import { PaneFrame } from './PaneFrame.tsx';
import { usePaneState } from './pane-state.ts';
import { useStage } from './stage-context.ts';
import { VideoNotice } from './VideoNotice.tsx';

export interface ImagePaneProps {
  pane: string;
  stream: string;
  mode: 'picture' | 'difference';
  menu: readonly MenuEntry[];
}

export function ImagePane({ pane, stream: id, mode, menu }: ImagePaneProps) {
  const { open } = useStage();
  const stream = open.episode.streams.find((candidate) => candidate.id === id);
  if (!stream) {
    return (
      <PaneFrame pane={pane} title={id} menu={menu}>
        <EmptyState title="Not in this episode">
          {open.episode.name} has no stream {id}; choose another one in the pane's menu.
        </EmptyState>
      </PaneFrame>
    );
  }
  return <StreamPane pane={pane} stream={stream} mode={mode} menu={menu} />;
}

/** "Left camera", "GelSight left": what a person calls a stream. */
export function paneTitle(stream: Stream, mode: 'picture' | 'difference'): string {
  return mode === 'difference' ? `${stream.name} difference` : stream.name;
}

/** Without the side, which the badge says, and for a difference without the stream, which stands beside it. */
function shortTitle(stream: Stream, mode: 'picture' | 'difference'): ReactNode {
  if (mode === 'difference') {
    return (
      <>
        Diff<span className={styles.rest}>erence</span>
      </>
    );
  }
  const side = stream.position === 'left' || stream.position === 'right' ? stream.position : undefined;
  if (!side || !stream.name.toLowerCase().startsWith(`${side} `)) return undefined;
  const rest = stream.name.slice(side.length + 1);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function StreamPane({ pane, stream, mode, menu }: Omit<ImagePaneProps, 'stream'> & { stream: Stream }) {
  const { open, stage, reference } = useStage();
  const calibration = useChosenCalibration(open);
  const isMeasuring = usePaneState((state) => state.isMeasuring);
  const [view, setView] = useState<ImageView | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const index = useRef<HTMLSpanElement>(null);
  const age = useRef<HTMLSpanElement>(null);
  const order = useRef<HTMLButtonElement>(null);
  const zoom = useRef<HTMLSpanElement>(null);
  const note = useRef<HTMLSpanElement>(null);
  const readout = useRef<HTMLDivElement>(null);
  const empty = useRef<HTMLDivElement>(null);
  const chosen = useRef(calibration);
  chosen.current = calibration;
  const subject = useMemo(() => ({ streams: [stream.id] }), [stream.id]);
  const isCamera = stream.kind !== 'tactile' && mode === 'picture';

  useLayoutEffect(() => {
    const made = new ImageView(stage, stream, mode, reference, {
      area: there(area.current),
      picture: there(picture.current),
      index: there(index.current),
      age: there(age.current),
      order: order.current,
      zoom: there(zoom.current),
      note: there(note.current),
      readout: there(readout.current),
      empty: there(empty.current),
    });
    if (overlay.current) {
      made.mark = new ProjectionOverlay(overlay.current, {
        stream: stream.id,
        tracks: bodyTracks(open),
        calibration: () => chosen.current,
      });
    }
    setView(made);
    return () => made.remove();
  }, [stage, stream, mode, reference, open]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another folder is another overlay
  useEffect(() => {
    view?.drawMark();
    const stops = [
      useInHand.subscribe((now, before) => {
        if (now.inHand !== before.inHand) view?.drawMark();
      }),
      usePaneState.subscribe((now, before) => {
        if (now.isOverlayShown !== before.isOverlayShown || now.measurement !== before.measurement) view?.drawMark();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [view, calibration]);

  const where = (event: PointerEvent): { x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPress = (event: PointerEvent) => {
    if (!isCamera || event.button !== 0 || !(event.altKey || isMeasuring)) return;
    const { x, y } = where(event);
    const click = view?.storedPixel(x, y);
    const shown = open.player.shown();
    if (!click || !shown) return;
    event.preventDefault();
    const measurement = measure(click, stream.id, open.calibrations, bodyTracks(open), shown);
    usePaneState.setState({ measurement });
    if (measurement.results.length === 0) {
      notify('info', 'No calibration folder places a tracked sensor in this picture, so there is nothing to measure.');
    }
  };

  const own: MenuEntry[] = [];
  if (stream.kind === 'depth')
    own.push({ label: 'Fit the colours to this frame', onSelect: () => view?.fitDepthRange() });
  if (isCamera) {
    own.push({
      label: 'Click measures the residual',
      detail: 'Click where the sensor really is (or Alt-click at any time)',
      checked: isMeasuring,
      onSelect: () => usePaneState.setState({ isMeasuring: !isMeasuring }),
    });
  }

  return (
    <PaneFrame
      pane={pane}
      title={paneTitle(stream, mode)}
      shortTitle={shortTitle(stream, mode)}
      badge={stream.position === 'left' || stream.position === 'right' ? <Side side={stream.position} /> : undefined}
      subject={subject}
      menu={own.length > 0 ? [...own, 'separator', ...menu] : menu}
      extra={
        <>
          <span ref={note} className={styles.note} />
          <VideoNotes stream={stream} />
          {stream.order && stream.encoding !== 'video' ? (
            <button
              type="button"
              ref={order}
              className={styles.order}
              aria-label={`Channel order of ${stream.name}: switch between BGR and RGB`}
              title="Channel order of the stored bytes; click to switch"
              onClick={() => switchOrder(stream, open.player.shown()?.samples.get(stream.id)?.order ?? stream.order)}
              onDoubleClick={(event) => event.stopPropagation()}
            />
          ) : null}
        </>
      }
    >
      <div ref={area} className={styles.area} data-painter={stage.painter.kind}>
        <div
          ref={picture}
          className={styles.picture}
          data-measuring={isCamera && isMeasuring}
          onPointerMove={(event) => view?.pointAt(where(event))}
          onPointerLeave={() => view?.pointAt(undefined)}
          onPointerDown={onPress}
        >
          {isCamera ? <canvas ref={overlay} className={styles.overlay} /> : null}
        </div>
        <div ref={empty} className={styles.empty} />
        <VideoNotice stream={stream} />
        <div ref={readout} className={`${styles.caption} ${styles.readout}`} hidden />
        <div className={styles.caption}>
          <span ref={index} className={styles.index} style={{ minWidth: `${String(stream.count).length + 1}ch` }} />
          <span ref={age} className={styles.age} />
        </div>
        <div className={`${styles.caption} ${styles.zoom}`}>
          <span ref={zoom} />
        </div>
      </div>
    </PaneFrame>
  );
}

/** What is unusual about the file of a video, for whoever asks. */
function VideoNotes({ stream }: { stream: Stream }) {
  const notes = stream.video?.notes ?? [];
  if (notes.length === 0) return null;
  return (
    <Tooltip content={notes.join(' ')}>
      <button
        type="button"
        className={styles.order}
        aria-label={`About the video of ${stream.name}: ${notes.join(' ')}`}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <Info size={12} aria-hidden />
      </button>
    </Tooltip>
  );
}

function Side({ side }: { side: 'left' | 'right' }) {
  return (
    <span className={styles.side} data-side={side} aria-hidden="true">
      {side === 'left' ? 'L' : 'R'}
    </span>
  );
}

function there<T>(element: T | null): T {
  if (element === null) throw new Error('A pane lost one of its elements.');
  return element;
}
