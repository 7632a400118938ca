import { Diamond, Hand } from 'lucide-react';
import type { MarkerFault, Marks } from '../../shared/review/marker-faults.ts';
import { recoveriesOf } from '../../shared/review/marker-gestures.ts';
import type { Failure } from '../../shared/review/markers.ts';
import { codeOf, type Taxonomy } from '../../shared/review/taxonomy.ts';
import type { OpenEpisode } from '../app/session.ts';
import { Badge } from '../design/index.ts';
import { wordFor } from './choices.ts';
import { FailureForm } from './FailureForm.tsx';
import { MarkButton, useInSightInHand } from './MarkButton.tsx';
import styles from './MarksPanel.module.css';
import { lengthText, timeText } from './mark-words.ts';
import type { MarkRef } from './marking.ts';
import { RecoveryRow } from './RecoveryRow.tsx';

export interface MarkRowProps {
  id: string;
  marks: Marks;
  open: OpenEpisode;
  inHand: MarkRef | null;
  faults: readonly MarkerFault[];
  taxonomy: Taxonomy | null;
}

/** A failure with its recoveries beneath, by the signs they bear on the timeline; the one in hand with all that is said of it. */
export function FailureCard(props: MarkRowProps & { number: number }) {
  const { id, number, marks, open, inHand, faults, taxonomy } = props;
  const failure = marks.failures[id] as Failure;
  const isInHand = inHand?.map === 'failures' && inHand.id === id;
  const recoveries = recoveriesOf(marks, id);
  const { times } = open.player;
  const row = useInSightInHand<HTMLDivElement>(isInHand);
  return (
    <li className={styles.card} data-in-hand={isInHand}>
      <div ref={row}>
        <MarkButton
          mark={{ map: 'failures', id }}
          {...{ isInHand, faults }}
          icon={<Diamond size={13} aria-hidden className={styles.failureSign} />}
          title={<CodeWords sign={`F${number}`} failure={failure} taxonomy={taxonomy} />}
          place={
            <>
              {timeText(times, failure.event)}, tick {failure.event}
              <span className={styles.detail}>window {lengthText(times, failure.window)}</span>
              {failure.handOff === null ? null : (
                <span className={styles.detail}>
                  <Hand size={11} aria-label="hand-off" /> {timeText(times, failure.handOff)}
                </span>
              )}
            </>
          }
        />
        {isInHand ? <FailureForm id={id} marks={marks} open={open} taxonomy={taxonomy} /> : null}
      </div>
      {recoveries.length > 0 ? (
        <ul className={styles.recoveries} aria-label="Recoveries of this failure">
          {recoveries.map(([recovery], index) => (
            <RecoveryRow
              key={recovery}
              {...{ marks, open, inHand, faults, taxonomy }}
              id={recovery}
              sign={index > 0 ? `R${number}.${index + 1}` : `R${number}`}
            />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

function CodeWords({ sign, failure, taxonomy }: { sign: string; failure: Failure; taxonomy: Taxonomy | null }) {
  const { code, severity } = failure;
  const known = code !== null && taxonomy ? codeOf(taxonomy, code) : undefined;
  const category = known && taxonomy?.categories.find(({ slug }) => slug === known.category);
  return (
    <>
      <span className={styles.sign}>{sign}</span>
      {code === null ? (
        <span className={styles.unsaid}>No code yet</span>
      ) : known ? (
        <>
          <span className={styles.name}>{known.title}</span>
          <span className={styles.detail}>{category?.title}</span>
        </>
      ) : (
        <>
          <span className={styles.name}>{code}</span>
          {taxonomy ? <Badge tone="warning">not in the taxonomy</Badge> : null}
        </>
      )}
      {severity === null || !taxonomy ? null : (
        <Badge tone={severity === taxonomy.severities[0]?.slug ? 'neutral' : 'bad'}>
          {wordFor(taxonomy, 'severity', severity)}
        </Badge>
      )}
    </>
  );
}
