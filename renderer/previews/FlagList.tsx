import { useId } from 'react';
import { FlagRow } from './FlagRow.tsx';
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
        <ul className={styles.flags}>
          {flags.map((entry) => (
            <FlagRow
              key={`${entry.annotator} ${entry.id}`}
              entry={entry}
              onSeek={(tick) => player.seek(tick)}
              onRemove={(gesture) => void say(gesture)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
