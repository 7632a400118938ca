import { CircleAlert } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import type { MarkerFault } from '../../shared/review/marker-faults.ts';
import styles from './MarksPanel.module.css';
import { showMark } from './mark-navigation.ts';
import type { MarkRef } from './marking.ts';

/** What a row of the panel says of a mark; a press takes it in hand and opens its form. */
export function MarkButton({
  mark: { map, id },
  isInHand,
  icon,
  title,
  place,
  faults,
}: {
  mark: MarkRef;
  isInHand: boolean;
  icon: ReactNode;
  title: ReactNode;
  place: ReactNode;
  /** Of all marks. */
  faults: readonly MarkerFault[];
}) {
  const toSettle = faults.filter((fault) => fault.map === map && fault.id === id && fault.level !== 'note').length;
  return (
    <button
      type="button"
      className={styles.about}
      aria-pressed={isInHand}
      aria-expanded={isInHand}
      onClick={(press) => showMark(map, id, undefined, press.timeStamp)}
    >
      {icon}
      <span className={styles.words}>
        <span className={styles.title}>{title}</span>
        <span className={styles.place}>{place}</span>
      </span>
      {toSettle > 0 ? (
        <span className={styles.open} title={`${toSettle} to settle`}>
          <CircleAlert size={12} aria-hidden /> {toSettle}
          <span className={styles.spoken}> to settle</span>
        </span>
      ) : null}
    </button>
  );
}

/** The row of the mark in hand comes into sight, wherever it was taken. */
export function useInSightInHand<Row extends HTMLElement>(isInHand: boolean): RefObject<Row | null> {
  const row = useRef<Row>(null);
  useEffect(() => {
    if (isInHand) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isInHand]);
  return row;
}
