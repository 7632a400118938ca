import { X } from 'lucide-react';
import { useId } from 'react';
import { flagsOf, ticksText } from '../../shared/review/flags.ts';
import type { Review } from '../../shared/review/review.ts';
import type { OpenEpisode } from '../app/session.ts';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { IconButton, Keys } from '../design/index.ts';
import { perform } from '../review/review-actions.ts';
import styles from './EpisodeFlags.module.css';
import { flagTitle, removeFlag } from './flag-gestures.ts';
import { FLAG_ICONS } from './flag-icons.tsx';

/** What people flagged in the open episode; one's own can be taken away again. */
export function EpisodeFlags({ open, review }: { open: OpenEpisode; review: Pick<Review, 'own' | 'others'> }) {
  const heading = useId();
  const occlusion = useKeyLabel('flag.occlusion');
  const side = useKeyLabel('flag.activeSide');
  const flags = flagsOf(review);
  return (
    <section className={styles.flags} aria-labelledby={heading}>
      <h2 id={heading}>Flags</h2>
      {flags.length === 0 ? (
        <p>
          Nothing is flagged: <Keys label={occlusion} /> flags an occlusion here, <Keys label={side} /> the active side.
        </p>
      ) : (
        <ul>
          {flags.map(({ id, annotator, isOwn, flag }) => {
            const Icon = FLAG_ICONS[flag.kind];
            const words = [flagTitle(flag.kind), flag.side ?? ''].filter(Boolean).join(': ');
            return (
              <li key={`${annotator} ${id}`}>
                <button
                  type="button"
                  onClick={(event) => {
                    open.player.pause();
                    open.player.seek(flag.ticks[0], event.timeStamp);
                  }}
                >
                  <Icon size={13} aria-hidden />
                  <span className={styles.words}>{words}</span>
                  <small>{[isOwn ? '' : annotator, ticksText(flag.ticks)].filter(Boolean).join(', ')}</small>
                </button>
                {isOwn ? (
                  <IconButton
                    size="s"
                    label={`Remove the flag: ${words}, ${ticksText(flag.ticks)}`}
                    icon={<X size={12} />}
                    onClick={() => void perform(removeFlag(id, flag.kind))}
                  />
                ) : null}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
