import { type Ref, useEffect, useRef } from 'react';
import { useSession } from '../app/session.ts';
import { Badge } from '../design/index.ts';
import { EventDetails } from './EventDetails.tsx';
import {
  decisionWord,
  isBorderline,
  marginShare,
  marginText,
  placeText,
  recordingName,
  spokenEvent,
} from './event-words.ts';
import styles from './FindingsPanel.module.css';
import { decisionOf } from './filter.ts';
import { showEvent } from './findings-actions.ts';
import { useFindings } from './findings-state.ts';
import { classWord, type QueueEvent } from './queue.ts';
import type { QueueScope } from './scope.ts';
import { useScope } from './scope-state.ts';

export interface EventRowProps {
  event: QueueEvent;
  scope: QueueScope;
  /** Its place in the list of all that is shown, from 0, and how long that is. */
  index: number;
  count: number;
  /** Pixels below the top of the list. */
  topPx: number;
  measure: Ref<HTMLLIElement>;
}

/** One event of the queue; the one in hand with all that is known of it. */
export function EventRow({ event, scope, index, count, topPx, measure }: EventRowProps) {
  const open = useSession((session) => session.open);
  const isOpen = open?.episode.id === event.recording.episode;
  const isSelected = useFindings(({ selected }) => isOpen && selected === event.id);
  const isFocused = useFindings(({ focusOn }) => isOpen && focusOn === event.id);
  const isComing = useScope(({ coming }) => coming === event.key);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isFocused) return;
    row.current?.closest('li')?.focus({ preventScroll: true });
    useFindings.setState({ focusOn: null });
  }, [isFocused]);
  const times = isOpen ? open.player.times : null;
  const decision = decisionOf(event);
  const verdict = event.decision?.verdict;
  return (
    <li
      ref={measure}
      tabIndex={-1}
      className={styles.row}
      style={{ transform: `translateY(${topPx}px)` }}
      aria-label={spokenEvent(event, times, scope)}
      aria-posinset={index + 1}
      aria-setsize={count}
      data-index={index}
      data-selected={isSelected}
      data-verdict={decision}
    >
      <div ref={row} className={styles.event} data-selected={isSelected || isComing} data-verdict={decision}>
        <button
          type="button"
          className={styles.about}
          aria-pressed={isSelected}
          onClick={(press) => void showEvent(event, press.timeStamp)}
        >
          <span className={styles.title}>
            {event.side ? (
              <span className={styles.side} data-side={event.side}>
                {event.side === 'left' ? 'L' : 'R'}
              </span>
            ) : null}
            <span className={styles.class}>{classWord(event.class)}</span>
            {isBorderline(event) ? <Badge tone="warning">Borderline</Badge> : null}
            {event.hand ? <Badge>By hand</Badge> : null}
            {verdict && decision !== 'undecided' ? (
              <Badge tone={decision === 'cut' ? 'bad' : decision === 'keep' ? 'good' : 'neutral'}>
                {decisionWord(decision)}
              </Badge>
            ) : null}
          </span>
          <span className={styles.place}>
            {placeText(event, times)}
            {event.margin === null ? null : <Margin margin={event.margin} />}
          </span>
          {scope === 'episode' ? null : (
            <span className={styles.recording}>
              {recordingName(event.recording, scope)}
              {isComing ? ', opening…' : ''}
            </span>
          )}
          <span className={styles.text}>{event.text}</span>
          {verdict?.note ? <span className={styles.note}>“{verdict.note}”</span> : null}
          {event.decision?.movedFrom ? (
            <span className={styles.moved}>
              Decided when it was at ticks {event.decision.movedFrom.ticks.join('–')}: look again.
            </span>
          ) : null}
          {event.isLeftOver ? (
            <span className={styles.moved}>What it was merged into is gone: decide anew.</span>
          ) : null}
        </button>
        {isSelected && open ? <EventDetails event={event} open={open} /> : null}
      </div>
    </li>
  );
}

/** How far beyond its limit: a short bar is near the border. */
function Margin({ margin }: { margin: number }) {
  return (
    <span className={styles.margin} title={marginText(margin)}>
      <span style={{ width: `${Math.round(Math.max(0.06, marginShare(margin)) * 100)}%` }} />
    </span>
  );
}
