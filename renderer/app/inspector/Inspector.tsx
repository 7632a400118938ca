import { Info } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { EmptyState } from '../../design/index.ts';
import { Area } from '../Area.tsx';
import { FindingsPanel, MarksPanel, ReviewPanel } from '../parts.tsx';
import { useSession } from '../session.ts';
import { type InspectorTab, useView } from '../view-state.ts';
import { CalibrationTab } from './CalibrationTab.tsx';
import { EpisodeTab } from './EpisodeTab.tsx';
import styles from './Inspector.module.css';

const TABS: readonly [InspectorTab, string][] = [
  ['review', 'Review'],
  ['findings', 'Findings'],
  ['marks', 'Marks'],
  ['episode', 'Episode'],
  ['calibration', 'Calibration'],
];

/** What is known and said of the open episode. */
export function Inspector() {
  const open = useSession((session) => session.open);
  const tab = useView((view) => view.inspectorTab);
  const described = useSession((session) => session.openFault?.described);
  if (!open && described) {
    return (
      <div className={styles.content}>
        <EpisodeTab open={{ episode: described }} />
      </div>
    );
  }
  if (!open) {
    return (
      <EmptyState icon={<Info size={20} />} title="Nothing to inspect">
        Metadata, clocks, streams, calibration and the review of an open episode stand here.
      </EmptyState>
    );
  }
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => useView.setState({ inspectorTab: value as InspectorTab })}
      className={styles.inspector}
    >
      <Tabs.List className={styles.tabs} aria-label="Inspector">
        {TABS.map(([value, label]) => (
          <Tabs.Trigger key={value} value={value} className={styles.tab}>
            {label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="review" className={styles.content}>
        <Area name="review" resetKey={open.episode.id}>
          <ReviewPanel />
        </Area>
      </Tabs.Content>
      <Tabs.Content value="findings" className={styles.content} data-scope="queue">
        {/* Not made anew with another episode: the queue may go on from one to the next, and has the focus. */}
        <Area name="findings">
          <FindingsPanel open={open} />
        </Area>
      </Tabs.Content>
      <Tabs.Content value="marks" className={styles.content}>
        <Area name="marks" resetKey={open.episode.id}>
          <MarksPanel open={open} />
        </Area>
      </Tabs.Content>
      <Tabs.Content value="episode" className={styles.content}>
        <Area name="episode tab" resetKey={open.episode.id}>
          <EpisodeTab open={open} />
        </Area>
      </Tabs.Content>
      <Tabs.Content value="calibration" className={styles.content}>
        <Area name="calibration tab" resetKey={open.episode.id}>
          <CalibrationTab open={open} />
        </Area>
      </Tabs.Content>
    </Tabs.Root>
  );
}
