import { Pencil, Trash2 } from 'lucide-react';
import type { Layer, Note } from '../../shared/review/review.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import type { OpenEpisode } from '../app/session.ts';
import { IconButton } from '../design/index.ts';
import { select } from '../timeline/selection.ts';
import { deleteNote, sortedNotes } from './gestures.ts';
import { aboutWhat } from './note-draft.ts';
import styles from './ReviewPanel.module.css';
import { keepDraft, perform } from './review-actions.ts';

/** Notes in order of time. A press on the time goes there; a range is selected as well. */
export function NoteList({ notes, open, isOwn }: { notes: Layer['notes']; open: OpenEpisode; isOwn: boolean }) {
  const sorted = sortedNotes(notes);
  if (sorted.length === 0) return <p className={styles.muted}>{isOwn ? 'No notes yet.' : 'No notes.'}</p>;
  return (
    <ul className={styles.notes}>
      {sorted.map(([id, note]) => (
        <li key={id} className={styles.note}>
          <div className={styles.row}>
            {note.ticks ? (
              <button type="button" className={styles.jump} onClick={(event) => jumpTo(note, open, event.timeStamp)}>
                {formatTime(open.player.times[note.ticks[0]] ?? 0)} <span>{aboutWhat(note.ticks)}</span>
              </button>
            ) : (
              <span className={styles.whole}>Whole episode</span>
            )}
            {isOwn ? (
              <span className={styles.tools}>
                <IconButton
                  size="s"
                  label="Change the note"
                  icon={<Pencil size={12} />}
                  onClick={() =>
                    keepDraft({ id, text: note.text, ticks: note.ticks ?? null, atTick: open.player.commandedTick() })
                  }
                />
                <IconButton
                  size="s"
                  label="Delete the note"
                  icon={<Trash2 size={12} />}
                  onClick={() => void perform(deleteNote(id))}
                />
              </span>
            ) : null}
          </div>
          <p className={styles.words} data-selectable>
            {note.text}
          </p>
        </li>
      ))}
    </ul>
  );
}

function jumpTo(note: Note, { player }: OpenEpisode, inputAt: number): void {
  if (!note.ticks) return;
  const [from, to] = note.ticks;
  if (to > from) select([from, to]);
  player.pause();
  player.seek(from, inputAt);
}
