import { ArrowDownWideNarrow, ListFilter, X } from 'lucide-react';
import { useMemo } from 'react';
import { QUEUE_SORTS, type QueueSort } from '../../shared/review/queue-order.ts';
import { useView } from '../app/view-state.ts';
import { Button, Menu, type MenuEntry } from '../design/index.ts';
import { decisionWord } from './event-words.ts';
import styles from './FindingsPanel.module.css';
import {
  countsOf,
  EVERYTHING,
  FACETS,
  type Facet,
  formatFilter,
  type QueueFilter,
  readFilter,
  toggled,
} from './filter.ts';
import { classWord, type QueueEvent } from './queue.ts';

const FACET_WORDS: Record<Facet, string> = { class: 'Class', detector: 'Detector', side: 'Side', decision: 'Decision' };
const SORT_WORDS: Record<QueueSort, string> = {
  worst: 'Worst first',
  time: 'By time',
  borderline: 'Borderline first',
};

export function facetValueWord(facet: Facet, value: string): string {
  if (facet === 'class') return classWord(value);
  if (facet === 'detector') return value === 'hand' ? 'Made by hand' : classWord(value);
  if (facet === 'decision') return decisionWord(value);
  return value === 'none' ? 'Neither side' : value === 'left' ? 'Left' : 'Right';
}

function setFilter(filter: QueueFilter): void {
  useView.setState({ findingsFilter: formatFilter(filter) });
}

/** What of the queue is shown, with how many there are of each, and in which order. */
export function FilterMenu({ events }: { events: readonly QueueEvent[] }) {
  const text = useView((view) => view.findingsFilter);
  const sort = useView((view) => view.findingsSort);
  const filter = useMemo(() => readFilter(text), [text]);
  const entries = useMemo((): MenuEntry[] => {
    const sorts = QUEUE_SORTS.map((each) => ({
      ...{ id: `sort ${each}`, label: SORT_WORDS[each], checked: each === sort, staysOpen: true },
      onSelect: () => useView.setState({ findingsSort: each }),
    }));
    const facets = countsOf(events, filter).flatMap(({ facet, values }): MenuEntry[] => [
      { id: facet, heading: FACET_WORDS[facet] },
      ...values.map(({ value, count }) => ({
        ...{ id: `${facet} ${value}`, label: facetValueWord(facet, value), count, staysOpen: true },
        checked: filter[facet].includes(value),
        onSelect: () => setFilter(toggled(filter, facet, value)),
      })),
    ]);
    return [{ heading: 'Order' }, ...sorts, 'separator', ...facets];
  }, [events, filter, sort]);
  const isChosen = FACETS.some((facet) => filter[facet].length > 0);
  return (
    <Menu align="end" entries={entries}>
      <Button
        size="s"
        tone="ghost"
        aria-label="Filter and sort the findings"
        title="Filter and sort the findings"
        data-chosen={isChosen || undefined}
        icon={sort === 'worst' || isChosen ? <ListFilter size={14} /> : <ArrowDownWideNarrow size={14} />}
      />
    </Menu>
  );
}

/** What is filtered by, each to be taken out by a press, and how many events that leaves out. */
export function FilterChips({ hidden }: { hidden: number }) {
  const text = useView((view) => view.findingsFilter);
  const filter = useMemo(() => readFilter(text), [text]);
  const chosen = FACETS.flatMap((facet) => filter[facet].map((value) => ({ facet, value })));
  if (chosen.length === 0) return null;
  return (
    <div className={styles.chips}>
      <ul aria-label="Active filters">
        {chosen.map(({ facet, value }) => {
          const word = facetValueWord(facet, value);
          return (
            <li key={`${facet} ${value}`}>
              <button
                type="button"
                className={styles.chip}
                aria-label={`Remove the filter ${FACET_WORDS[facet]}: ${word}`}
                onClick={() => setFilter(toggled(filter, facet, value))}
              >
                {word}
                <X size={11} aria-hidden />
              </button>
            </li>
          );
        })}
      </ul>
      <span className={styles.muted}>{hidden.toLocaleString('en-US')} left out</span>
      {chosen.length > 1 ? (
        <Button size="s" tone="ghost" onClick={() => setFilter(EVERYTHING)}>
          Clear
        </Button>
      ) : null}
    </div>
  );
}
