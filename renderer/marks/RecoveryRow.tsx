import { LifeBuoy } from 'lucide-react';
import type { Recovery } from '../../shared/review/markers.ts';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { Badge, Keys, Select } from '../design/index.ts';
import { termsOf, wordFor } from './choices.ts';
import type { MarkRowProps } from './FailureCard.tsx';
import { Segments, Words } from './Fields.tsx';
import { MarkActions } from './MarkActions.tsx';
import { MarkButton, useInSightInHand } from './MarkButton.tsx';
import styles from './MarksPanel.module.css';
import { failureWords, lengthText, timeText } from './mark-words.ts';
import { listMarks } from './marking.ts';
import { Parts } from './Parts.tsx';
import { sayOfRecovery } from './say.ts';

const TONES = { recovered: 'good', partly: 'warning', not_recovered: 'bad' } as const;

/** One attempt at a failure; the one in hand with all that is said of it. */
export function RecoveryRow(props: MarkRowProps & { sign: string }) {
  const { id, sign, marks, open, inHand, faults, taxonomy } = props;
  const recovery = marks.recoveries[id] as Recovery;
  const isInHand = inHand?.map === 'recoveries' && inHand.id === id;
  const { times } = open.player;
  const [first, last] = recovery.ticks;
  const row = useInSightInHand<HTMLLIElement>(isInHand);
  return (
    <li ref={row} className={styles.recovery} data-in-hand={isInHand}>
      <MarkButton
        mark={{ map: 'recoveries', id }}
        {...{ isInHand, faults }}
        icon={<LifeBuoy size={13} aria-hidden className={styles.recoverySign} />}
        title={
          <>
            <span className={styles.sign}>{sign}</span>
            <span className={styles.name}>Recovery</span>
            {recovery.outcome === null || !taxonomy ? null : (
              <Badge tone={TONES[recovery.outcome]}>{wordFor(taxonomy, 'outcome', recovery.outcome)}</Badge>
            )}
          </>
        }
        place={
          first === last ? (
            <>from {timeText(times, first)}, not ended yet</>
          ) : (
            <>
              {timeText(times, first)} to {timeText(times, last)}
              <span className={styles.detail}>{lengthText(times, recovery.ticks)}</span>
            </>
          )
        }
      />
      {isInHand ? <Form {...props} /> : null}
    </li>
  );
}

function Form({ id, marks, open, taxonomy }: MarkRowProps) {
  const recovery = marks.recoveries[id] as Recovery;
  const recoveryKey = useKeyLabel('marks.recovery');
  const failures = listMarks({ ...marks, recoveries: {}, taskMarks: {} });
  const { times } = open.player;
  const linkOptions = [
    ...(Object.hasOwn(marks.failures, recovery.failure)
      ? []
      : [{ value: recovery.failure, label: 'Choose a failure…' }]),
    ...failures.map(({ id: of }, index) => ({
      value: of,
      label: `F${index + 1}, ${failureWords(marks, of, times, taxonomy)}`,
    })),
  ];
  return (
    <div className={styles.form}>
      <Parts mark={{ map: 'recoveries', id }} marks={marks} open={open} />
      {recovery.ticks[0] === recovery.ticks[1] ? (
        <p className={styles.hint}>
          Go to where it ends, then <Keys label={recoveryKey} />
        </p>
      ) : null}
      {taxonomy ? (
        <>
          <Segments
            label="Steered by"
            value={recovery.controlMode}
            choices={termsOf(taxonomy, 'controlMode')}
            columns={2}
            onChoose={(value) => void sayOfRecovery(id, 'controlMode', value as Recovery['controlMode'])}
          />
          <Segments
            label="How it ended"
            value={recovery.outcome}
            choices={termsOf(taxonomy, 'outcome')}
            columns={3}
            onChoose={(value) => void sayOfRecovery(id, 'outcome', value as Recovery['outcome'])}
          />
        </>
      ) : null}
      <Words
        key={id}
        id={id}
        kind="howRecovered"
        label="How it recovered"
        value={recovery.howRecovered}
        onKeep={(text) => void sayOfRecovery(id, 'howRecovered', text)}
      />
      {failures.length > 1 || !Object.hasOwn(marks.failures, recovery.failure) ? (
        <div className={styles.field}>
          <span className={styles.label} aria-hidden>
            Of the failure
          </span>
          <Select
            size="s"
            label="Failure that it recovers from"
            value={recovery.failure}
            options={linkOptions}
            onChange={(value) => void sayOfRecovery(id, 'failure', value)}
          />
        </div>
      ) : null}
      <MarkActions
        split="Split it at the playhead: two attempts"
        join="Join it with the nearest attempt"
        remove="Delete the recovery"
      />
    </div>
  );
}
