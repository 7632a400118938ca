import { ChevronRight, CircleCheck, CircleDashed, CircleDot, OctagonX } from 'lucide-react';
import { useMemo } from 'react';
import type { Layer } from '../../shared/review/review.ts';
import { type OpenEpisode, useSession } from '../app/session.ts';
import { Tooltip, VisuallyHidden } from '../design/index.ts';
import { useMarksShown } from '../marks/marks-state.ts';
import { withGestures } from '../review/gestures.ts';
import { useReviewState } from '../review/review-actions.ts';
import { useSeen } from '../review/use-seen.ts';
import { Counters } from './Counters.tsx';
import { goToStage } from './go-to-stage.ts';
import styles from './SessionStrip.module.css';
import { type Stage, stagesOf } from './stages.ts';

const SIGNS = {
  none: { icon: CircleDashed, word: 'nothing yet' },
  open: { icon: CircleDot, word: 'something is still to be said' },
  done: { icon: CircleCheck, word: 'done' },
  bad: { icon: OctagonX, word: 'something is wrong' },
} as const;

/** Capture → failure slice → recovery cut → export of the open episode, and the dataset's counters beside it. */
export function SessionStrip({ open }: { open: OpenEpisode }) {
  const own = useOwnShown();
  const { percent } = useSeen(open);
  const stages = useMemo(
    () => stagesOf({ episode: open.episode, times: open.player.times, own, seenPercent: percent }),
    [open, own, percent],
  );
  return (
    <section className={styles.strip} aria-label="Session">
      <ol className={styles.stages}>
        {stages.map((stage, index) => (
          <li key={stage.id} className={styles.place}>
            {index > 0 ? <ChevronRight size={13} className={styles.arrow} aria-hidden /> : null}
            <StageButton stage={stage} open={open} own={own} />
          </li>
        ))}
      </ol>
      <Counters root={open.episode.root} />
    </section>
  );
}

function StageButton({ stage, open, own }: { stage: Stage; open: OpenEpisode; own: Layer | null }) {
  const { icon: Icon, word } = SIGNS[stage.state];
  const [first, ...rest] = stage.title.split(' ');
  return (
    <Tooltip content={stage.sentence}>
      <button
        type="button"
        className={styles.stage}
        data-state={stage.state}
        onClick={(event) => goToStage(stage.id, open, own, event.timeStamp)}
      >
        <Icon size={13} aria-hidden />
        <span className={styles.title}>
          {first}
          {rest.length > 0 ? <span className={styles.rest}> {rest.join(' ')}</span> : null}
        </span>
        <span className={styles.figure}>{stage.figure}</span>
        {stage.detail === '' ? null : <span className={styles.detail}>{stage.detail}</span>}
        <VisuallyHidden>, {word}</VisuallyHidden>
      </button>
    </Tooltip>
  );
}

/** The own layer with what is on its way to the workstation and what is on the move. */
function useOwnShown(): Layer | null {
  const own = useSession((session) => session.review?.own ?? null);
  const unsent = useReviewState((state) => state.unsent);
  const marks = useMarksShown();
  return useMemo(() => own && { ...withGestures(own, unsent), ...marks }, [own, unsent, marks]);
}
