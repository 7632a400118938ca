import { useId } from 'react';
import type { DatasetSettings } from '../../shared/api/settings.ts';
import { DEFAULT_WINDOW } from '../../shared/review/markers.ts';
import { patchDatasetSettings } from '../app/settings.ts';
import { CommitField } from './CommitField.tsx';
import { Row } from './GeneralSection.tsx';
import styles from './Settings.module.css';

const MOST_WINDOW_SECONDS = 3600;
const MOST_REACTION_MS = 5000;

/** How failures are marked in the project that records here. */
export function MarkingRows({ settings }: { settings: DatasetSettings }) {
  const { failureWindowSeconds: window, reactionTimeMs, blindUntilSubmitted } = settings;
  const blind = useId();
  return (
    <section>
      <h3 className={styles.subheading}>Marking</h3>
      {(['before', 'after'] as const).map((side) => (
        <Row
          key={side}
          title={`Failure window, seconds ${side} the event`}
          detail={`What is cut out around a failure that is newly marked. Default ${DEFAULT_WINDOW[side]}.`}
        >
          <CommitField
            label={`Failure window, seconds ${side} the event`}
            inputMode="decimal"
            value={String(window[side])}
            check={within(MOST_WINDOW_SECONDS, 'seconds')}
            onCommit={(text) =>
              void patchDatasetSettings({ failureWindowSeconds: { ...window, [side]: Number(text) } })
            }
          />
        </Row>
      ))}
      <Row
        title="Reaction time, milliseconds"
        detail="A mark made while playing is put so much earlier: what people need to see it and press a key. 0 for none."
      >
        <CommitField
          label="Reaction time, milliseconds"
          inputMode="numeric"
          value={String(reactionTimeMs)}
          check={within(MOST_REACTION_MS, 'milliseconds')}
          onCommit={(text) => void patchDatasetSettings({ reactionTimeMs: Number(text) })}
        />
      </Row>
      <Row
        title="Blind until submitted"
        detail="What others said of a recording is shown once one's own review of it is submitted."
        labelFor={blind}
      >
        <input
          id={blind}
          type="checkbox"
          className={styles.checkbox}
          checked={blindUntilSubmitted}
          onChange={(event) => void patchDatasetSettings({ blindUntilSubmitted: event.target.checked })}
        />
      </Row>
    </section>
  );
}

function within(most: number, unit: string): (text: string) => string | null {
  return (text) =>
    text.trim() !== '' && Number(text) >= 0 && Number(text) <= most ? null : `From 0 to ${most} ${unit}.`;
}
