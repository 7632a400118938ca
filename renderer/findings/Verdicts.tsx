import { Check, GitMerge, Scissors, Undo2 } from 'lucide-react';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { Button, Keys } from '../design/index.ts';
import styles from './FindingsPanel.module.css';
import { decideSelected, mergeSelected } from './findings-actions.ts';
import type { QueueEvent } from './queue.ts';

/** Keep, cut, merge, and back. A part of a joined event is decided with it. */
export function Verdicts({ event }: { event: QueueEvent }) {
  const [keep, cut, merge] = [useKeyLabel('review.keep'), useKeyLabel('review.cut'), useKeyLabel('review.merge')];
  const undecide = useKeyLabel('review.undecide');
  const value = event.decision?.verdict.value;
  return (
    <div className={styles.verdicts}>
      <Button
        size="s"
        aria-pressed={value === 'keep'}
        icon={<Check size={13} />}
        onClick={() => void decideSelected('keep', event)}
      >
        Keep <Keys label={keep} />
      </Button>
      <Button
        size="s"
        aria-pressed={value === 'cut'}
        icon={<Scissors size={13} />}
        onClick={() => void decideSelected('cut', event)}
      >
        Cut <Keys label={cut} />
      </Button>
      {value === 'merge' ? null : (
        <Button size="s" icon={<GitMerge size={13} />} onClick={() => void mergeSelected(event)}>
          Merge <Keys label={merge} />
        </Button>
      )}
      {event.own.length > 0 ? (
        <Button size="s" tone="ghost" icon={<Undo2 size={13} />} onClick={() => void decideSelected(null, event)}>
          Undecide <Keys label={undecide} />
        </Button>
      ) : null}
    </div>
  );
}
