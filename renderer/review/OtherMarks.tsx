import type { Layer } from '../../shared/review/review.ts';
import type { OpenEpisode } from '../app/session.ts';
import { timeText } from '../marks/mark-words.ts';
import { select } from '../timeline/selection.ts';
import { markLines } from './mark-lines.ts';
import styles from './ReviewPanel.module.css';

/** What somebody else marked, by the signs it bears on the timeline, with their words. A press on the time goes there. */
export function OtherMarks({ layer, open }: { layer: Layer; open: OpenEpisode }) {
  const lines = markLines(layer);
  if (lines.length === 0) return null;
  const { player } = open;
  const last = player.times.length - 1;
  return (
    <ul className={styles.notes} aria-label={`Marked by ${layer.annotator}`}>
      {lines.map(({ key, sign, said, words, tick, ticks }) => (
        <li key={key} className={styles.note}>
          <button
            type="button"
            className={styles.jump}
            onClick={(press) => {
              select([Math.min(ticks[0], last), Math.min(ticks[1], last)]);
              player.pause();
              player.seek(Math.min(tick, last), press.timeStamp);
            }}
          >
            {timeText(player.times, tick)} <span>{[sign, said].filter(Boolean).join(' ')}</span>
          </button>
          {words === '' ? null : (
            <p className={styles.words} data-selectable>
              {words}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
