import { ChevronLeft, ChevronRight, LocateFixed } from 'lucide-react';
import type { Marks } from '../../shared/review/marker-faults.ts';
import type { OpenEpisode } from '../app/session.ts';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { IconButton, Keys } from '../design/index.ts';
import styles from './MarksPanel.module.css';
import { markHandOffHere, nudge, putPartHere } from './mark-actions.ts';
import { PARTS, partWord, showMark } from './mark-navigation.ts';
import { timeText } from './mark-words.ts';
import type { MarkRef } from './marking.ts';
import { useMarks } from './marks-state.ts';
import { tickOf } from './move-gestures.ts';

/** The instants of a mark, in order: which one keys move, by a tick each way, or to the playhead. */
export function Parts({ mark: { map, id }, marks, open }: { mark: MarkRef; marks: Marks; open: OpenEpisode }) {
  const part = useMarks((state) => state.part);
  const next = useKeyLabel('review.otherEdge');
  const [earlier, later, here, handOff] = [
    useKeyLabel('review.edgeEarlier'),
    useKeyLabel('review.edgeLater'),
    useKeyLabel('marks.here'),
    useKeyLabel('marks.handOff'),
  ];
  const parts = map === 'failures' ? PARTS : PARTS.filter((each) => each === 'start' || each === 'end');
  const ticks = parts.map((each) => tickOf(marks, map, id, each));
  return (
    <div className={styles.parts}>
      <fieldset className={styles.partChoice} aria-label={`Edge in hand, ${next} takes the next`}>
        {parts.map((each, index) => {
          const tick = ticks[index] ?? null;
          return (
            <button
              key={each}
              type="button"
              className={styles.part}
              aria-pressed={part === each}
              data-marked={tick !== null}
              title={tick === null ? `Mark the hand-off at the playhead (${handOff})` : `Tick ${tick}`}
              onClick={(press) => {
                if (tick === null) void markHandOffHere();
                else showMark(map, id, each, press.timeStamp);
              }}
            >
              <span className={styles.partName}>{partWord(each)}</span>
              <span className={styles.partTime}>{tick === null ? '–' : timeText(open.player.times, tick)}</span>
              <span className={styles.partTick}>{tick === null ? <Keys label={handOff} /> : tick}</span>
            </button>
          );
        })}
      </fieldset>
      <div className={styles.nudges}>
        <span>{partWord(part)} in hand</span>
        <IconButton
          size="s"
          label={`Move the ${partWord(part).toLowerCase()} a tick earlier`}
          keyLabel={earlier}
          icon={<ChevronLeft size={14} />}
          onClick={(press) => nudge(-1, press.timeStamp)}
        />
        <IconButton
          size="s"
          label={`Put the ${partWord(part).toLowerCase()} at the playhead`}
          keyLabel={here}
          icon={<LocateFixed size={14} />}
          onClick={(press) => void putPartHere(press.timeStamp)}
        />
        <IconButton
          size="s"
          label={`Move the ${partWord(part).toLowerCase()} a tick later`}
          keyLabel={later}
          icon={<ChevronRight size={14} />}
          onClick={(press) => nudge(1, press.timeStamp)}
        />
      </div>
    </div>
  );
}
