import { ChevronsUpDown, FolderOpen, RefreshCw } from 'lucide-react';
import { openRoot, showRoot } from '../app/roots.ts';
import { useSession } from '../app/session.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { keyLabelOf } from '../commands/keys.ts';
import { runCommand } from '../commands/registry.ts';
import { Button, Menu, type MenuEntry } from '../design/index.ts';
import styles from './Library.module.css';

const MOST_RECENT = 8;

/** Which dataset is shown; also the way to others, opened before or not. */
export function RootChooser() {
  const roots = useSession((session) => session.roots);
  const root = useSession((session) => session.roots.find((candidate) => candidate.id === session.root));
  const recent = useSession((session) => session.userSettings.recent);
  const openPaths = new Set(roots.map((candidate) => candidate.path));
  const others = recent.filter(({ path }) => !openPaths.has(path)).slice(0, MOST_RECENT);
  const entries: MenuEntry[] = [];
  if (roots.length > 0) {
    entries.push({ heading: 'Open datasets' });
    for (const candidate of roots) {
      entries.push({
        label: candidate.name,
        detail: candidate.path,
        checked: candidate.id === root?.id,
        onSelect: () => void showRoot(candidate.id),
      });
    }
  }
  if (others.length > 0) {
    entries.push({ heading: 'Recent' });
    for (const { grant, path } of others) {
      entries.push({ label: lastName(path), detail: path, onSelect: () => void openRoot(grant) });
    }
  }
  if (entries.length > 0) entries.push('separator');
  entries.push({
    label: 'Open folder…',
    keyLabel: keyLabelOf('file.openFolder'),
    icon: <FolderOpen size={13} />,
    onSelect: () => runCommand('file.openFolder'),
  });
  entries.push({ label: 'Record a sample dataset', onSelect: () => runCommand('file.sample') });
  if (root) entries.push({ label: `Close ${root.name}`, onSelect: () => runCommand('file.close') });
  return (
    <div className={styles.chooser}>
      <Menu entries={entries}>
        <Button tone="ghost" className={styles.root} aria-label={root ? `Dataset: ${root.name}` : 'Choose a dataset'}>
          <span className={styles.rootName}>{root?.name ?? 'Choose a dataset'}</span>
          <ChevronsUpDown size={13} aria-hidden />
        </Button>
      </Menu>
      <CommandButton id="file.rescan" icon={<RefreshCw size={14} />} />
    </div>
  );
}

function lastName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
