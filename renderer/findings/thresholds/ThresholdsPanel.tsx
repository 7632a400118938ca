import { RotateCcw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { DEFAULT_DETECT_SETTINGS, type DetectSettings, detectSettingsSchema } from '../../../shared/detect/settings.ts';
import type { Finding } from '../../../shared/review/finding.ts';
import { type OpenEpisode, useSession } from '../../app/session.ts';
import { Button, IconButton, Spinner } from '../../design/index.ts';
import { DetectButton } from '../DetectButton.tsx';
import { findingsInForce, useFindings } from '../findings-state.ts';
import { keepTrial } from './keep-trial.ts';
import { Row } from './ThresholdRow.tsx';
import styles from './Thresholds.module.css';
import { groupsFor, type SettingValue, settingOf, type ThresholdGroup } from './threshold-table.ts';
import { countOf, countSentence, isSame, movedFromDefault, withDefaults, withValue } from './trial.ts';
import { cancelTrial, openAgain, tryOut, useTrial } from './trial-state.ts';

/** What detectors judge by: moving a value judges the open recording anew at once, as a trial until it is kept. */
export function ThresholdsPanel({ open }: { open: OpenEpisode }) {
  const { isShown, state, settings } = useTrial();
  const detected = useFindings((findings) => findings.detected);
  const found = useFindings(findingsInForce);
  if (!isShown || !detected || !found) return null;
  if (state === 'missing')
    return (
      <section className={styles.panel} aria-label="Thresholds">
        <p className={styles.said}>
          The numbers these findings were found in are not stored any more, or are of another tactile offset.
        </p>
        <DetectButton label="Detect" />
      </section>
    );
  const { episode } = open;
  const groups = groupsFor({
    isReact: episode.format === 'react',
    hasGels: episode.streams.some(({ kind, position }) => kind === 'tactile' && position !== null),
    hasTracks: episode.tracks.length > 0,
    hasSeries: episode.series.length > 0,
  });
  const now = settings ?? detected.settings;
  return (
    <section className={styles.panel} aria-label="Thresholds">
      <Head now={now} stored={detected.findings.length} found={found.length} />
      {typeof state === 'object' ? (
        <p className={styles.fault}>
          {state.fault}{' '}
          <Button size="s" onClick={openAgain}>
            Try again
          </Button>
        </p>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls has to be reachable by keyboard */}
      <section className={styles.groups} aria-label="Values" tabIndex={0}>
        {groups.map((group, at) => (
          <Group key={group.part} group={group} isFirst={at === 0} now={now} found={found} stored={detected.findings} />
        ))}
      </section>
    </section>
  );
}

function Head({ now, stored, found }: { now: DetectSettings; stored: number; found: number }) {
  const { settings, isJudged, state, keeping } = useTrial();
  const ofDataset = useSession((session) => session.datasetSettings?.detect);
  const detected = useFindings((findings) => findings.detected);
  const dataset = detectSettingsSchema.safeParse(ofDataset ?? {}).data;
  const isOther = detected && dataset && !isSame(dataset, detected.settings);
  const reset =
    movedFromDefault(now).length === 0 ? null : (
      <IconButton
        size="s"
        label="All to their defaults"
        icon={<RotateCcw size={12} />}
        onClick={() => tryOut(withDefaults(now))}
      />
    );
  if (!settings)
    return (
      <header className={styles.head}>
        <p className={styles.said}>
          {state === 'loading' ? <Spinner label="Reading what was measured" size={12} /> : null} Move a value to see
          what it would find: only here, and nothing is stored.
          {isOther ? ' The dataset has other values by now than these findings were found with.' : ''}
        </p>
        {reset || isOther ? (
          <div className={styles.actions}>
            {isOther && dataset ? (
              <Button size="s" onClick={() => tryOut(dataset)}>
                Try the dataset's
              </Button>
            ) : null}
            {reset}
          </div>
        ) : null}
      </header>
    );
  return (
    <header className={styles.head} data-trial>
      <p className={styles.said} role="status">
        <b>Trial.</b> <span data-testid="trial-count">{countSentence(found, stored)}</span>
        {isJudged ? '' : ' …'}. Nothing is stored; verdicts stay with their events.
      </p>
      <div className={styles.actions}>
        <Button
          size="s"
          tone="primary"
          disabled={!isJudged || keeping !== null}
          icon={keeping === null ? undefined : <Spinner label="Judging by them" size={12} />}
          onClick={() => void keepTrial()}
        >
          Keep for this dataset
        </Button>
        <Button size="s" onClick={cancelTrial}>
          Cancel
        </Button>
        {reset}
      </div>
    </header>
  );
}

function Group({
  group,
  isFirst,
  now,
  found,
  stored,
}: {
  group: ThresholdGroup;
  isFirst: boolean;
  now: DetectSettings;
  found: readonly Finding[];
  stored: readonly Finding[];
}) {
  const { part, title, detectors, rows } = group;
  const inHand = useFindings(({ selected }) => selected?.slice(0, selected.indexOf(':')));
  const [isOpen, setOpen] = useState(inHand ? detectors.includes(inHand) : isFirst);
  const moved = movedFromDefault(now).filter((key) => key.startsWith(`${part}.`)).length;
  const { enabled } = now[part];
  const set = (key: string, value: SettingValue): string | null => {
    const next = withValue(now, part, key, value);
    if (typeof next === 'string') return next;
    tryOut(next);
    return null;
  };
  return (
    <details className={styles.group} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={styles.title}>{title}</span>
        {moved > 0 ? <span className={styles.moved}>{moved} moved</span> : null}
        <span className={styles.count}>{enabled ? countOf(detectors, found, stored) : 'off'}</span>
      </summary>
      {isOpen ? (
        <div className={styles.rows}>
          <label className={styles.switch}>
            <input type="checkbox" checked={enabled} onChange={(event) => set('enabled', event.target.checked)} />
            Look for it
          </label>
          {enabled
            ? rows.map((row) => (
                <Row
                  key={row.key}
                  row={row}
                  group={title}
                  value={settingOf(now, part, row.key)}
                  usual={settingOf(DEFAULT_DETECT_SETTINGS, part, row.key)}
                  onChange={(value) => set(row.key, value)}
                />
              ))
            : null}
          {moved > 0 ? (
            <Button
              size="s"
              tone="ghost"
              icon={<Undo2 size={12} />}
              onClick={() => tryOut({ ...now, [part]: withDefaults(now)[part] })}
            >
              Defaults of these
            </Button>
          ) : null}
        </div>
      ) : null}
    </details>
  );
}
