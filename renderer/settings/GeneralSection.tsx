import { type ReactNode, useId } from 'react';
import type { UserSettings } from '../../shared/api/settings.ts';
import { useSession } from '../app/session.ts';
import { patchUserSettings } from '../app/settings.ts';
import { Select } from '../design/index.ts';
import { CommitField } from './CommitField.tsx';
import styles from './Settings.module.css';

const THEMES = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];
const LEAST_MB = 32;
const MOST_MB = 8000;

export function GeneralSection() {
  const settings = useSession((session) => session.userSettings);
  const readoutId = useId();
  return (
    <div className={styles.rows}>
      <Row title="Your name" detail="Stands on everything you mark. Other people's marks stay theirs.">
        <CommitField
          label="Your name"
          value={settings.annotator}
          check={(text) => (text.trim().length < 1 || text.trim().length > 64 ? 'Between 1 and 64 characters.' : null)}
          onCommit={(text) => void patchUserSettings({ annotator: text.trim() })}
        />
      </Row>
      <Row title="Theme">
        <Select
          label="Theme"
          value={settings.theme}
          options={THEMES}
          onChange={(theme) => void patchUserSettings({ theme: theme as UserSettings['theme'] })}
        />
      </Row>
      <Row title="Memory for pictures, MB" detail="What all caches together may hold. Used from the next episode on.">
        <CommitField
          label="Memory for pictures, MB"
          value={String(Math.round(settings.cacheBytes / 1e6))}
          inputMode="numeric"
          check={(text) => {
            const value = Number(text);
            return Number.isInteger(value) && value >= LEAST_MB && value <= MOST_MB
              ? null
              : `A whole number from ${LEAST_MB} to ${MOST_MB}.`;
          }}
          onCommit={(text) => void patchUserSettings({ cacheBytes: Number(text) * 1e6 })}
        />
      </Row>
      <Row
        title="Performance read-out"
        detail="Rate, decode, transport and paint below the panes."
        labelFor={readoutId}
      >
        <input
          id={readoutId}
          type="checkbox"
          className={styles.checkbox}
          checked={settings.performanceReadout}
          onChange={(event) => void patchUserSettings({ performanceReadout: event.target.checked })}
        />
      </Row>
    </div>
  );
}

export function Row({
  title,
  detail,
  labelFor,
  children,
}: {
  title: string;
  detail?: ReactNode;
  labelFor?: string;
  children: ReactNode;
}) {
  return (
    <div className={styles.row}>
      <div className={styles.rowText}>
        {labelFor ? <label htmlFor={labelFor}>{title}</label> : <div>{title}</div>}
        {detail ? <div className={styles.detail}>{detail}</div> : null}
      </div>
      <div className={styles.rowControl}>{children}</div>
    </div>
  );
}
