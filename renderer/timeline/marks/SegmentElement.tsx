import { type FocusEvent, type KeyboardEvent, memo } from 'react';
import { selectMark, useMarks } from '../../marks/marks-state.ts';
import type { MarkPart } from '../../marks/move-gestures.ts';
import { select, setTimelineWindow, useTimeline } from '../selection.ts';
import type { TimelineSurface } from '../surface.ts';
import { EdgeSlider } from './EdgeSlider.tsx';
import styles from './Marks.module.css';
import { windowWith } from './placing.ts';
import type { Segment } from './segments.ts';

interface SegmentElementProps extends Omit<Segment, 'key'> {
  segmentKey: string;
  topPx: number;
  heightPx: number;
  /** The tick its words may reach up to; null for the end of the lanes. */
  until: number | null;
  /** What keys move of it; null while another one, or none, is in hand. */
  part: MarkPart | null;
  /** Tab goes through its edges. */
  isEntered: boolean;
  enter(key: string | null): void;
  surface: TimelineSurface;
}

const FAILURE_PARTS = ['start', 'event', 'handOff', 'end'] as const;
const RANGE_PARTS = ['start', 'end'] as const;

/** One segment: its band, its signs, and its edges while it is in hand. Only drawn anew where something of it changed. */
export const SegmentElement = memo(function SegmentElement(props: SegmentElementProps) {
  const { segmentKey, map, id, by, first, last, event, handOff, sign, text, isOpen, name, surface } = props;
  const { topPx, heightPx, until, part, isEntered, enter } = props;
  const isOwn = by === null;
  const isInHand = part !== null;
  const parts = (map === 'failures' ? FAILURE_PARTS : RANGE_PARTS).filter(
    (each) => each !== 'handOff' || handOff !== null,
  );

  const onFocus = (focus: FocusEvent) => {
    if (focus.target !== focus.currentTarget) return;
    if (isOwn) selectMark(map, id);
    const { window, bounds } = useTimeline.getState();
    const { times } = surface.model;
    setTimelineWindow(windowWith(window, bounds, times[first] ?? 0, times[last] ?? 0));
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (isEntered && !currentTarget.contains(relatedTarget as Node | null)) enter(null);
  };
  const onKeyDown = (pressed: KeyboardEvent<HTMLElement>) => {
    if (pressed.target !== pressed.currentTarget || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    if (pressed.key === 'Enter') {
      pressed.preventDefault();
      if (isOwn) {
        enter(segmentKey);
        pressed.currentTarget.querySelector<HTMLElement>(`[data-part="${part ?? 'start'}"]`)?.focus();
      } else {
        select([first, last]);
        surface.open.player.seek(event ?? first, pressed.timeStamp);
      }
    } else if (pressed.key === 'Escape' && useMarks.getState().moving === null) {
      pressed.preventDefault();
      surface.elements.playhead.focus({ preventScroll: true });
    }
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      role="group"
      aria-roledescription="segment"
      aria-label={name}
      aria-current={isInHand ? 'true' : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is taken in hand by focus, and worked by keys of the table
      tabIndex={0}
      className={styles.segment}
      style={{ top: topPx, height: heightPx }}
      data-segment={segmentKey}
      data-first={first}
      data-last={last}
      data-signs={`${event} ${handOff} ${until}`}
      data-map={map}
      data-open={isOpen || undefined}
      data-others={!isOwn || undefined}
      data-in-hand={isInHand || undefined}
      onFocus={onFocus}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
    >
      <span className={styles.band} aria-hidden>
        {event === null ? null : <span className={styles.after} data-from={event} />}
        <span className={styles.words} data-words>
          {sign === '' ? null : <b>{sign}</b>}
          {text}
        </span>
      </span>
      <span className={styles.beside} aria-hidden data-beside data-until={until ?? ''}>
        {sign === '' ? null : <b>{sign}</b>}
        {text}
      </span>
      {event === null ? null : <i className={styles.event} data-tick={event} data-sign />}
      {handOff === null ? null : <i className={styles.handOff} data-tick={handOff} data-sign />}
      {map === 'failures' ? null : <i className={styles.start} data-tick={first} data-sign />}
      {isInHand
        ? parts.map((each) => (
            <EdgeSlider key={each} {...props} edge={each} isChosen={part === each} isTabbable={isEntered} />
          ))
        : null}
    </div>
  );
});
