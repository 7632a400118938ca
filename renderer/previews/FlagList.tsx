import { X } from 'lucide-react';
import { useId } from 'react';
import { ticksText } from '../../shared/review/flags.ts';
import { IconButton } from '../design/index.ts';
import { flagTitle, removeFlag } from './flag-gestures.ts';
import { FLAG_ICONS } from './flag-icons.tsx';
import { useOutputs } from './outputs-state.ts';
import styles from './Previews.module.css';
import { recordingFlags } from './playlist.ts';
import { say } from './preview-review.ts';
import { player, useWatching } from './preview-state.ts';

/** What is flagged in the preview in hand; one's own can be taken away again. */
export function FlagList() {
  const { current, opened } = useWatching();
  const recording = useOutputs(({ recordings }) => recordings.find(({ episode }) => episode === current));
  const heading = useId();
  const flags = recording ? recordingFlags(recording) : [];
  const cannotTell = opened !== null && opened.episode === current && opened.fingerprint === null;
  return (
    <section className={styles.list} aria-labelledby={heading}>
      <h3 id={heading}>Flags{recording ? ` of ${recording.name}` : ''}</h3>
      {flags.length === 0 ? (
        <p className={styles.none}>
          {cannotTell
            ? 'This recording cannot be told from others, so nothing can be said of it.'
            : 'Nothing is flagged. One key flags what is on screen; flags go into the notes of the date.'}
        </p>
      ) : (
        <ul>
          {flags.map(({ id, annotator, isOwn, flag }) => {
            const Icon = FLAG_ICONS[flag.kind];
            const words = [flagTitle(flag.kind), flag.side ?? ''].filter(Boolean).join(': ');
            return (
              <li key={`${annotator} ${id}`} className={styles.flag}>
                <button type="button" className={styles.recording} onClick={() => player.seek(flag.ticks[0])}>
                  <Icon size={13} aria-hidden />
                  <span className={styles.name}>{words}</span>
                  <span className={styles.muted}>{isOwn ? '' : annotator}</span>
                  <span className={styles.muted}>{ticksText(flag.ticks)}</span>
                </button>
                {isOwn ? (
                  <IconButton
                    size="s"
                    label={`Remove: ${words}, ${ticksText(flag.ticks)}`}
                    icon={<X size={12} />}
                    onClick={() => void say(removeFlag(id, flag.kind))}
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
