import { useId } from 'react';
import { flagsOf } from '../../shared/review/flags.ts';
import type { Review } from '../../shared/review/review.ts';
import type { OpenEpisode } from '../app/session.ts';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { Keys } from '../design/index.ts';
import { perform } from '../review/review-actions.ts';
import styles from './EpisodeFlags.module.css';
import { FlagRow } from './FlagRow.tsx';

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
          {flags.map((entry) => (
            <FlagRow
              key={`${entry.annotator} ${entry.id}`}
              entry={entry}
              onSeek={(tick, inputAt) => {
                open.player.pause();
                open.player.seek(tick, inputAt);
              }}
              onRemove={(gesture) => void perform(gesture)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
