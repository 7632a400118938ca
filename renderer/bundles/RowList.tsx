import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import styles from './ExportDialog.module.css';

/** A list of any length: only rows in sight are there. Each holds one button; arrows go from one to the next. */
export function RowList<Row>({
  label,
  rows,
  rowPx,
  empty,
  children,
}: {
  label: string;
  rows: readonly Row[];
  rowPx: number;
  /** What is said where there is none. */
  empty: string;
  children(row: Row): ReactNode;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 6,
  });
  const goTo = (index: number) => {
    if (index < 0 || index >= rows.length) return;
    virtualizer.scrollToIndex(index);
    const focus = () => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] button`)?.focus();
    requestAnimationFrame(() => requestAnimationFrame(focus));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const at = Number((event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset.index ?? -1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    goTo(to);
  };
  if (rows.length === 0) return <p className={styles.note}>{empty}</p>;
  return (
    <div ref={scroller} className={styles.rows}>
      <ul aria-label={label} onKeyDown={onKeyDown} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <li
            key={index}
            data-index={index}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            className={styles.row}
            style={{ height: rowPx, transform: `translateY(${start}px)` }}
          >
            {children(rows[index] as Row)}
          </li>
        ))}
      </ul>
    </div>
  );
}
