import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { EventRow } from './EventRow.tsx';
import styles from './FindingsPanel.module.css';
import { useFindings } from './findings-state.ts';
import type { QueueEvent } from './queue.ts';
import type { QueueScope } from './scope.ts';
import { useScope } from './scope-state.ts';
import { useEventInHand } from './use-queue.ts';

/** A row that is not in hand; the one that is, is measured. */
const ROW_PX = 62;

/** The queue's rows; those out of sight need not exist, but the one in hand does: it may have the focus. */
export function EventList({
  events,
  scope,
  scroller,
}: {
  events: readonly QueueEvent[];
  scope: QueueScope;
  scroller: RefObject<HTMLDivElement | null>;
}) {
  const inHand = useEventInHand()?.key;
  const coming = useScope((state) => state.coming);
  const focusOn = useFindings((findings) => findings.focusOn);
  const wanted = coming ?? inHand;
  const at = events.findIndex(({ key }) => key === wanted);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const inSight = defaultRangeExtractor(range);
      return at < 0 || inSight.includes(at) ? inSight : [...inSight, at].sort((a, b) => a - b);
    },
    [at],
  );
  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => events[index]?.key ?? index,
    overscan: 6,
    rangeExtractor,
  });
  // Whenever another event is in hand, or the same one is asked for again; not while a person scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: focusOn asks for the same row again
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [at, wanted, focusOn, virtualizer]);
  const list = useRef<HTMLUListElement>(null);
  // A row that takes another place in the list is moved in the page, and what is moved loses the focus.
  const hadFocus = list.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadFocus && document.activeElement === document.body)
      list.current?.querySelector<HTMLElement>('li[data-selected="true"]')?.focus({ preventScroll: true });
  });
  return (
    <ul ref={list} className={styles.events} aria-label="Findings" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, start, key }) => {
        const event = events[index];
        return event ? (
          <EventRow
            key={key}
            event={event}
            scope={scope}
            index={index}
            count={events.length}
            topPx={start}
            measure={virtualizer.measureElement}
          />
        ) : null;
      })}
    </ul>
  );
}
