import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import type { Marks } from '../../shared/review/marker-faults.ts';
import type { Failure } from '../../shared/review/markers.ts';
import { codeOf, type Taxonomy } from '../../shared/review/taxonomy.ts';
import type { OpenEpisode } from '../app/session.ts';
import { useKeyLabel } from '../commands/CommandButton.tsx';
import { Keys } from '../design/index.ts';
import { FailureStateFacts } from '../review/FailureStateFacts.tsx';
import { termsOf } from './choices.ts';
import { Segments, Words } from './Fields.tsx';
import { MarkActions } from './MarkActions.tsx';
import styles from './MarksPanel.module.css';
import { askWhatItIs } from './mark-actions.ts';
import { useMarks } from './marks-state.ts';
import { Parts } from './Parts.tsx';
import { sayOfFailure } from './say.ts';

/** All that is said of the failure in hand. */
export function FailureForm({
  id,
  marks,
  open,
  taxonomy,
}: {
  id: string;
  marks: Marks;
  open: OpenEpisode;
  taxonomy: Taxonomy | null;
}) {
  const failure = marks.failures[id] as Failure;
  const isWriting = useMarks(({ writing }) => writing === id);
  const known = failure.code !== null && taxonomy ? codeOf(taxonomy, failure.code) : undefined;
  return (
    <div className={styles.form}>
      <Parts mark={{ map: 'failures', id }} marks={marks} open={open} />
      <CodeButton code={failure.code} />
      {known ? <p className={styles.definition}>{known.definition}</p> : null}
      {taxonomy ? (
        <>
          <Segments
            label="Severity"
            value={failure.severity}
            choices={termsOf(taxonomy, 'severity')}
            columns={3}
            onChoose={(value) => void sayOfFailure(id, 'severity', value)}
          />
          <Segments
            label="To reset the scene"
            value={failure.resetability}
            choices={termsOf(taxonomy, 'resetability')}
            columns={2}
            onChoose={(value) => void sayOfFailure(id, 'resetability', value)}
          />
        </>
      ) : null}
      <Words
        key={id}
        id={id}
        kind="whatHappened"
        label="What happened"
        hint={known?.needsText ? <em>asked for by this code</em> : null}
        value={failure.whatHappened}
        isFocused={isWriting}
        onFocused={wordsHaveFocus}
        onKeep={(text) => void sayOfFailure(id, 'whatHappened', text)}
      />
      <FailureStateFacts state={failure.state} />
      <MarkActions split="Split it at the playhead: two failures" remove="Delete the failure" />
    </div>
  );
}

function wordsHaveFocus(): void {
  useMarks.setState({ writing: null });
}

function CodeButton({ code }: { code: string | null }) {
  const key = useKeyLabel('marks.code');
  const name = useId();
  return (
    <div className={styles.field}>
      <span id={name} className={styles.label}>
        Code
      </span>
      <button
        id={`${name}-value`}
        type="button"
        className={styles.code}
        data-said={code !== null}
        aria-labelledby={`${name} ${name}-value`}
        onClick={() => askWhatItIs('code')}
      >
        <span>{code ?? 'Choose…'}</span>
        <Keys label={key} />
        <ChevronDown size={13} aria-hidden />
      </button>
    </div>
  );
}
