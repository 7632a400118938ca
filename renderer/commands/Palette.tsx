import { Command as Cmdk, defaultFilter } from 'cmdk';
import { Film, Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { COMMANDS, type CommandGroup } from '../../shared/commands/table.ts';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { useSession } from '../app/session.ts';
import { Dialog, Keys } from '../design/index.ts';
import { keyLabelOf } from './keys.ts';
import styles from './Palette.module.css';
import { isCommandEnabled, runCommand } from './registry.ts';

const GROUPS: readonly CommandGroup[] = ['Playback', 'Review', 'View', 'File', 'Edit', 'Help'];
const MOST_EPISODES = 20;

export interface PaletteProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  onEpisode(id: string): void;
}

/** Everything that can be done, by name; what cannot be done now is greyed. Typing also finds episodes. */
export function Palette({ open, onOpenChange, onEpisode }: PaletteProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Command palette" bare>
      <PaletteBody close={() => onOpenChange(false)} onEpisode={onEpisode} />
    </Dialog>
  );
}

function PaletteBody({ close, onEpisode }: { close(): void; onEpisode(id: string): void }) {
  const [query, setQuery] = useState('');
  const entries = useSession((session) => session.entries);
  const root = useSession((session) => session.root);
  const commands = useMemo(() => rank(query), [query]);
  const episodes = useMemo(() => {
    const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const found = [];
    for (const entry of entries.values()) {
      if (entry.root === root && words.every((word) => entry.path.toLowerCase().includes(word))) found.push(entry);
      if (found.length === MOST_EPISODES) break;
    }
    return found;
  }, [entries, root, query]);

  // The dialog closes first and gives the focus back, so that a command which opens a dialog of its own keeps it.
  const later = (action: () => void) => {
    close();
    window.setTimeout(action, 0);
  };
  return (
    <Cmdk
      label="Command palette"
      shouldFilter={false}
      loop
      vimBindings={false}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.code === 'KeyK') {
          event.preventDefault();
          close();
        }
      }}
    >
      <div className={styles.search}>
        <Search size={15} aria-hidden />
        <Cmdk.Input value={query} onValueChange={setQuery} placeholder="Type a command or an episode" autoFocus />
      </div>
      <Cmdk.List className={styles.list} label="Commands and episodes">
        <Cmdk.Empty className={styles.none}>Nothing by that name.</Cmdk.Empty>
        {GROUPS.map((group) => {
          const inGroup = commands.filter((command) => command.group === group);
          return inGroup.length === 0 ? null : (
            <Cmdk.Group key={group} heading={group}>
              {inGroup.map((command) => (
                <Cmdk.Item
                  key={command.id}
                  value={command.id}
                  disabled={!isCommandEnabled(command.id)}
                  onSelect={() =>
                    later(() => runCommand(command.id, undefined, { timeStamp: performance.now(), repeat: false }))
                  }
                >
                  <span className={styles.title}>{command.title}</span>
                  {keyLabelOf(command.id) ? <Keys label={keyLabelOf(command.id)} /> : null}
                </Cmdk.Item>
              ))}
            </Cmdk.Group>
          );
        })}
        {episodes.length > 0 ? (
          <Cmdk.Group heading="Episodes">
            {episodes.map((entry) => (
              <Cmdk.Item key={entry.id} value={`episode ${entry.id}`} onSelect={() => later(() => onEpisode(entry.id))}>
                <Film size={14} aria-hidden />
                <span className={styles.title}>
                  {entry.name}{' '}
                  <span className={styles.detail}>{[entry.task, entry.date].filter(Boolean).join(' · ')}</span>
                </span>
                <span className={styles.detail}>{entry.durationNs === null ? '' : formatTime(entry.durationNs)}</span>
              </Cmdk.Item>
            ))}
          </Cmdk.Group>
        ) : null}
      </Cmdk.List>
    </Cmdk>
  );
}

/** Commands that match, best first within their group. The palette and "cancel" themselves are not listed. */
function rank(query: string) {
  const listed = COMMANDS.filter((command) => command.id !== 'view.palette' && command.id !== 'app.cancel');
  if (query.trim() === '') return listed;
  return listed
    .map((command) => ({ command, score: defaultFilter(command.title, query, [command.group, command.id]) }))
    .filter(({ score }) => score > 0.01)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
}
