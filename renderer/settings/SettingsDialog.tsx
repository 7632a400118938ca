import { Tabs } from 'radix-ui';
import { useSession } from '../app/session.ts';
import { Dialog } from '../design/index.ts';
import { DatasetSection } from './DatasetSection.tsx';
import { GeneralSection } from './GeneralSection.tsx';
import { KeysSection } from './KeysSection.tsx';
import styles from './Settings.module.css';
import { type SettingsSection, useSettingsSection } from './section.ts';

/** A person's settings, their keys, and what everyone who opens this dataset shares. */
export function SettingsDialog({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const hasRoot = useSession((session) => session.root !== null);
  const section = useSettingsSection((kept) => kept.section);
  const show = (next: SettingsSection) => useSettingsSection.setState({ section: next });
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Settings" size="l">
      <Tabs.Root
        value={section === 'dataset' && !hasRoot ? 'general' : section}
        onValueChange={(next) => show(next as SettingsSection)}
        orientation="vertical"
        className={styles.layout}
      >
        <Tabs.List className={styles.sections} aria-label="Settings">
          <Tabs.Trigger value="general" className={styles.section}>
            General
          </Tabs.Trigger>
          <Tabs.Trigger value="keys" className={styles.section}>
            Keys
          </Tabs.Trigger>
          <Tabs.Trigger value="dataset" className={styles.section} disabled={!hasRoot}>
            Dataset
          </Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="general" className={styles.page}>
          <GeneralSection />
        </Tabs.Content>
        <Tabs.Content value="keys" className={styles.page}>
          <KeysSection />
        </Tabs.Content>
        <Tabs.Content value="dataset" className={styles.page}>
          <DatasetSection />
        </Tabs.Content>
      </Tabs.Root>
    </Dialog>
  );
}
