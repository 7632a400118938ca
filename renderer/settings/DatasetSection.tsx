import { DEFAULT_HOLD_PERIODS } from '../../shared/time/sampling.ts';
import { useSession } from '../app/session.ts';
import { patchDatasetSettings } from '../app/settings.ts';
import { Button, Spinner } from '../design/index.ts';
import { CommitField } from './CommitField.tsx';
import { Row } from './GeneralSection.tsx';
import { MarkingRows } from './MarkingRows.tsx';
import styles from './Settings.module.css';

const MOST_TICKS = 10_000;

/** Shared by everyone who opens the dataset: kept beside the data. */
export function DatasetSection() {
  const settings = useSession((session) => session.datasetSettings);
  const root = useSession((session) => session.roots.find((candidate) => candidate.id === session.root));
  const episode = useSession((session) => session.open?.episode);
  if (!settings || !root) return <Spinner />;
  const offset = episode ? (settings.tactileOffsets[episode.path] ?? 0) : 0;
  const suggestion = episode?.suggestedTactileOffset ?? null;
  const setOffset = (ticks: number) => {
    if (episode) void patchDatasetSettings({ tactileOffsets: { [episode.path]: ticks === 0 ? null : ticks } });
  };
  const orders = Object.entries(settings.orders);
  return (
    <div className={styles.rows}>
      <p className={styles.detail} data-selectable>
        {root.path}
        {root.storage === 'user'
          ? `. ${root.storageReason ?? 'It is read-only: these settings are in your user folder.'}`
          : ''}
      </p>
      <Row
        title="Hold limit, median periods"
        detail={`How old a picture may be before its pane empties. Default ${DEFAULT_HOLD_PERIODS}.`}
      >
        <CommitField
          label="Hold limit, median periods"
          inputMode="decimal"
          value={String(settings.holdPeriods)}
          check={(text) => (Number(text) > 0 && Number.isFinite(Number(text)) ? null : 'A number above zero.')}
          onCommit={(text) => void patchDatasetSettings({ holdPeriods: Number(text) })}
        />
      </Row>
      {episode ? (
        <Row
          title={`Tactile offset of ${episode.name}, ticks`}
          detail={
            suggestion ? (
              <>
                Suggested: {suggestion.ticks}. {suggestion.reason}{' '}
                {suggestion.ticks === offset ? null : (
                  <Button size="s" onClick={() => setOffset(suggestion.ticks)}>
                    Take the suggestion
                  </Button>
                )}
              </>
            ) : (
              'A camera tick i is paired with tactile sample i + offset. 0 is what the recorder meant.'
            )
          }
        >
          <CommitField
            label={`Tactile offset of ${episode.name}, ticks`}
            inputMode="numeric"
            value={String(offset)}
            check={(text) =>
              Number.isInteger(Number(text)) && text.trim() !== '' && Math.abs(Number(text)) <= MOST_TICKS
                ? null
                : 'A whole number of ticks.'
            }
            onCommit={(text) => setOffset(Number(text))}
          />
        </Row>
      ) : null}
      <MarkingRows settings={settings} />
      <section>
        <h3 className={styles.subheading}>Channel orders</h3>
        {orders.length === 0 ? (
          <p className={styles.detail}>
            Every stream is shown in the order its format documents. Switch one in its pane or in the inspector.
          </p>
        ) : (
          orders.map(([stream, order]) => (
            <Row key={stream} title={stream} detail={`Shown as ${order.toUpperCase()}`}>
              <Button size="s" onClick={() => void patchDatasetSettings({ orders: { [stream]: null } })}>
                Back to the documented order
              </Button>
            </Row>
          ))
        )}
      </section>
    </div>
  );
}
