import { Check, GitMerge, Scissors, Undo2 } from 'lucide-react';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { Button, Keys } from '../design/index.ts';
import styles from './FindingsPanel.module.css';
import { decideSelected, mergeSelected } from './findings-actions.ts';
import type { QueueEvent } from './queue.ts';

/** Keep, cut, merge, and back. */
export function Verdicts({ event }: { event: QueueEvent }) {
  const [keep, cut, merge] = [useKeyLabel('review.keep'), useKeyLabel('review.cut'), useKeyLabel('review.merge')];
  return (
    <div className={styles.verdicts}>
      <Button size="s" icon={<Check size={13} />} onClick={() => void decideSelected('keep', event)}>
        Keep <Keys label={keep} />
      </Button>
      <Button size="s" icon={<Scissors size={13} />} onClick={() => void decideSelected('cut', event)}>
        Cut <Keys label={cut} />
      </Button>
      <Button size="s" icon={<GitMerge size={13} />} onClick={() => void mergeSelected(event)}>
        Merge <Keys label={merge} />
      </Button>
      {event.decision ? (
        <Button size="s" tone="ghost" icon={<Undo2 size={13} />} onClick={() => void decideSelected(null, event)}>
          Undecide
        </Button>
      ) : null}
    </div>
  );
}
