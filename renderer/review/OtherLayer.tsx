import { Lock } from 'lucide-react';
import type { Layer } from '../../shared/review/review.ts';
import type { OpenEpisode } from '../app/session.ts';
import { Badge } from '../design/index.ts';
import { outcomeWord } from './gestures.ts';
import { NoteList } from './NoteList.tsx';
import { OtherMarks } from './OtherMarks.tsx';
import styles from './ReviewPanel.module.css';

const TONES = {
  success: 'good',
  success_suboptimal: 'accent',
  success_side_effect: 'warning',
  failure: 'bad',
  not_scored: 'neutral',
} as const;

/** What somebody else said of the same recording: beside one's own, never mixed with it, never changed from here. */
export function OtherLayer({ layer, open }: { layer: Layer; open: OpenEpisode }) {
  const { outcome } = layer;
  return (
    <section className={styles.part} aria-label={`Review of ${layer.annotator}, read-only`}>
      <header className={styles.row}>
        <h2 className={styles.heading}>
          <Lock size={11} aria-hidden /> {layer.annotator}
        </h2>
        {outcome ? <Badge tone={TONES[outcome.value]}>{outcomeWord(outcome.value)}</Badge> : <Badge>no outcome</Badge>}
      </header>
      {outcome?.reason ? <p className={styles.words}>{outcome.reason}</p> : null}
      <OtherMarks layer={layer} open={open} />
      <NoteList notes={layer.notes} open={open} isOwn={false} />
    </section>
  );
}
