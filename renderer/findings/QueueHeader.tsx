import { ListChecks, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { useView } from '../app/view-state.ts';
import { CommandButton, useKeyLabel } from '../commands/CommandButton.tsx';
import { Button, Keys, Menu, type MenuEntry, Select } from '../design/index.ts';
import { askBulk } from './bulk-actions.ts';
import { DetectButton } from './DetectButton.tsx';
import { FilterChips, FilterMenu } from './FilterMenu.tsx';
import styles from './FindingsPanel.module.css';
import { showNextUndecided } from './findings-actions.ts';
import { classWord } from './queue.ts';
import { bulkTarget, countsText, type QueueScope, type ScopedQueue } from './scope.ts';
import { ThresholdsButton } from './thresholds/ThresholdsButton.tsx';

const SCOPES: readonly { value: QueueScope; label: string }[] = [
  { value: 'episode', label: 'Episode' },
  { value: 'date', label: 'Date' },
  { value: 'task', label: 'Task' },
];

/** Over what the queue goes, how much is left to decide, and the way on. */
export function QueueHeader({ queue }: { queue: ScopedQueue }) {
  const scope = useView((view) => view.findingsScope);
  const nextKey = useKeyLabel('review.nextUndecided');
  return (
    <header className={styles.head}>
      <div className={styles.line}>
        <Select
          size="s"
          label="Findings of"
          value={scope}
          options={SCOPES}
          onChange={(value) => useView.setState({ findingsScope: value as QueueScope })}
        />
        <AllOfAClass queue={queue} />
        <span className={styles.room} />
        <FilterMenu events={queue.all} />
        <CommandButton id="review.addFinding" size="s" icon={<Plus size={14} />} />
        <ThresholdsButton />
        <DetectButton />
      </div>
      <div className={styles.line}>
        <span className={styles.counts} data-testid="queue-counts">
          {countsText(queue, scope)}
        </span>
        <Button size="s" disabled={queue.undecided === 0} onClick={(event) => showNextUndecided(event.timeStamp)}>
          Next <Keys label={nextKey} />
        </Button>
      </div>
      <FilterChips hidden={queue.hidden} />
    </header>
  );
}

/** A verdict on all undecided events of a class at once. */
function AllOfAClass({ queue }: { queue: ScopedQueue }) {
  const [keep, cut] = [useKeyLabel('review.keepAll'), useKeyLabel('review.cutAll')];
  const entries = useMemo((): MenuEntry[] => {
    const classes = [...new Set(queue.shown.map((event) => event.class))].sort();
    return classes.flatMap((of): MenuEntry[] => {
      const { events } = bulkTarget(queue.shown, of);
      if (events.length === 0) return [];
      return [
        { heading: classWord(of) },
        { id: `${of} keep`, label: 'Keep all undecided…', count: events.length, onSelect: () => askBulk('keep', of) },
        { id: `${of} cut`, label: 'Cut all undecided…', count: events.length, onSelect: () => askBulk('cut', of) },
      ];
    });
  }, [queue.shown]);
  return (
    <Menu entries={entries}>
      <Button
        size="s"
        disabled={entries.length === 0}
        title={`Keep (${keep}) or cut (${cut}) all undecided findings of a class`}
        icon={<ListChecks size={14} />}
      >
        All…
      </Button>
    </Menu>
  );
}
