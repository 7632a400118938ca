import { X } from 'lucide-react';
import { type FlagOf, ticksText } from '../../shared/review/flags.ts';
import { IconButton } from '../design/index.ts';
import type { Gesture } from '../review/gestures.ts';
import styles from './FlagRow.module.css';
import { flagTitle, removeFlag } from './flag-gestures.ts';
import { FLAG_ICONS } from './flag-icons.tsx';

/** One flag of a list: a press goes to where it is, one's own can be taken away again. */
export function FlagRow({
  entry: { id, annotator, isOwn, flag },
  onSeek,
  onRemove,
}: {
  entry: FlagOf;
  onSeek(tick: number, inputAt: number): void;
  onRemove(gesture: Gesture): void;
}) {
  const Icon = FLAG_ICONS[flag.kind];
  const words = [flagTitle(flag.kind), flag.side ?? ''].filter(Boolean).join(': ');
  return (
    <li className={styles.flag}>
      <button type="button" onClick={(event) => onSeek(flag.ticks[0], event.timeStamp)}>
        <Icon size={13} aria-hidden />
        <span className={styles.words}>{words}</span>
        <small>{[isOwn ? '' : annotator, ticksText(flag.ticks)].filter(Boolean).join(', ')}</small>
      </button>
      {isOwn ? (
        <IconButton
          size="s"
          label={`Remove the flag: ${words}, ${ticksText(flag.ticks)}`}
          icon={<X size={12} />}
          onClick={() => onRemove(removeFlag(id, flag.kind))}
        />
      ) : null}
    </li>
  );
}
