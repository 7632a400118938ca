import { ChevronLeft, ChevronRight, NotebookPen, SquareSplitHorizontal, Trash2 } from 'lucide-react';
import { useSession } from '../app/session.ts';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { Button, IconButton } from '../design/index.ts';
import { nudge, splitSelected } from './edge-actions.ts';
import styles from './FindingsPanel.module.css';
import { beginVerdictNote, removeSelected } from './findings-actions.ts';
import { useFindings } from './findings-state.ts';
import type { QueueEvent } from './queue.ts';

/** The ends of the event in hand: which one keys move, by a tick each way, a split at the playhead; and the note. */
export function EdgeTools({ event }: { event: QueueEvent }) {
  const edge = useFindings((findings) => findings.edge);
  const annotator = useSession((session) => session.review?.annotator);
  const [earlier, later] = [useKeyLabel('review.edgeEarlier'), useKeyLabel('review.edgeLater')];
  const [other, split, note, remove] = [
    useKeyLabel('review.otherEdge'),
    useKeyLabel('review.split'),
    useKeyLabel('review.noteVerdict'),
    useKeyLabel('review.removeFinding'),
  ];
  return (
    <div className={styles.edges}>
      <fieldset className={styles.edgeChoice} aria-label={`Edge in hand, ${other} takes the other`}>
        {(['start', 'end'] as const).map((each) => (
          <Button
            key={each}
            size="s"
            aria-pressed={edge === each}
            onClick={() => {
              useFindings.setState({ edge: each });
              useSession.getState().open?.player.seek(event.ticks[each === 'start' ? 0 : 1]);
            }}
          >
            {each === 'start' ? 'Start' : 'End'} {event.ticks[each === 'start' ? 0 : 1]}
          </Button>
        ))}
      </fieldset>
      <IconButton
        size="s"
        label="Move it a tick earlier"
        keyLabel={earlier}
        icon={<ChevronLeft size={14} />}
        onClick={(press) => nudge(-1, press.timeStamp)}
      />
      <IconButton
        size="s"
        label="Move it a tick later"
        keyLabel={later}
        icon={<ChevronRight size={14} />}
        onClick={(press) => nudge(1, press.timeStamp)}
      />
      <IconButton
        size="s"
        label="Split at the playhead"
        keyLabel={split}
        icon={<SquareSplitHorizontal size={14} />}
        onClick={() => void splitSelected()}
      />
      <IconButton
        size="s"
        label={event.own[0]?.verdict.note ? 'Change the note' : 'Note on the verdict'}
        keyLabel={note}
        icon={<NotebookPen size={14} />}
        onClick={beginVerdictNote}
      />
      {event.hand && event.maker === annotator ? (
        <IconButton
          size="s"
          label={event.hand.replaces.length > 0 ? 'Take back what was made by hand' : 'Remove what was added by hand'}
          keyLabel={remove}
          icon={<Trash2 size={14} />}
          onClick={() => void removeSelected(event)}
        />
      ) : null}
    </div>
  );
}
