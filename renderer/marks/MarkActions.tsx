import { Merge, Repeat, SquareSplitHorizontal, Trash2 } from 'lucide-react';
import { CommandButton } from '../commands/CommandButton.tsx';
import styles from './MarksPanel.module.css';

/** What can be done with the mark in hand as a whole, in words of its kind. */
export function MarkActions({ split, join, remove }: { split: string; join?: string; remove: string }) {
  return (
    <div className={styles.actions}>
      <CommandButton id="play.loop" size="s" icon={<Repeat size={14} />} label="Loop it with its lead-in" />
      <CommandButton id="review.split" size="s" icon={<SquareSplitHorizontal size={14} />} label={split} />
      {join ? <CommandButton id="marks.join" size="s" icon={<Merge size={14} />} label={join} /> : null}
      <CommandButton id="marks.delete" size="s" icon={<Trash2 size={14} />} label={remove} />
    </div>
  );
}
