import { CircleAlert, Diamond, Hand } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { MarkerFault, Marks } from '../../shared/review/marker-faults.ts';
import { recoveriesOf } from '../../shared/review/marker-gestures.ts';
import type { Failure } from '../../shared/review/markers.ts';
import { codeOf, type Taxonomy } from '../../shared/review/taxonomy.ts';
import type { OpenEpisode } from '../app/session.ts';
import { Badge } from '../design/index.ts';
import { wordFor } from './choices.ts';
import { FailureForm } from './FailureForm.tsx';
import styles from './MarksPanel.module.css';
import { showMark } from './mark-navigation.ts';
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
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isInHand) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isInHand]);
  const toSettle = faults.filter(
    (fault) => fault.map === 'failures' && fault.id === id && fault.level !== 'note',
  ).length;
  return (
    <li className={styles.card} data-in-hand={isInHand}>
      <div ref={row}>
        <button
          type="button"
          className={styles.about}
          aria-pressed={isInHand}
          aria-expanded={isInHand}
          onClick={(press) => showMark('failures', id, undefined, press.timeStamp)}
        >
          <Diamond size={13} aria-hidden className={styles.failureSign} />
          <span className={styles.words}>
            <CodeWords sign={`F${number}`} failure={failure} taxonomy={taxonomy} />
            <span className={styles.place}>
              {timeText(times, failure.event)}, tick {failure.event}
              <span className={styles.detail}>window {lengthText(times, failure.window)}</span>
              {failure.handOff === null ? null : (
                <span className={styles.detail}>
                  <Hand size={11} aria-label="hand-off" /> {timeText(times, failure.handOff)}
                </span>
              )}
            </span>
          </span>
          {toSettle > 0 ? (
            <span className={styles.open} title={`${toSettle} to settle`}>
              <CircleAlert size={12} aria-hidden /> {toSettle}
              <span className={styles.spoken}> to settle</span>
            </span>
          ) : null}
        </button>
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
    <span className={styles.title}>
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
    </span>
  );
}
