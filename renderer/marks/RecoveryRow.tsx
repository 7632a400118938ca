import { CircleAlert, LifeBuoy, Merge, Repeat, SquareSplitHorizontal, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Recovery } from '../../shared/review/markers.ts';
import { CommandButton, useKeyLabel } from '../commands/CommandButton.tsx';
import { Badge, Keys, Select } from '../design/index.ts';
import { termsOf, wordFor } from './choices.ts';
import type { MarkRowProps } from './FailureCard.tsx';
import { Segments, Words } from './Fields.tsx';
import styles from './MarksPanel.module.css';
import { showMark } from './mark-navigation.ts';
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
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isInHand) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isInHand]);
  const toSettle = faults.filter(
    (fault) => fault.map === 'recoveries' && fault.id === id && fault.level !== 'note',
  ).length;
  return (
    <li ref={row} className={styles.recovery} data-in-hand={isInHand}>
      <button
        type="button"
        className={styles.about}
        aria-pressed={isInHand}
        aria-expanded={isInHand}
        onClick={(press) => showMark('recoveries', id, undefined, press.timeStamp)}
      >
        <LifeBuoy size={13} aria-hidden className={styles.recoverySign} />
        <span className={styles.words}>
          <span className={styles.title}>
            <span className={styles.sign}>{sign}</span>
            <span className={styles.name}>Recovery</span>
            {recovery.outcome === null || !taxonomy ? null : (
              <Badge tone={TONES[recovery.outcome]}>{wordFor(taxonomy, 'outcome', recovery.outcome)}</Badge>
            )}
          </span>
          <span className={styles.place}>
            {first === last ? (
              <>from {timeText(times, first)}, not ended yet</>
            ) : (
              <>
                {timeText(times, first)} to {timeText(times, last)}
                <span className={styles.detail}>{lengthText(times, recovery.ticks)}</span>
              </>
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
      <div className={styles.actions}>
        <CommandButton id="play.loop" size="s" icon={<Repeat size={14} />} label="Loop it with its lead-in" />
        <CommandButton
          id="review.split"
          size="s"
          icon={<SquareSplitHorizontal size={14} />}
          label="Split it at the playhead: two attempts"
        />
        <CommandButton id="marks.join" size="s" icon={<Merge size={14} />} label="Join it with the nearest attempt" />
        <CommandButton id="marks.delete" size="s" icon={<Trash2 size={14} />} label="Delete the recovery" />
      </div>
    </div>
  );
}
