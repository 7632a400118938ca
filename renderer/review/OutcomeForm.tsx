import { Ban, CircleAlert, CircleCheck, CircleMinus, CircleX, Undo2 } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { useEffect, useState } from 'react';
import { OUTCOMES, type Outcome } from '../../shared/review/review.ts';
import { runCommand } from '../commands/registry.ts';
import { Button, TextField } from '../design/index.ts';
import { giveReason, setOutcome } from './gestures.ts';
import styles from './ReviewPanel.module.css';
import { perform } from './review-actions.ts';

const LOOKS = {
  success: { icon: CircleCheck, label: 'Success', hint: 'The task was done.' },
  success_suboptimal: { icon: CircleMinus, label: 'Suboptimal', hint: 'The task was done, and not well.' },
  success_side_effect: {
    icon: CircleAlert,
    label: 'Side effect',
    hint: 'The task was done, and something else was done to the scene.',
  },
  failure: { icon: CircleX, label: 'Failure', hint: 'The task was not done by the policy.' },
  not_scored: { icon: Ban, label: 'Not scored', hint: 'It does not count; say why.' },
} as const;

/** How the episode went, as one of five; choosing is one undoable step. */
export function OutcomeForm({ outcome }: { outcome: Outcome | null }) {
  return (
    <>
      <RadioGroup.Root
        className={styles.outcomes}
        aria-label="Outcome"
        value={outcome?.value ?? ''}
        onValueChange={(value) => void perform(setOutcome(value as Outcome['value']))}
      >
        {OUTCOMES.map((value) => {
          const { icon: Icon, label, hint } = LOOKS[value];
          return (
            <RadioGroup.Item key={value} value={value} className={styles.outcome} data-outcome={value} title={hint}>
              <Icon size={15} aria-hidden />
              {label}
            </RadioGroup.Item>
          );
        })}
      </RadioGroup.Root>
      {outcome?.value === 'not_scored' ? <Reason reason={outcome.reason ?? ''} /> : null}
      {outcome ? (
        <Button
          size="s"
          tone="ghost"
          className={styles.clear}
          icon={<Undo2 size={12} />}
          onClick={() => runCommand('review.clearOutcome')}
        >
          Clear the outcome
        </Button>
      ) : (
        <p className={styles.muted}>Not said yet: counted as missing, never as failure.</p>
      )}
    </>
  );
}

export const REASON_ID = 'review-reason';

/** Kept when one leaves the field or presses Enter. */
function Reason({ reason }: { reason: string }) {
  const [text, setText] = useState(reason);
  useEffect(() => setText(reason), [reason]);
  const keep = () => {
    if (text.trim() !== reason.trim()) void perform(giveReason(text));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <TextField
        id={REASON_ID}
        label="Why it is not scored"
        value={text}
        placeholder="e.g. camera fell over"
        onChange={(event) => setText(event.target.value)}
        onBlur={keep}
      />
    </form>
  );
}
