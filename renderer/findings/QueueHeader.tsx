import { useKeyLabel } from '../commands/CommandButton.tsx';
import { Button, Keys } from '../design/index.ts';
import { DetectButton } from './DetectButton.tsx';
import styles from './FindingsPanel.module.css';
import { showNextUndecided } from './findings-actions.ts';
import type { Queue } from './queue.ts';
import { ThresholdsButton } from './thresholds/ThresholdsButton.tsx';

/** How much is left to decide, and the way on. */
export function QueueHeader({ queue }: { queue: Queue }) {
  const nextKey = useKeyLabel('review.nextUndecided');
  return (
    <header className={styles.head}>
      <span className={styles.counts} data-testid="queue-counts">
        {queue.undecided} of {queue.events.length} undecided
      </span>
      <Button size="s" disabled={queue.undecided === 0} onClick={(event) => showNextUndecided(event.timeStamp)}>
        Next <Keys label={nextKey} />
      </Button>
      <ThresholdsButton />
      <DetectButton label="Again" />
    </header>
  );
}
