import { useEffect, useRef } from 'react';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import type { OpenEpisode } from '../app/session.ts';
import { Badge } from '../design/index.ts';
import { EventDetails } from './EventDetails.tsx';
import styles from './FindingsPanel.module.css';
import { showEvent } from './findings-actions.ts';
import { useFindings } from './findings-state.ts';
import { classWord, type QueueEvent } from './queue.ts';

const VERDICT_WORDS = { keep: 'Keep', cut: 'Cut', merge: 'Merge' } as const;

/** One event of the queue; the one in hand with all that is known of it. */
export function EventRow({ event, open }: { event: QueueEvent; open: OpenEpisode }) {
  const isSelected = useFindings(({ selected }) => selected === event.id);
  const isFocused = useFindings(({ focusOn }) => focusOn === event.id);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  useEffect(() => {
    if (!isFocused) return;
    row.current?.focus({ preventScroll: true });
    useFindings.setState({ focusOn: null });
  }, [isFocused]);
  const [first, last] = event.ticks;
  const { times } = open.player;
  const length = (times[last] ?? 0) - (times[first] ?? 0);
  const value = event.decision?.verdict.value;
  return (
    <li ref={row} tabIndex={-1} className={styles.event} data-selected={isSelected} data-verdict={value ?? 'none'}>
      <button
        type="button"
        className={styles.about}
        aria-pressed={isSelected}
        onClick={(press) => showEvent(event, press.timeStamp)}
      >
        <span className={styles.title}>
          {event.side ? (
            <span className={styles.side} data-side={event.side}>
              {event.side === 'left' ? 'L' : 'R'}
            </span>
          ) : null}
          {classWord(event.class)}
          {value ? <Badge tone={value === 'cut' ? 'bad' : 'good'}>{VERDICT_WORDS[value]}</Badge> : null}
        </span>
        <span className={styles.place}>
          {formatTime(times[first] ?? 0)}, tick {first === last ? first : `${first}–${last}`}
          {length > 0 ? `, ${(length / 1e9).toFixed(2)} s` : ''}
        </span>
        <span className={styles.text}>{event.text}</span>
        {event.decision?.movedFrom ? (
          <span className={styles.moved}>
            Decided when it was at ticks {event.decision.movedFrom.ticks.join('–')}: look again.
          </span>
        ) : null}
      </button>
      {isSelected ? <EventDetails event={event} open={open} /> : null}
    </li>
  );
}
